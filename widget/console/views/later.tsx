// A view that few need, loaded when somebody goes there: everybody else does not pay for it.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../design/button";
import { toast } from "../state/toasts";
import { wordsAreHere } from "../language";
import { t } from "../text";

/** The view, once what it says has come as well. */
async function spoken<V>(load: () => Promise<V>): Promise<V> {
  const view = await load();
  await wordsAreHere();
  return view;
}

export function later(load: () => Promise<ComponentType>): ComponentType {
  let View: ComponentType | null = null;
  return function Later() {
    const [tries, setTries] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (View) return;
      setFailed(false);
      spoken(load).then((found) => {
        View = found;
        setTries(-1);
      }, () => setFailed(true));
    }, [tries]);
    if (View) return <View />;
    return (
      <main class="page" aria-busy={!failed}>
        {failed && <div class="empty" role="alert"><p>{t("later.failed")}</p><Button label={t("later.again")} onClick={() => setTries(tries + 1)} /></div>}
      </main>
    );
  };
}

/** A part of a view, as a dialog, that is loaded with its first use; until it is there nothing is shown of it. */
export function onDemand<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let View: ComponentType<P> | null = null;
  return function OnDemand(props: P) {
    const [, setCame] = useState(View !== null);
    useEffect(() => {
      if (!View)
        spoken(load).then((found) => {
          View = found;
          setCame(true);
        }, () => toast(t("later.failed"), { bad: true }));
    }, []);
    return View ? <View {...props} /> : null;
  };
}
