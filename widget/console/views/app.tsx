// Which of the three faces of the console is shown: not known yet, the door, the desk.

import { useEffect, useState } from "preact/hooks";
import { Button } from "../design/button";
import { EmptyState } from "../design/surfaces";
import { Toasts } from "../design/toast";
import { TipLayer } from "../design/tooltip";
import { HubContext } from "../state/hub";
import { begin, session } from "../state/session";
import { t } from "../text";
import { Join, tokenOf } from "./join";
import { Shell } from "./shell";
import { SignIn } from "./signin";

export function App() {
  const [token, setToken] = useState(() => tokenOf(location.hash));
  const enter = () => (setToken(null), void begin());
  const inside = session.value.is === "in";
  useEffect(() => void (inside && setToken(null)), [inside]);
  useEffect(() => {
    if (token === null) void begin();
    const opened = () => tokenOf(location.hash) && location.reload();
    addEventListener("hashchange", opened);
    return () => removeEventListener("hashchange", opened);
  }, []);
  return (
    <>
      {token !== null && !inside ? <Join token={token} onLeave={enter} /> : <Face />}
      <Toasts />
      <TipLayer />
    </>
  );
}

function Face() {
  const now = session.value;
  if (now.is === "in")
    return (
      <HubContext.Provider value={now.hub}>
        <Shell />
      </HubContext.Provider>
    );
  if (now.is === "out") return <SignIn ended={now.ended} />;
  if (now.is === "asking") return <main class="door" aria-busy="true" />;
  return (
    <main class="door">
      <EmptyState icon="alert" title={t("unreachable.title")}>
        <p>{t("unreachable.lead")}</p>
        <div class="actions"><Button label={t("again")} kind="first" onClick={() => void begin()} /></div>
      </EmptyState>
    </main>
  );
}
