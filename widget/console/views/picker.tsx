// Canned replies at hand while one writes, by a slash at the beginning of a word; colleagues at hand in a note, by an @.

import type { RefObject } from "preact";
import type { CannedReply, ConversationRow, Id, OperatorRow } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { asked, filled, gaps, type Known } from "../state/canned";
import { type Hub, useHub } from "../state/hub";
import { called, fitting, readers } from "../state/mentions";
import { t } from "../text";
import { type Typed, TypedList, useTyped } from "./typed";

export function knownOf(hub: Hub, row: ConversationRow): Known {
  return { row, visitor: hub.visitor(row.visitor), operator: hub.me.value.name, siteNames: hub.siteNames.value };
}

export function usePicker(row: ConversationRow, area: RefObject<HTMLTextAreaElement | null>): Typed<CannedReply> {
  const hub = useHub();
  return useTyped<CannedReply>(area, {
    asked,
    find: (words) => hub.canned.find(words, row.queue),
    put: (reply) => {
      const text = filled(reply.text, knownOf(hub, row));
      hub.canned.used(reply.id);
      return { text, over: gaps(text)[0] };
    },
    always: true,
  });
}

export function PickerList({ picker, row }: { picker: Typed<CannedReply>; row: ConversationRow }) {
  const hub = useHub();
  const known = knownOf(hub, row);
  return (
    <TypedList list={picker} label={t("canned.pick")} count={t("canned.found", { count: picker.found.length })} keyOf={(reply) => reply.id} empty={t("canned.none.yet")}>
      {(reply) => (
        <>
          <span class="picker-head">
            <b dir="auto">/{reply.shortcut}</b>
            {reply.title && <span class="cut" dir="auto">{reply.title}</span>}
            <span class="tag">{t(reply.owner ? "canned.own" : "canned.shared")}</span>
          </span>
          <span class="picker-text cut" dir="auto"><Marked text={filled(reply.text, known)} /></span>
        </>
      )}
    </TypedList>
  );
}

/** Colleagues for a note; `onPick` hears whom the @ means. */
export function useCalling(row: ConversationRow, area: RefObject<HTMLTextAreaElement | null>, on: boolean, onPick: (id: Id) => void): Typed<OperatorRow> {
  const hub = useHub();
  return useTyped<OperatorRow>(area, {
    asked: (text, caret) => (on ? called(text, caret) : null),
    find: (words) => fitting(words, readers(hub.operators.value, row, hub.me.value.id)),
    put: (one) => {
      onPick(one.id);
      return { text: `@${one.name}` };
    },
  });
}

export function CallingList({ list }: { list: Typed<OperatorRow> }) {
  return (
    <TypedList list={list} label={t("mention.pick")} count={t("mention.found", { count: list.found.length })} keyOf={(one) => one.id}>
      {(one) => (
        <span class="picker-head">
          <Avatar name={one.name} seed={one.id} size="small" />
          <b class="cut" dir="auto">{one.name}</b>
          <span class="tag"><i class={`presence ${one.presence}`} /> {t(`presence.${one.presence}`)}</span>
        </span>
      )}
    </TypedList>
  );
}

/** The text, with the places that are still open marked. */
export function Marked({ text }: { text: string }) {
  let end = 0;
  const parts = gaps(text).flatMap(({ from, to }) => {
    const before = text.slice(end, from);
    end = to;
    return [before, <mark class="gap" key={from}>{text.slice(from, to)}</mark>];
  });
  return <>{parts}{text.slice(end)}</>;
}
