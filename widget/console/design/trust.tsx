// How sure we are, everywhere in the same way: ● verified · ◐ observed · ○ asserted.

import type { Level } from "../../wire/console";
import { t } from "../text";

export function TrustDot({ level, detail = "" }: { level: Level; detail?: string }) {
  const label = t(`trust.${level}`);
  const tip = [`${label}: ${t(`trust.${level}.means`)}`, detail].filter(Boolean).join("\n");
  return (
    <span class={`trust ${level}`} role="img" aria-label={label} data-tip={tip} tabIndex={detail ? 0 : undefined}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="4" fill={level === "verified" ? "currentColor" : "none"} stroke="currentColor" stroke-width="1.5" />
        {level === "observed" && <path d="M5 1a4 4 0 0 1 0 8z" fill="currentColor" />}
      </svg>
    </span>
  );
}
