// Offering help before somebody asks: a short text of the operator's own, and the last ones at hand.

import { useState } from "preact/hooks";
import type { VisitorRow } from "../../wire/console";
import { Dialog } from "../design/dialog";
import { filled, gaps, type Known } from "../state/canned";
import { mayInvite } from "../state/floor";
import { useHub } from "../state/hub";
import { t } from "../text";
import { invite, nameOf } from "./acts";

const LONGEST = 500;

export function InviteDialog({ row, onClose }: { row: VisitorRow; onClose: () => void }) {
  const hub = useHub();
  const [last] = useState(() => hub.invites.texts());
  const [text, setText] = useState(last[0] ?? t("invite.first"));
  const words = text.trim();
  const others = last.filter((one) => one !== words);
  const openings = useOpenings(row, [words, ...last]);
  const send = () => {
    onClose();
    void invite(hub, row, words);
  };
  return (
    <Dialog title={t("invite.title", { name: nameOf(row) })} lead={t("invite.lead", { page: row.title || row.url })} yes={t("invite.yes")}
      ready={words !== "" && mayInvite(row)} onYes={send} onClose={onClose}>
      <label class="field">
        <span>{t("invite.text")}</span>
        <textarea class="input" rows={3} maxLength={LONGEST} value={text} dir="auto" autofocus onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      {others.length > 0 && (
        <div class="field">
          <span>{t("invite.last")}</span>
          <ul class="texts">
            {others.map((one) => <li key={one}><button type="button" dir="auto" onClick={() => setText(one)}>{one}</button></li>)}
          </ul>
        </div>
      )}
      {openings.length > 0 && (
        <div class="field">
          <span>{t("nav.replies")}</span>
          <ul class="texts openings scroll">
            {openings.map(({ id, shortcut, text: opening }) => (
              <li key={id}><button type="button" dir="auto" onClick={() => (setText(opening), hub.canned.used(id))}><b>/{shortcut}</b> {opening}</button></li>
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  );
}

interface Opening {
  readonly id: string;
  readonly shortcut: string;
  readonly text: string;
}

/** Canned replies that can stand as an opening: short enough, and nothing left open once this visitor is put in. */
function useOpenings(row: VisitorRow, not: readonly string[]): Opening[] {
  const { canned, me, siteNames } = useHub();
  const known: Known = { row, visitor: row, operator: me.value.name, siteNames: siteNames.value };
  return canned.find("")
    .map((reply) => ({ id: reply.id, shortcut: reply.shortcut, text: filled(reply.text, known).trim() }))
    .filter(({ text }) => text.length > 0 && text.length <= LONGEST && !gaps(text).length && !not.includes(text));
}
