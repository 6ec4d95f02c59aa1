// Getting in, for oneself: when one is away by itself, the password, and the browsers one is signed in with.

import { useEffect, useState } from "preact/hooks";
import type { SessionRow } from "../../wire/console";
import { Button } from "../design/button";
import { Dialog } from "../design/dialog";
import { Time } from "../design/time";
import { api, ApiError } from "../state/api";
import { useHub } from "../state/hub";
import { toast } from "../state/toasts";
import { t } from "../text";
import { act } from "./acts";

const MINUTES = [0, 2, 5, 10, 15, 30, 60] as const;

export function AccessDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("access.title")} onClose={onClose}>
      <Resting />
      <Password />
      <h3 class="access-title">{t("sessions")}</h3>
      <Sessions />
    </Dialog>
  );
}

function Resting() {
  const hub = useHub();
  const idle = hub.me.value.idle ?? 10;
  const offered = [...new Set([...MINUTES, idle])].sort((a, b) => a - b);
  return (
    <label class="field">
      <span>{t("access.idle")}</span>
      <select class="input" name="idle" value={String(idle)} onChange={(event) => void act(hub, { t: "idle", minutes: Number(event.currentTarget.value) })}>
        {offered.map((one) => <option key={one} value={String(one)}>{one ? t("access.idle.minutes", { count: one }) : t("access.idle.never")}</option>)}
      </select>
    </label>
  );
}

function Password() {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [problem, setProblem] = useState("");
  const go = async () => {
    setProblem("");
    try {
      await api.password(old, next);
      setOld("");
      setNext("");
      toast(t("access.password.done"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(passwordProblem(error));
    }
  };
  return (
    <div class="access" role="group" aria-label={t("access.password")}>
      <label class="field">
        <span>{t("access.password.old")}</span>
        <input class="input" type="password" name="old" autocomplete="current-password" value={old} onInput={(event) => setOld(event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{t("access.password.new")}</span>
        <input class="input" type="password" name="new" autocomplete="new-password" value={next} aria-describedby="access-hint" onInput={(event) => setNext(event.currentTarget.value)} />
      </label>
      <p class="quiet" id="access-hint">{t("access.password.hint")}</p>
      {problem && <p class="field-wrong" role="alert">{problem}</p>}
      <Button label={t("access.password.go")} disabled={!old || next.length < SHORTEST} onClick={() => void go()} />
    </div>
  );
}

/** Characters of a new password. */
export const SHORTEST = 10;

export function passwordProblem(error: ApiError): string {
  if (error.status === 0) return t("signin.unreachable");
  if (error.status === 401) return t("access.password.wrong");
  if (error.status === 429) return t("signin.slow");
  return error.message || t("signin.failed");
}

/** The browsers one, or with `of` somebody else, is signed in with. */
export function Sessions({ of }: { of?: string }) {
  const [items, setItems] = useState<readonly SessionRow[] | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () =>
    api.sessions(of).then(
      (page) => setItems(page.items),
      () => setFailed(true),
    );
  useEffect(() => void load(), [of]);
  const end = (session?: string) => void api.endSessions(of, session).then(load, () => setFailed(true));
  const others = items?.filter((one) => !one.mine) ?? [];
  return (
    <div class="access" role="group" aria-label={t("sessions")} aria-busy={items === null && !failed}>
      {failed && <p class="field-wrong" role="alert">{t("signin.failed")}</p>}
      <ul class="sessions">
        {items?.map((one) => (
          <li key={one.id}>
            <span class="cut" data-tip={one.agent || undefined}>{browserOf(one.agent ?? "")}</span>
            <span class="quiet">{one.mine ? t("sessions.mine") : <>{t("sessions.used")} <Time at={one.used} /></>}</span>
            {!one.mine && <Button label={t("sessions.end.of", { name: browserOf(one.agent ?? "") })} tip={t("sessions.end")} icon="cross" only="icon" kind="plain" small onClick={() => end(one.id)} />}
          </li>
        ))}
      </ul>
      {items && !items.length && <p class="quiet">{t("sessions.none")}</p>}
      {others.length > 1 && <Button label={t(of ? "sessions.end.all" : "sessions.end.others")} onClick={() => end()} />}
    </div>
  );
}

/** Every browser also calls itself by the names of older ones: the one that says most stands first. */
const BROWSERS = [["Edg", "Edge"], ["OPR", "Opera"], ["Firefox", "Firefox"], ["CriOS", "Chrome"], ["Chrome", "Chrome"], ["Safari", "Safari"]] as const;
const SYSTEMS = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], ["Mac OS X", "macOS"], ["CrOS", "ChromeOS"], ["Linux", "Linux"]] as const;

/** "Firefox, Linux" out of what a browser calls itself; the whole of it stands in the tooltip. */
export function browserOf(agent: string): string {
  const found = [BROWSERS, SYSTEMS].map((list) => list.find(([mark]) => new RegExp(`\\b${mark}\\b`).test(agent))?.[1]);
  return found.filter((one) => one !== undefined).join(", ") || t("sessions.unknown");
}
