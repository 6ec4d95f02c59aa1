// An operator says what they know of a customer, in their own name. Nothing is overwritten: what was known stays behind it, or,
// where it was proven, before it; the dialog says which.

import { useState } from "preact/hooks";
import type { Customer } from "../../wire/console";
import { Dialog } from "../design/dialog";
import { useHub } from "../state/hub";
import { RefusedError } from "../state/outbox";
import { toast } from "../state/toasts";
import { t } from "../text";
import { nameOf, takeBack } from "./acts";
import { attribute } from "./record";

const FIELDS = ["name", "email", "phone", "company", "city", "country", "language", "note"] as const;
const OTHER = "+";

/** A name as people write it, as the hub keeps it: "Shoe size" is shoe_size. */
const keyOf = (words: string): string =>
  words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 40);

export function EditDialog({ record, field, onClose }: { record: Customer; field: string; onClose: () => void }) {
  const hub = useHub();
  const [chosen, setChosen] = useState(field || "name");
  const [own, setOwn] = useState("");
  const present = record.fields?.find((one) => one.attribute === chosen)?.chosen;
  const [value, setValue] = useState(field ? (present?.value ?? "") : "");
  const [problem, setProblem] = useState("");
  const [saving, setSaving] = useState(false);
  const key = chosen === OTHER ? keyOf(own) : chosen;
  const names = [...new Set([...FIELDS, ...(record.fields ?? []).map((one) => one.attribute)])];
  const ready = key !== "" && value.trim() !== "" && value.trim() !== present?.value && !saving;
  const save = async () => {
    setSaving(true);
    setProblem("");
    try {
      const done = await hub.outbox.run({ t: "edit", customer: record.id, field: key, value: value.trim() });
      onClose();
      toast(t("edit.done", { field: attribute(key), name: nameOf(record) }), { undo: () => void takeBack(hub, done.message!) });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const said = error.frame.fields?.["value"];
      setProblem(said && key === "email" ? t("edit.email.wrong") : said && key === "phone" ? t("edit.phone.wrong") : error.frame.message);
      setSaving(false);
    }
  };
  return (
    <Dialog title={t("edit.title", { name: nameOf(record) })} lead={t("edit.lead")} yes={t("edit.save")} ready={ready} onYes={() => void save()} onClose={onClose}>
      <label class="field"><span>{t("edit.what")}</span>
        <select class="input" value={chosen} onChange={(event) => (setChosen(event.currentTarget.value), setProblem(""))}>
          {names.map((one) => <option key={one} value={one}>{attribute(one)}</option>)}
          <option value={OTHER}>{t("edit.other")}</option>
        </select></label>
      {chosen === OTHER && (
        <label class="field"><span>{t("edit.other.name")}</span>
          <input class="input" value={own} maxLength={40} dir="auto" onInput={(event) => setOwn(event.currentTarget.value)} /></label>
      )}
      <label class="field"><span>{attribute(key || "value")}</span>
        {key === "note"
          ? <textarea class="input" rows={3} maxLength={500} value={value} dir="auto" autofocus onInput={(event) => setValue(event.currentTarget.value)} />
          : <input class="input" inputMode={key === "email" ? "email" : key === "phone" ? "tel" : "text"} value={value} maxLength={500} dir="auto" autofocus
            aria-invalid={problem !== ""} onInput={(event) => (setValue(event.currentTarget.value), setProblem(""))} />}
      </label>
      {problem && <p class="field-wrong" role="alert">{problem}</p>}
      {present?.level === "verified" && <p class="quiet">{t("edit.behind", { value: present.value })}</p>}
    </Dialog>
  );
}
