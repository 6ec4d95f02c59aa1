// The switch for being called while the console is closed, with what stands against it said in words, and a test.

import { useState } from "preact/hooks";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { api, ApiError } from "../state/api";
import { callMe, callMeNot, type Closed, closed } from "../state/closed";
import { useHub } from "../state/hub";
import { browserKind } from "../state/notify";
import { t } from "../text";

export function ClosedRow() {
  const me = useHub().me.value.id;
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState<string | null>(null);
  const state = closed.value;
  const on = state.is === "on";
  const run = (what: () => Promise<void>) => () => {
    setBusy(true);
    setSent(null);
    void what().finally(() => setBusy(false));
  };
  const test = () => api.webpushTest().then(() => setSent(""), (error: unknown) => setSent(error instanceof ApiError ? error.message : String(error)));
  const none = state.is === "missing" || state.is === "apple" || state.is === "hub" || state.is === "asking";
  return (
    <li>
      <span class="test-name">{t("closed.name")}</span>
      {!none && <Button label={t(on ? "closed.stop" : "closed.go")} small disabled={busy} onClick={run(on ? callMeNot : () => callMe(me, false))} />}
      <p class={`test-result${on ? " ok" : none || state.is === "off" ? "" : " bad"}`} role="status">
        {on && <Icon name="check" />} {sentence(state)}
      </p>
      {on && (
        <div class="test-ask">
          <label class="check">
            <input type="checkbox" checked={state.words} disabled={busy} onChange={(event) => run(() => callMe(me, (event.target as HTMLInputElement).checked))()} />
            {t("closed.words")}
          </label>
          <Button label={t("closed.test")} small disabled={busy} onClick={run(test)} />
        </div>
      )}
      {sent !== null && <p class={`test-result${sent ? " bad" : ""}`} role="status">{sent ? t("closed.failed", { why: sent }) : t("closed.sent")}</p>}
      <p class="test-result quiet">{t("closed.lead")}</p>
    </li>
  );
}

function sentence(state: Closed): string {
  if (state.is === "hub") return t("closed.hub", { why: state.why });
  if (state.is === "failed") return t("closed.failed", { why: state.why });
  if (state.is === "denied") return t(`cure.denied.${browserKind()}`);
  return state.is === "asking" ? t("loading") : t(`closed.is.${state.is}`);
}
