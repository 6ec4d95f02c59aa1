// Tags: shown as small words, and edited in one field that offers what is in use. Enter or a comma puts the word on, Backspace
// in the empty field takes the last one off.

import { useEffect, useId, useState } from "preact/hooks";
import type { ConversationRow } from "../../wire/console";
import { Button } from "../design/button";
import { Dialog } from "../design/dialog";
import { Icon } from "../design/icons";
import { useHub } from "../state/hub";
import { changes, learnTags, MOST_TAGS, offered, tidy } from "../state/tags";
import { t } from "../text";
import { nameOf, tag } from "./acts";

export function Tags({ tags, most = Infinity }: { tags: readonly string[]; most?: number }) {
  if (!tags.length) return null;
  const rest = tags.length - most;
  return (
    <span class="tags" aria-label={t("tags.are", { tags: tags.join(", ") })} role="group">
      {tags.slice(0, most).map((one) => <span class="tag cut" key={one} dir="auto">{one}</span>)}
      {rest > 0 && <span class="tag figures" data-tip={tags.slice(most).join(", ")}>+{rest}</span>}
    </span>
  );
}

export function TagField({ value, onChange, autofocus = false }: { value: readonly string[]; onChange: (tags: string[]) => void; autofocus?: boolean }) {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  useEffect(() => learnTags(), []);
  const full = value.length >= MOST_TAGS;
  const options = open && !full ? offered(text, value) : [];
  const chosen = Math.min(at, options.length - 1);
  const add = (words: string) => {
    const made = words.split(",").map(tidy).filter((one) => one && !value.includes(one));
    if (made.length) onChange([...value, ...new Set(made)].slice(0, MOST_TAGS));
    setText("");
    setAt(-1);
  };
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (step && options.length) setAt((chosen + step + options.length) % options.length);
    else if (event.key === "ArrowDown" && !open) setOpen(true);
    else if (event.key === "Enter" && (chosen >= 0 || text.trim()) && !event.ctrlKey && !event.metaKey) add(chosen >= 0 ? options[chosen]! : text);
    else if (event.key === "," && text.trim()) add(text);
    else if (event.key === "Backspace" && !text && value.length) onChange(value.slice(0, -1));
    else if (event.key === "Escape" && options.length && (text || chosen >= 0)) setText(""), setAt(-1), setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="field tag-field">
      <label for={id}>{t("tags")}</label>
      <div class="tag-box">
        {value.map((one) => (
          <span class="tag" key={one}>
            <span class="cut" dir="auto">{one}</span>
            <button type="button" aria-label={t("tags.drop", { tag: one })} onClick={() => onChange(value.filter((each) => each !== one))}><Icon name="cross" /></button>
          </span>
        ))}
        <input id={id} value={text} dir="auto" role="combobox" aria-expanded={options.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list" autocomplete="off" disabled={full}
          aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined} placeholder={full ? t("tags.full", { count: MOST_TAGS }) : t("tags.add")} maxLength={80} autofocus={autofocus}
          onInput={(event) => (setText(event.currentTarget.value), setOpen(true), setAt(-1))} onFocus={() => setOpen(true)} onClick={() => setOpen(true)}
          onBlur={() => (setOpen(false), text.trim() && add(text))} onKeyDown={pressed} />
      </div>
      {/* Always as high: what is below must not move while somebody is about to press it. */}
      <div class="tag-offer"><div class="tag-list" role="listbox" id={`${id}-list`} aria-label={t("tags.offered")} hidden={!options.length} onPointerDown={(event) => event.preventDefault()}>
        {options.map((one, n) => (
          <div key={one} id={`${id}-${n}`} class="tag-option" role="option" aria-selected={n === chosen} dir="auto" onPointerMove={() => n === chosen || setAt(n)} onClick={() => add(one)}>{one}</div>
        ))}
      </div></div>
    </div>
  );
}

export function TagDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const hub = useHub();
  const before = row.tags ?? [];
  const [tags, setTags] = useState<readonly string[]>(before);
  const yes = () => {
    const { add, drop } = changes(before, tags);
    onClose();
    if (add.length || drop.length) void tag(hub, row, add, drop);
  };
  return (
    <Dialog title={t("tags.title", { name: nameOf(row) })} lead={t("tags.lead")} yes={t("tags.save")} onYes={yes} onClose={onClose}>
      <TagField value={tags} onChange={setTags} autofocus />
    </Dialog>
  );
}

/** The tags in a pane's head; a click changes them. */
export function HeadTags({ row, onEdit }: { row: ConversationRow; onEdit: () => void }) {
  const tags = row.tags ?? [];
  if (!tags.length) return null;
  return (
    <p class="pane-tags">
      <Tags tags={tags} />
      <Button label={t("tags.edit")} icon="edit" only="icon" kind="plain" small keyName="talk.tags" onClick={onEdit} />
    </p>
  );
}
