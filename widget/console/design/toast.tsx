// The sentences of state/toasts.ts on the screen: read out politely, gone after a while, waiting under the pointer.

import { useEffect, useState } from "preact/hooks";
import { dismiss, type Toast, toasts } from "../state/toasts";
import { t } from "../text";
import { Button } from "./button";

const STAYS = 7_000;

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((one) => <OneToast key={one.id} toast={one} />)}
    </div>
  );
}

function OneToast({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(toast.id), STAYS);
    return () => clearTimeout(timer);
  }, [held, toast.id]);
  const undo = () => {
    dismiss(toast.id);
    toast.undo?.();
  };
  const go = () => {
    dismiss(toast.id);
    toast.go?.run();
  };
  return (
    <div class="toast" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      <span>{toast.text}</span>
      {toast.undo && <Button label={t("undo")} keyName="all.undo" onClick={undo} />}
      {toast.go && <Button label={toast.go.label} onClick={go} />}
      <Button label={t("dismiss")} icon="cross" only="icon" kind="plain" small onClick={() => dismiss(toast.id)} />
    </div>
  );
}
