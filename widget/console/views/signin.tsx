// The door: login and password, and every refusal said so that one knows what to do.

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../design/button";
import { ApiError } from "../state/api";
import { signIn } from "../state/session";
import { t } from "../text";
import { Mark } from "./mark";

export function SignIn({ ended }: { ended: boolean }) {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const wait = useCountdown();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || wait.left > 0) return;
    if (!login || !password) return setProblem(t("signin.incomplete"));
    setBusy(true);
    setProblem("");
    try {
      await signIn(login, password);
    } catch (error) {
      setBusy(false);
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 429) wait.start(error.retryAfter || 30);
      setProblem(sentence(error));
      if (error.status === 401) setPassword("");
    }
  };

  return (
    <main class="door">
      <form class="door-card" onSubmit={submit} noValidate>
        <Mark />
        <h1>{t("signin.title")}</h1>
        <p class="door-lead">{ended ? t("signin.ended") : t("signin.lead")}</p>
        <label class="field">
          <span>{t("signin.login")}</span>
          <input class="input" ref={first} name="username" autocomplete="username" autocapitalize="none" spellcheck={false} value={login}
            aria-invalid={!!problem} aria-describedby="door-problem" onInput={(event) => setLogin(event.currentTarget.value)} />
        </label>
        <label class="field">
          <span>{t("signin.password")}</span>
          <input class="input" type="password" name="password" autocomplete="current-password" value={password}
            aria-invalid={!!problem} aria-describedby="door-problem" onInput={(event) => setPassword(event.currentTarget.value)} />
        </label>
        <p class="door-problem" id="door-problem" role="alert">
          {problem} {wait.left > 0 && <span class="figures">{t("signin.wait", { seconds: wait.left })}</span>}
        </p>
        <Button label={busy ? t("signin.busy") : t("signin.go")} kind="first" submit disabled={busy || wait.left > 0} />
      </form>
    </main>
  );
}

function sentence(error: ApiError): string {
  if (error.status === 0) return t("signin.unreachable");
  if (error.status === 429) return t("signin.slow");
  if (error.status === 401) return t("signin.wrong");
  return error.message || t("signin.failed");
}

/** Whole seconds until one may try again. */
function useCountdown(): { left: number; start: (seconds: number) => void } {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (!until) return;
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(seconds);
      if (!seconds) setUntil(0);
    };
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [until]);
  return { left, start: (seconds) => setUntil(Date.now() + seconds * 1000) };
}
