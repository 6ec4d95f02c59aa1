// The page behind a link that works once: somebody new chooses a name, a login and a password; somebody known a new password.
// The token stands in the address's fragment, which no browser sends to a server, and leaves it as soon as it was used.

import { useEffect, useState } from "preact/hooks";
import type { OpenedLink } from "../../wire/console";
import { Button } from "../design/button";
import { EmptyState } from "../design/surfaces";
import { api, ApiError } from "../state/api";
import { useLink } from "../state/session";
import { t } from "../text";
import { passwordProblem, SHORTEST } from "./access";
import { Mark } from "./mark";

const LINK = /^#(?:join|reset)\/([A-Za-z0-9_-]{16,64})$/;

/** The token of the link this page was opened by, or null. */
export const tokenOf = (hash: string): string | null => LINK.exec(hash)?.[1] ?? null;

export function Join({ token, onLeave }: { token: string; onLeave: () => void }) {
  const [opened, setOpened] = useState<OpenedLink | null>(null);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const look = () => {
    setFailed(null);
    api.lookLink(token).then(setOpened, (error: unknown) => setFailed(error as ApiError));
  };
  useEffect(look, [token]);
  const leave = () => {
    history.replaceState(null, "", location.pathname);
    onLeave();
  };
  if (failed)
    return (
      <main class="door">
        <EmptyState icon="link" title={t(failed.status === 404 ? "join.none" : "unreachable.title")}>
          <p>{failed.status === 404 ? t("join.none.lead") : failed.message || t("unreachable.lead")}</p>
          <div class="actions">
            {failed.status === 404 ? <Button label={t("join.leave")} kind="first" onClick={leave} /> : <Button label={t("again")} kind="first" onClick={look} />}
          </div>
        </EmptyState>
      </main>
    );
  return opened ? <Form token={token} login={opened.login ?? ""} /> : <main class="door" aria-busy="true" />;
}

function Form({ token, login: known }: { token: string; login: string }) {
  const [name, setName] = useState("");
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (!known && (!name.trim() || !login)) return setProblem(t("join.incomplete"));
    if (password.length < SHORTEST) return setProblem(t("access.password.hint"));
    setBusy(true);
    setProblem("");
    try {
      await useLink({ token, password, ...(known ? {} : { name: name.trim(), login }) });
    } catch (error) {
      setBusy(false);
      if (!(error instanceof ApiError)) throw error;
      setProblem(passwordProblem(error));
    }
  };
  return (
    <main class="door">
      <form class="door-card" onSubmit={submit} noValidate>
        <Mark />
        <h1>{t(known ? "join.reset" : "join.title")}</h1>
        <p class="door-lead">{t(known ? "join.reset.lead" : "join.lead")}</p>
        {!known && (
          <label class="field">
            <span>{t("join.name")}</span>
            <input class="input" name="name" autocomplete="name" maxLength={80} dir="auto" autofocus value={name} aria-invalid={!!problem} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
        )}
        <label class="field">
          <span>{t("signin.login")}</span>
          <input class="input" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} maxLength={80} value={login} readOnly={!!known}
            aria-invalid={!!problem} onInput={(event) => setLogin(event.currentTarget.value.replace(/\s/g, ""))} />
        </label>
        <label class="field">
          <span>{t("access.password.new")}</span>
          <input class="input" type="password" name="password" autocomplete="new-password" value={password} aria-invalid={!!problem} aria-describedby="join-hint"
            onInput={(event) => setPassword(event.currentTarget.value)} />
        </label>
        <p class="quiet" id="join-hint">{t("access.password.hint")}</p>
        <p class="door-problem" role="alert">{problem}</p>
        <Button label={busy ? t("signin.busy") : t(known ? "join.reset.go" : "join.go")} kind="first" submit disabled={busy} />
      </form>
    </main>
  );
}
