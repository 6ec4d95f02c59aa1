// Everything that was ever decided about who is who and what is true, the newest first: who, when, why, and whether it was taken back.

import { useEffect, useState } from "preact/hooks";
import type { DecisionRow } from "../../../wire/console";
import { Button } from "../../design/button";
import { EmptyState } from "../../design/surfaces";
import { api } from "../../state/api";
import { useHub } from "../../state/hub";
import { toast } from "../../state/toasts";
import { t } from "../../text";
import { revoke } from "../acts";
import { Decision } from "../customer";

export function Decisions() {
  const hub = useHub();
  const [rows, setRows] = useState<readonly DecisionRow[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const load = (before: string | null) =>
    api.decisions(before).then(
      (page) => {
        setRows((found) => [...(before ? (found ?? []) : []), ...(page.items ?? [])]);
        setNext(page.next ?? null);
      },
      () => toast(t("later.failed"), { bad: true }),
    );
  useEffect(() => void load(null), []);
  const undo = async (id: string) => {
    await revoke(hub, id);
    await load(null);
  };
  return (
    <>
      <p class="file-lead">{t("decisions.lead")}</p>
      {rows === null ? <p class="quiet" role="status">{t("loading")}</p>
        : rows.length === 0 ? <EmptyState icon="link" title={t("decisions.none")}><p>{t("decisions.none.how")}</p></EmptyState>
        : <ul class="decisions" aria-label={t("decisions.label")}>{rows.map((one) => <Decision key={one.id} one={one} onUndo={() => void undo(one.id)} />)}</ul>}
      {next && <Button label={t("decisions.more")} small onClick={() => void load(next)} />}
    </>
  );
}
