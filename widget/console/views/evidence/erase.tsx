// Erasing a person: what goes is counted first, and nothing happens before their name has been written out. There is no way back.

import { useEffect, useState } from "preact/hooks";
import type { ErasurePlan } from "../../../wire/evidence";
import { Dialog } from "../../design/dialog";
import "../../parts/evidence/words";
import { api, ApiError } from "../../state/api";
import { toast } from "../../state/toasts";
import { t } from "../../text";
import { sentence } from "../acts";

const PARTS = ["touches", "conversations", "browsers", "documents"] as const;

/** It comes when what goes has been counted, and the dialog has long given its focus. */
const focus = (field: HTMLInputElement | null): void => field?.focus();

/** The same name, however its blanks and composed letters were typed. */
const same = (a: string, b: string): boolean => a.normalize("NFKC").trim() === b.normalize("NFKC").trim();

export function EraseDialog({ customer, name, onGone, onClose }: { customer: string; name: string; onGone: () => void; onClose: () => void }) {
  const [plan, setPlan] = useState<ErasurePlan | null>(null);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const told = (error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    setProblem(sentence(error.message || t("later.failed")));
  };
  useEffect(() => void api.erasure(customer).then(setPlan, told), [customer]);
  const erase = async () => {
    if (!plan) return;
    setBusy(true);
    setProblem("");
    try {
      await api.erase(customer, plan.name);
      toast(t("erase.done", { name }));
      onClose();
      onGone();
    } catch (error) {
      told(error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("erase.title", { name })} lead={t("erase.lead")} yes={t("erase.yes")} grave ready={!busy && plan !== null && same(typed, plan.name)} onYes={() => void erase()} onClose={onClose}>
      {plan ? (
        <>
          <table class="sides">
            <caption class="unseen">{t("erase.goes")}</caption>
            <tbody>{PARTS.filter((part) => plan[part]).map((part) => <tr key={part}><th scope="row">{t(`erase.${part}`)}</th><td class="figures">{plan[part]}</td></tr>)}</tbody>
          </table>
          <label class="field"><span>{t("erase.again", { name: plan.name })}</span>
            <input class="input" value={typed} ref={focus} autocomplete="off" dir="auto" disabled={busy} onInput={(event) => setTyped(event.currentTarget.value)} /></label>
        </>
      ) : !problem && <p class="quiet" role="status">{t("loading")}</p>}
      {busy && <p class="quiet busy" role="status">{t("erase.wait")}<progress /></p>}
      {problem && <p class="field-wrong" role="alert">{problem}</p>}
    </Dialog>
  );
}
