// Where an operator writes: to the customer, or a note that only colleagues see. What can be done here depends on whose
// conversation it is; the draft is kept at every keystroke.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ConversationRow } from "../../wire/console";
import { MAX_TEXT } from "../../wire/common";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { gaps } from "../state/canned";
import { useHub } from "../state/hub";
import { KEYS, useKey } from "../state/keys";
import { useAgain, useSheet } from "../state/sheet";
import { t } from "../text";
import { answer, mayRule, nameOf, reopen, take, takeOver } from "./acts";
import { mentioned, readers } from "../state/mentions";
import { onDemand } from "./later";
import { CallingList, Marked, PickerList, useCalling, usePicker } from "./picker";
import { PushDialog } from "./pushpage";
import { FileButton, Tray, useFiles } from "./tray";
import { goOn } from "./urgency";

const Goes = onDemand(async () => (await import("./ways/goes")).Goes);
const AgainMark = onDemand(async () => (await import("./sheet/mark")).AgainMark);

const TALLEST = 200;
const NEAR_END = MAX_TEXT - 800;

interface Props {
  row: ConversationRow;
  /** Who types or looks, in words; the line is always there so that nothing moves. */
  live: ComponentChildren;
}

export function Composer({ row, live }: Props) {
  const hub = useHub();
  const draft = hub.drafts.all.value.get(row.id);
  const text = draft?.text ?? "";
  const waiting = row.status === "waiting";
  const canReply = waiting || (row.status === "open" && row.operator === hub.me.value.id);
  const note = !canReply || (draft?.note ?? false);
  const area = useRef<HTMLTextAreaElement>(null);
  const tooLong = text.length > MAX_TEXT;
  const canned = usePicker(row, area);
  const picked = useRef<string[]>([]);
  const calling = useCalling(row, area, note, (id) => picked.current.push(id));
  const list = calling.open ? calling : canned;
  const open = note ? [] : gaps(text);

  useSheet(row);
  const asked = useAgain(row, text, note);

  useLayoutEffect(() => grow(area.current), [text]);
  const write = (next: string, asNote = draft?.note ?? false) => {
    const chosen = new Set([...(hub.drafts.get(row.id)?.mentions ?? []), ...picked.current]);
    // Words that were begun as a note stay one when the conversation becomes mine: nothing may turn them into an answer but a hand.
    hub.drafts.set(row.id, next, canReply ? asNote : next !== "", next ? [...chosen] : []);
    picked.current = [];
  };
  const look = () => (canned.look(), calling.look());
  const shut = () => (canned.shut(), calling.shut());
  const setNote = (on: boolean) => {
    write(text, on);
    area.current?.focus();
  };
  const input = (next: string) => {
    write(next);
    hub.desk.pin(row.id);
    if (!note) hub.cursors.typing(row.id, next.trim() !== "");
  };
  /** A canned reply's open place must be written over before anybody reads it. */
  const toGap = () => {
    const first = gaps(area.current?.value ?? "")[0];
    area.current?.focus();
    if (first) area.current?.setSelectionRange(first.from, first.to);
  };
  /** Puts words where the hand is. */
  const put = (words: string) => {
    const { current } = area;
    if (!current) return;
    current.focus();
    current.setRangeText(words, current.selectionStart, current.selectionEnd, "end");
    current.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const slash = () => {
    const { current } = area;
    if (!current) return;
    current.focus();
    put(current.selectionStart && !/\s/.test(current.value[current.selectionStart - 1]!) ? " /" : "/");
  };
  const send = () => {
    const words = (area.current?.value ?? "").trim(); // not `text`: Enter may come before the last letter was drawn
    if (words.length > MAX_TEXT || hub.uploads.busy(row.id)) return;
    if (!note && gaps(words).length) return toGap();
    if (!note && !asked.passes(words)) return;
    const files = hub.uploads.take(row.id);
    if (!words && !files.length) return;
    hub.cursors.typing(row.id, false);
    const called = note ? mentioned(words, readers(hub.operators.peek(), row, hub.me.peek().id), hub.drafts.get(row.id)?.mentions ?? []) : [];
    hub.drafts.set(row.id, "", false);
    answer(hub, row, words, note, files, called);
    hub.desk.pin(row.id);
    if (!note && hub.habits.goOn.peek()) goOn(hub);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || canned.pressed(event) || calling.pressed(event)) return;
    if (event.key === "Enter" && !event.shiftKey) event.preventDefault(), send();
    else if (event.key === "Escape") area.current?.closest<HTMLElement>(".pane")?.focus();
    else if (event.altKey && event.code === "KeyN" && canReply) event.preventDefault(), setNote(!note);
  };
  const files = useFiles(row.id, true);
  const picker = useRef<HTMLInputElement>(null);
  const [offering, setOffering] = useState(false);
  const uploads = hub.uploads.of(row.id);
  const uploading = hub.uploads.busy(row.id);
  const ready = !tooLong && !open.length && !uploading && (text.trim() !== "" || uploads.some((one) => one.attachment));
  const mayOffer = canReply && row.visitor != null;
  const eye = () => hub.desk.eyeOn(row.id);
  useKey("talk.attach", () => picker.current?.click(), eye);
  useKey("talk.push", () => setOffering(true), () => eye() && mayOffer);
  useKey("talk.note", () => setNote(canReply ? !note : true), eye);
  useKey("talk.write", () => area.current?.focus(), eye);

  return (
    <footer class={`composer-place${files.over ? " over" : ""}`} onDragOver={files.onDragOver} onDragLeave={files.onDragLeave} onDrop={files.onDrop}>
      <p class="live" role="status">{live}</p>
      <Wishes row={row} />
      <Standing row={row} />
      {!note && <Goes row={row} />}
      <div class={`composer${note ? " note" : ""}`}>
        {calling.open ? <CallingList list={calling} /> : <PickerList picker={canned} row={row} />}
        <div class="composer-text">
        {open.length > 0 && <Behind area={area.current} text={text} />}
        <textarea ref={area} rows={1} value={text} dir="auto" enterkeyhint="send"
          placeholder={t(note ? "composer.note" : waiting ? "composer.first" : "composer.reply", { name: nameOf(row) })}
          aria-label={note ? t("composer.note.label") : t("composer.label", { name: nameOf(row) })}
          aria-keyshortcuts={KEYS["talk.write"]} aria-autocomplete="list" aria-invalid={open.length > 0}
          aria-controls={list.open && list.found.length ? list.id : undefined}
          aria-activedescendant={list.open && list.found.length ? `${list.id}-${list.chosen}` : undefined}
          onKeyUp={look} onClick={look} onBlur={shut}
          onInput={(event) => (input(event.currentTarget.value), look())} onKeyDown={pressed} onPaste={files.onPaste} />
        </div>
        {open.length > 0 && (
          <p class="gap-line" role="alert">
            <span>{t("canned.open")}</span>
            <Button label={t(`variable.${open[0]!.name}`)} small onClick={toGap} />
          </p>
        )}
        {asked.found.length > 0 && <AgainMark found={asked.found} held={asked.held} onInsert={put} />}
        <Tray conversation={row.id} />
        <div class="composer-tools">
          <FileButton input={picker} onFiles={(list) => (files.take(list), area.current?.focus())} />
          <Button label={t("composer.attach")} icon="clip" only="icon" kind="plain" small keyName="talk.attach" onClick={() => picker.current?.click()} />
          <Button label={t("canned.pick")} icon="canned" only="icon" kind="plain" small keyName="talk.canned" onClick={slash} />
          {mayOffer && !note && <Button label={t("push.open")} icon="page" only="icon" kind="plain" small keyName="talk.push" onClick={() => setOffering(true)} />}
          {canReply && (
            <Button label={t("composer.mode")} icon="note" only="icon" kind="plain" small keyName="talk.note" pressed={note} onClick={() => setNote(!note)} />
          )}
          {note && <span class="composer-mode">{t("note.only")}</span>}
          <span class={`composer-count figures${tooLong ? " over" : ""}`} role="status">
            {text.length > NEAR_END ? t("composer.left", { count: MAX_TEXT - text.length }) : uploading ? t("composer.uploading") : ""}
          </span>
          <button type="button" class="send" aria-label={note ? t("composer.save") : t("composer.send")}
            data-tip={note ? t("composer.save") : t("composer.send")} data-key="enter" disabled={!ready} onPointerDown={(event) => event.preventDefault()} onClick={send}>
            <Icon name={note ? "check" : "send"} />
          </button>
        </div>
        {files.over && <p class="drop-here">{t("composer.drop")}</p>}
      </div>
      {offering && <PushDialog row={row} onClose={() => setOffering(false)} />}
    </footer>
  );
}

/** The same words behind the text, invisible but for the marks of what is still open. */
function Behind({ area, text }: { area: HTMLTextAreaElement | null; text: string }) {
  const behind = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const follow = () => {
      if (!area || !behind.current) return;
      behind.current.style.width = `${area.clientWidth}px`;
      behind.current.scrollTop = area.scrollTop;
    };
    follow();
    area?.addEventListener("scroll", follow);
    return () => area?.removeEventListener("scroll", follow);
  }, [area, text]);
  return <div class="composer-behind" ref={behind} dir="auto" aria-hidden="true"><Marked text={text} />{"\n"}</div>;
}


/** Where the customer wants the answer, and how they found it: what must not be missed while one writes. */
function Wishes({ row }: { row: ConversationRow }) {
  const by = row.answer_by ?? "here";
  const score = row.score ?? null;
  if (by === "here" && score === null) return null;
  return (
    <div class="wishes">
      {by !== "here" && <p><Icon name={by === "email" ? "mail" : "phone"} /> {t(`answer.${by}`)}</p>}
      {score !== null && (
        <p>
          <span class="stars" role="img" aria-label={t("rating", { score })}>{[1, 2, 3, 4, 5].map((at) => <span key={at} class={at <= score ? "on" : ""}><Icon name="star" /></span>)}</span>
          {row.remark && <q dir="auto">{row.remark}</q>}
        </p>
      )}
    </div>
  );
}

/** Whose conversation this is, when it is not mine, and the one thing to do about it. */
function Standing({ row }: { row: ConversationRow }) {
  const hub = useHub();
  const me = hub.me.value.id;
  if (row.status === "open" && row.operator === me) return null;
  // Said before one writes: at the limit an answer is refused.
  const load = hub.conversations.value.filter((one) => one.status === "open" && one.operator === me).length;
  const limit = hub.me.value.limit ?? load + 1;
  const full = load >= limit ? t("load.full", { load, limit }) : "";
  if (row.status === "closed")
    return (
      <div class="standing">
        <span>{row.outcome ? t("standing.closed.as", { outcome: t(`outcome.${row.outcome}`) }) : t("standing.closed")}</span>
        <Button label={t("reopen")} keyName="talk.reopen" onClick={() => void reopen(hub, row.id)} />
      </div>
    );
  if (row.status === "waiting")
    return (
      <div class="standing">
        <span>{t("standing.waiting")}{full && <b class="full"> {t("inbox.mine")}: {full}</b>}</span>
        <Button label={t("take")} kind="first" keyName="talk.take" onClick={() => void take(hub, row)} />
      </div>
    );
  return (
    <div class="standing">
      <span dir="auto">{t("standing.other", { name: row.operator_name ?? "" })}</span>
      {mayRule(hub, row) && <Button label={t("take.over")} keyName="talk.take" onClick={() => void takeOver(hub, row)} />}
    </div>
  );
}

/** As tall as its words, up to a point. */
function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${Math.min(TALLEST, area.scrollHeight)}px`;
}
