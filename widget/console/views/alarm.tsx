// What one sees of the alarm: who waits and has not been seen, why this browser could miss it and what to do about that,
// the bell with its rest, and a test that asks instead of assuming.

import { useEffect, useState } from "preact/hooks";
import { Button } from "../design/button";
import { Dialog } from "../design/dialog";
import { Icon } from "../design/icons";
import { Menu, type MenuEntry } from "../design/menu";
import { Banner } from "../design/surfaces";
import { Time } from "../design/time";
import { awake, muted, play, setMuted, SOUNDS } from "../state/chime";
import { now } from "../state/clock";
import { useHub } from "../state/hub";
import { KEYS, useKey } from "../state/keys";
import { askPermission, browserKind, notify, permission } from "../state/notify";
import { beQuiet, endOf, quietFor, quietUntil, SPANS } from "../state/quiet";
import { ringing, seen } from "../state/ringing";
import { recall, remember } from "../state/storage";
import { waited } from "../state/waits";
import { t } from "../text";
import { nameOf } from "./acts";
import { ClosedRow } from "./closed";

/** Who rings, what has become of it, and the two ways to end it. */
export function AlarmBanner() {
  const hub = useHub();
  const rows = ringing.value;
  const first = rows[0];
  useKey("all.seen", () => seen(hub), !!first);
  if (!first) return null;
  const seconds = waited(first, now.value) ?? 0;
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const late = (first.alarm ?? 0) > 0;
  return (
    <div class={`alarm${late ? " late" : ""}`}>
      <Icon name="bell" />
      <span class="alarm-words" role="alert">
        {rows.length > 1 ? t("alarm.several", { count: rows.length, name: nameOf(first) }) : t(late ? "alarm.nobody" : "alarm.waits", { name: nameOf(first) })}
        {rows.every((row) => row.told) && ` ${t("alarm.told")}`}
      </span>
      <span class="figures" aria-hidden="true">{time}</span>
      <Button label={t("alarm.open")} small kind="first" keyName="desk.longest" onClick={() => hub.desk.open(first.id)} />
      <Button label={t("alarm.seen")} small keyName="all.seen" onClick={() => seen(hub)} />
    </div>
  );
}

type Trouble = "asleep" | "denied" | "default" | "missing";

function troubles(): Trouble[] {
  const found: Trouble[] = [];
  if (!awake.value && !muted.value) found.push("asleep");
  const state = permission.value;
  if (state !== "granted") found.push(state);
  return found;
}

/** Why this browser could miss an alarm, and the cure; not at once, and not again once one has said so. */
export function CureBanner({ onTest }: { onTest: () => void }) {
  const [late, setLate] = useState(false);
  const [waived, setWaived] = useState(() => recall<string[]>("alarms.waived") ?? []);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 4_000);
    return () => clearTimeout(timer);
  }, []);
  // A page that may not sound yet is nothing to speak of until somebody has had the time to click in it.
  const one = troubles().find((each) => !waived.includes(each));
  if (!late || !one) return null;
  const waive = () => {
    const all = [...waived, one];
    setWaived(all);
    if (one !== "asleep") remember("alarms.waived", all.filter((each) => each !== "asleep"));
  };
  return (
    <Banner kind="warm">
      <span>{t(one === "denied" ? `cure.denied.${browserKind()}` : `cure.${one}`)}</span>
      {one === "asleep" && <Button label={t("cure.wake")} small onClick={() => {}} />}
      {one === "default" && <Button label={t("cure.allow")} small onClick={() => void askPermission()} />}
      {one !== "asleep" && <Button label={t("alarm.test")} small kind="plain" onClick={onTest} />}
      <Button label={t("cure.waive")} small kind="plain" onClick={waive} />
    </Banner>
  );
}

/** The bell: sound, rest with an end, and the test. */
export function AlarmMenu({ onTest }: { onTest: () => void }) {
  const off = muted.value;
  now.value; // counts down with everything else on the screen
  const left = quietFor(quietUntil.value, Date.now());
  const ill = troubles().length > 0;
  const tip = left ? t("quiet.until", { left: spell(left) }) : off ? t("sound.off") : awake.value ? t("sound.on") : t("sound.asleep");
  const entries: MenuEntry[] = [
    { label: t("sound"), icon: off ? "mute" : "bell", keyName: "all.sound", chosen: !off, run: () => setMuted(!off) },
    t("quiet"),
    ...SPANS.map((span) => ({ label: t(`quiet.${span}`), icon: "moon" as const, run: () => beQuiet(endOf(span, Date.now())) })),
    ...(left ? [{ label: t("quiet.end", { left: spell(left) }), icon: "undo" as const, run: () => beQuiet(null) }] : []),
    null,
    { label: t("closed"), icon: "mobile", run: onTest },
    { label: t("alarm.test"), icon: "check", run: onTest },
  ];
  return (
    <Menu entries={entries} side="up start" label={t("alarms")}>
      {(open, toggle) => (
        <button type="button" class={`button plain icon bell${left ? " resting" : ""}`} aria-haspopup="menu" aria-expanded={open}
          aria-label={`${t("alarms")}: ${tip}`} data-tip={tip} data-key={KEYS["all.sound"]} onClick={toggle}>
          <Icon name={left ? "moon" : off ? "mute" : "bell"} />
          {left > 0 && <span class="bell-left figures" aria-hidden="true">{spell(left)}</span>}
          {!left && ill && <i class="bell-ill" />}
        </button>
      )}
    </Menu>
  );
}

/** Time left as people say it: seconds in the last minute, minutes up to an hour and a half, then hours. */
export function spell(seconds: number): string {
  if (seconds < 60) return t("left.seconds", { n: seconds });
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90 ? t("left.minutes", { n: minutes }) : t("left.hours", { n: Math.round(minutes / 60) });
}

const PARTS = [...SOUNDS, "notification"] as const;
type Part = (typeof PARTS)[number];
interface Result { ok: boolean; at: number }
type Results = Partial<Record<Part, Result>>;

/** Plays and shows each part, and asks. What was answered is kept in this browser. */
export function TestDialog({ onClose }: { onClose: () => void }) {
  const [results, setResults] = useState<Results>(() => recall<Results>("alarms.tested") ?? {});
  const [tried, setTried] = useState<Partial<Record<Part, boolean>>>({});
  const keep = (part: Part, ok: boolean) => {
    const next = { ...results, [part]: { ok, at: Date.now() } };
    setResults(next);
    remember("alarms.tested", next);
  };
  const attempt = async (part: Part) => {
    if (part === "notification" && permission.value === "default") await askPermission();
    const came = part === "notification" ? notify(t("test.title"), t("test.body"), "hub.test", () => {}) !== null : play(part);
    setTried({ ...tried, [part]: came });
    if (!came) keep(part, false);
  };
  return (
    <Dialog title={t("alarm.test")} lead={t("test.lead")} wide onClose={onClose}>
      <ul class="tests">
        {PARTS.map((part) => (
          <li key={part}>
            <span class="test-name">{t(`test.${part}`)}</span>
            <Button label={t(part === "notification" ? "test.show" : "test.play")} small onClick={() => void attempt(part)} />
            {tried[part] ? (
              <span class="test-ask" role="group" aria-label={t(part === "notification" ? "test.seen" : "test.heard")}>
                {t(part === "notification" ? "test.seen" : "test.heard")}
                <Button label={t("yes")} small pressed={results[part]?.ok === true} onClick={() => keep(part, true)} />
                <Button label={t("not")} small pressed={results[part]?.ok === false} onClick={() => keep(part, false)} />
              </span>
            ) : null}
            <Outcome part={part} result={results[part]} came={tried[part]} />
          </li>
        ))}
        <ClosedRow />
      </ul>
    </Dialog>
  );
}

function Outcome({ part, result, came }: { part: Part; result: Result | undefined; came: boolean | undefined }) {
  const silent = part !== "notification";
  const cure = silent ? t(came === false ? "cure.asleep" : "test.volume")
    : permission.value === "denied" ? t(`cure.denied.${browserKind()}`) : permission.value === "missing" ? t("cure.missing") : t("test.system");
  return (
    <p class={`test-result${result ? (result.ok ? " ok" : " bad") : ""}`} role="status">
      {!result ? t("test.never") : <><Icon name={result.ok ? "check" : "alert"} /> {result.ok ? t("test.works") : t("test.fails", { cure })} <span class="quiet"><Time at={result.at} /></span></>}
    </p>
  );
}
