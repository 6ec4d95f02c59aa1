// The command bar: one field from which everything is reached. Commands come from the table of keys, people and words from
// what the tab already has and from search.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { Keys } from "../design/button";
import { Icon, type IconName } from "../design/icons";
import { sought } from "../state/floor";
import { type Hub, useHub } from "../state/hub";
import { isBound, KEYS, type KeyName, runKey } from "../state/keys";
import { chosen, lookAt } from "../state/looking";
import { useSearch } from "../state/seeking";
import { t } from "../text";
import { nameOf } from "./acts";
import { Pieces } from "./pieces";

interface Entry {
  key: string;
  icon: IconName;
  name: ComponentChildren;
  more?: ComponentChildren;
  run: () => void;
}

const PER_KIND = 5;

export function CommandBar({ onClose }: { onClose: () => void }) {
  const hub = useHub();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const found = useSearch(words).page.value;
  const customers: Entry[] = (found?.customers ?? []).slice(0, PER_KIND).map(({ id: who, name, text, conversations }) => {
    const talk = conversations?.[0];
    // Who never talked has a record all the same.
    const record = () => (lookAt(who), hub.desk.go("visitors"));
    return { key: `who-${who}`, icon: "person", name: nameOf({ name }), more: <Pieces text={text} />, run: () => (talk ? hub.desk.open(talk.id) : record()) };
  });
  const talks: Entry[] = (found?.talks ?? []).slice(0, PER_KIND).map(({ conversation, seq, text }) => ({
    key: `said-${conversation.id}-${seq}`, icon: "desk", name: nameOf(conversation), more: <Pieces text={text} />, run: () => hub.desk.openAt(conversation.id, seq),
  }));
  const entries = [...here(hub, words), ...visitors(hub, words), ...commands(words), ...customers, ...talks];
  const current = Math.min(at, entries.length - 1);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  useEffect(() => box.current?.querySelector("[aria-selected=true]")?.scrollIntoView?.({ block: "nearest" }), [current]);
  // What a command opens must find the bar gone, or its dialog would lie beneath it.
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    box.current?.close();
    onClose();
    setTimeout(entry.run);
  };
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && entries.length) setAt((current + step + entries.length) % entries.length);
    else if (event.key === "Enter" && !event.isComposing) run(entries[current]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog class="command" ref={box} aria-label={t("command")} onClose={onClose} onClick={(event) => event.target === box.current && onClose()}>
      <div class="command-field">
        <Icon name="search" />
        <input class="input" role="combobox" aria-expanded="true" aria-controls={id} aria-autocomplete="list" aria-label={t("command")} dir="auto" autoFocus
          aria-activedescendant={entries.length ? `${id}-${current}` : undefined} value={words} placeholder={t("command.hint")} maxLength={200}
          onInput={(event) => (setWords(event.currentTarget.value), setAt(0))} onKeyDown={walk} />
      </div>
      <div class="command-list scroll" role="listbox" id={id} aria-label={t("command.list")}>
        {entries.map((entry, n) => (
          <div key={entry.key} id={`${id}-${n}`} class="command-entry" role="option" aria-selected={n === current} onPointerMove={() => n === current || setAt(n)} onClick={() => run(entry)}>
            <Icon name={entry.icon} /><span class="cut" dir="auto">{entry.name}</span><span class="command-more cut" dir="auto">{entry.more}</span>
          </div>
        ))}
      </div>
      {!entries.length && <p class="inbox-none" role="status">{t("find.none")}</p>}
    </dialog>
  );
}

const fits = (text: string, words: string): boolean => {
  const own = text.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every((word) => own.includes(word));
};

function here(hub: Hub, words: string): Entry[] {
  if (!words.trim()) return [];
  return hub.conversations.value.filter((row) => fits(`${row.name} ${row.last_text ?? ""}`, words.trim())).slice(0, PER_KIND).map((row) => ({
    key: `talk-${row.id}`, icon: "desk", name: nameOf(row), more: row.last_text, run: () => hub.desk.open(row.id),
  }));
}

function visitors(hub: Hub, words: string): Entry[] {
  if (!words.trim()) return [];
  return sought(hub.visitors.value, words).slice(0, PER_KIND).map((row) => ({
    key: `visitor-${row.id}`, icon: "eye", name: nameOf(row), more: row.title || row.url,
    run: () => {
      chosen.value = row.id;
      hub.desk.go("visitors");
    },
  }));
}

/** Everything a key would do now; places to go first. */
function commands(words: string): Entry[] {
  const names = (Object.keys(KEYS) as KeyName[]).filter((name) => name !== "all.command" && isBound(name));
  const area = (name: KeyName) => Number(!name.startsWith("area."));
  return names.sort((a, b) => area(a) - area(b)).filter((name) => fits(t(`key.${name}`), words.trim())).map((name) => ({
    key: name, icon: name.startsWith("area.") ? "right" : "keys", name: t(`key.${name}`), more: <Keys keys={KEYS[name]} />, run: () => runKey(name),
  }));
}
