// Canned replies from a file: read by the hub whole or not at all, and every problem shown at once with its place.

import { useState } from "preact/hooks";
import { Choices, Dialog } from "../design/dialog";
import { api, ApiError } from "../state/api";
import { useHub } from "../state/hub";
import { toast } from "../state/toasts";
import { t } from "../text";

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const hub = useHub();
  const admin = hub.me.value.role === "admin";
  const [shared, setShared] = useState(admin);
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ words: string; places: [string, string][] } | null>(null);

  const load = async () => {
    if (!file || busy) return;
    setBusy(true);
    try {
      const type = /\.json$/i.test(file.name) || file.type === "application/json" ? "application/json" : "text/csv";
      const { added, changed } = await api.loadCanned(shared ? "shared" : "own", await file.text(), type);
      toast(t("canned.imported", { added, changed }));
      onClose();
    } catch (error) {
      const refused = error instanceof ApiError ? error : null;
      setProblem({ words: refused?.message || t("canned.import.failed"), places: Object.entries(refused?.fields ?? {}) });
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("canned.import")} lead={t("canned.import.lead")} yes={t("canned.import.yes")} wide ready={!!file && !busy} onYes={() => void load()} onClose={onClose}>
      {admin && (
        <Choices name="whose" label={t("canned.whose")} value={shared ? "shared" : "own"} onChange={(one) => setShared(one === "shared")}
          options={[{ value: "shared", body: <b>{t("canned.shared")}</b> }, { value: "own", body: <b>{t("canned.own")}</b> }]} />
      )}
      <label class="field">
        <span>{t("canned.import.file")}</span>
        <input class="input" type="file" accept=".csv,.json,text/csv,application/json" onChange={(event) => (setFile(event.currentTarget.files?.[0] ?? null), setProblem(null))} />
      </label>
      {problem && (
        <div class="file-problems" role="alert">
          <p><bdi>{problem.words}</bdi></p>
          {problem.places.length > 0 && <ul>{problem.places.map(([place, words]) => <li key={place}><b>{place}</b> <bdi>{words}</bdi></li>)}</ul>}
        </div>
      )}
    </Dialog>
  );
}
