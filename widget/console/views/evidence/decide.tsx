// One decision about who is who or what is true: said in a sentence, seen before it is taken, with a note for colleagues.

import { useState } from "preact/hooks";
import type { Deciding } from "../../../wire/evidence";
import { Dialog } from "../../design/dialog";
import { useHub } from "../../state/hub";
import { t } from "../../text";
import { decideThis } from "../acts";
import { isReady, PreviewOf, usePreview } from "./preview";

export interface Question {
  readonly wish: Deciding;
  readonly title: string;
  readonly lead: string;
  readonly yes: string;
  /** What a toast says of it afterwards. */
  readonly done: string;
}

export function DecideDialog({ ask, onClose }: { ask: Question; onClose: () => void }) {
  const hub = useHub();
  const [note, setNote] = useState("");
  const looked = usePreview(ask.wish);
  const yes = () => {
    onClose();
    void decideThis(hub, ask.wish, note.trim(), ask.done);
  };
  return (
    <Dialog title={ask.title.charAt(0).toLocaleUpperCase() + ask.title.slice(1)} lead={ask.lead} yes={ask.yes} wide ready={isReady(looked)} onYes={yes} onClose={onClose}>
      <PreviewOf looked={looked} />
      <NoteField value={note} onChange={setNote} />
    </Dialog>
  );
}

export function NoteField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <label class="field">
      <span>{t("decide.note")}</span>
      <input class="input" maxLength={1000} value={value} dir="auto" placeholder={t("decide.note.hint")} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}
