// A button says what it does, shows its key in the tooltip, and is one of few kinds: the first thing to do here, an
// ordinary one, a plain one without a frame, a grave one.

import type { ComponentChildren } from "preact";
import { KEYS, type KeyName } from "../state/keys";
import { Icon, type IconName } from "./icons";

interface Props {
  /** Shown as text, or as label and tooltip when there is only an icon. */
  label: string;
  icon?: IconName;
  kind?: "first" | "plain" | "grave" | "";
  only?: "icon";
  small?: boolean;
  keyName?: KeyName;
  tip?: string;
  pressed?: boolean;
  disabled?: boolean;
  submit?: boolean;
  expanded?: boolean;
  onClick?: (event: MouseEvent) => void;
  children?: ComponentChildren;
}

export function Button(props: Props) {
  const { label, icon, kind = "", only, small, keyName, pressed, disabled, submit, expanded, onClick, children } = props;
  const tip = props.tip ?? (only || keyName ? label : undefined);
  return (
    <button
      type={submit ? "submit" : "button"}
      class={`button ${kind}${only ? " icon" : ""}${small ? " small" : ""}`}
      disabled={disabled}
      aria-label={only ? label : undefined}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-haspopup={expanded === undefined ? undefined : "menu"}
      aria-keyshortcuts={keyName ? KEYS[keyName] : undefined}
      data-tip={tip}
      data-key={keyName ? KEYS[keyName] : undefined}
      onClick={onClick}
    >
      {icon && <Icon name={icon} />}
      {!only && <span>{label}</span>}
      {children}
    </button>
  );
}

/** Keys as they are printed on keyboards: one box each. */
export function Keys({ keys }: { keys: string }) {
  return (
    <>
      {keys.split(" ").map((key, at) => (key === "–" ? <span key={at}> – </span> : <kbd class="key" key={at}>{key}</kbd>))}
    </>
  );
}
