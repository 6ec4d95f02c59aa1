// The frame of the working day: a rail with the areas, the strip that says when the line is not as usual, the area itself.

import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../design/avatar";
import { Button } from "../design/button";
import { Icon, type IconName } from "../design/icons";
import { Menu, type MenuEntry } from "../design/menu";
import { startAlarm } from "../state/alarm";
import { muted, setMuted, startChime } from "../state/chime";
import { startClock } from "../state/clock";
import { startClosed } from "../state/closed";
import type { Area } from "../state/desk";
import { useHub } from "../state/hub";
import { followInvites } from "../state/invites";
import { KEYS, type KeyName, startKeys, useKey } from "../state/keys";
import { startKeyboard } from "../state/keyboard";
import { lingerWords, startLingers } from "../state/lingers";
import { signOut } from "../state/session";
import { startMeanwhile } from "../state/meanwhile";
import { startPermission } from "../state/notify";
import { startQuiet } from "../state/quiet";
import { startRinging } from "../state/ringing";
import { startTouches } from "../state/touch";
import { setTheme, theme } from "../state/theme";
import { toast, undoLast } from "../state/toasts";
import { itemsOf } from "../state/topics";
import { sections } from "../state/waits";
import { startWatching, watchWords } from "../state/watched";
import { t } from "../text";
import { act, invitationEnded } from "./acts";
import { AlarmBanner, AlarmMenu, CureBanner, TestDialog } from "./alarm";
import { AccessDialog } from "./access";
import { CommandBar } from "./command";
import { Desk } from "./desk";
import { Health, isWell } from "./health";
import { LineBanner, tellMeanwhile } from "./line";
import { Mark } from "./mark";
import { OwnDialog } from "./own";
import { later } from "./later";
import { Shortcuts } from "./shortcuts";
import { Team } from "./team";
import { goToLongest } from "./urgency";
import { Visitors } from "./visitors";
import { tellSighting } from "./watch";

const Pairs = later(() => import("./pairs").then((part) => part.Pairs));
const Replies = later(() => import("./replies").then((part) => part.Replies));
const Settings = later(() => import("./settings").then((part) => part.Settings));

export function Shell() {
  const hub = useHub();
  const [sheet, setSheet] = useState(false);
  const [bar, setBar] = useState(false);
  const [testing, setTesting] = useState(false);
  const [own, setOwn] = useState(false);
  const [access, setAccess] = useState(false);
  useEffect(() => startKeys(), []);
  useEffect(() => startClock(), []);
  useEffect(() => startAlarm(hub), [hub]);
  useEffect(() => startTouches(hub.line.touched), [hub]);
  useEffect(() => startChime(), []);
  useEffect(() => startPermission(), []);
  useEffect(() => startQuiet(), []);
  useEffect(() => startRinging(hub), [hub]);
  useEffect(() => startClosed(hub), [hub]);
  useEffect(() => startMeanwhile(hub, tellMeanwhile), [hub]);
  useEffect(() => startKeyboard(), []);
  useEffect(() => startLingers(hub), [hub]);
  useEffect(() => startWatching(hub.watched, hub.visitors, hub.visitorsLoaded, (seen) => tellSighting(hub, seen)), [hub]);
  useEffect(() => followInvites(hub.invites, hub.visitors, (one) => invitationEnded(hub, one)), [hub]);
  useKey("area.desk", () => hub.desk.go("desk"));
  useKey("area.visitors", () => hub.desk.go("visitors"));
  useKey("area.replies", () => hub.desk.go("replies"));
  useKey("area.pairs", () => hub.desk.go("pairs"));
  useKey("area.health", () => hub.desk.go("health"));
  const admin = hub.me.value.role === "admin";
  useKey("area.team", () => hub.desk.go("team"), admin);
  useKey("area.settings", () => hub.desk.go("settings"), admin);
  useKey("all.sheet", () => setSheet(true));
  useKey("all.command", () => setBar(true));
  useKey("all.undo", undoLast);
  useKey("all.sound", () => setMuted(!muted.value));
  useKey("desk.longest", () => goToLongest(hub));

  const area = hub.desk.area.value;
  return (
    <div class="shell">
      <Rail onOwn={() => setOwn(true)} onAccess={() => setAccess(true)} onSheet={() => setSheet(true)} onTest={() => setTesting(true)} />
      <div class="stage">
        <LineBanner />
        <AlarmBanner />
        <CureBanner onTest={() => setTesting(true)} />
        {area === "desk" || ((area === "settings" || area === "team") && !admin) ? <Desk /> : area === "visitors" ? <Visitors /> : area === "replies" ? <Replies /> : area === "pairs" ? <Pairs /> : area === "health" ? <Health /> : area === "team" ? <Team /> : <Settings />}
      </div>
      <p class="unseen" role="status">{lingerWords.value}</p>
      <p class="unseen" role="status">{watchWords.value}</p>
      {testing && <TestDialog onClose={() => setTesting(false)} />}
      {access && <AccessDialog onClose={() => setAccess(false)} />}
      {own && <OwnDialog onClose={() => setOwn(false)} />}
      {bar && <CommandBar onClose={() => setBar(false)} />}
      {sheet && <Shortcuts onClose={() => setSheet(false)} />}
    </div>
  );
}

function Rail({ onOwn, onAccess, onSheet, onTest }: { onOwn: () => void; onAccess: () => void; onSheet: () => void; onTest: () => void }) {
  const hub = useHub();
  const { waiting, mine } = sections(hub.conversations.value, hub.me.value.id);
  const owed = waiting.length + mine.filter((row) => row.waiting_since != null).length;
  const ill = itemsOf(hub.health.value, "health").filter((row) => !isWell(row)).length;
  return (
    <nav class="rail" aria-label={t("nav.label")}>
      <span class="rail-mark"><Mark /></span>
      <RailLink area="desk" icon="desk" keyName="area.desk" badge={owed} urgent={waiting.length > 0} />
      <RailLink area="visitors" icon="eye" keyName="area.visitors" badge={hub.needy.value || hub.crowd.value} warm={hub.needy.value > 0}
        says={hub.needy.value ? t("visitors.lingering", { count: hub.needy.value }) : t("nav.visitors.count", { count: hub.crowd.value })} />
      <RailLink area="replies" icon="canned" keyName="area.replies" badge={0} />
      <RailLink area="pairs" icon="twins" keyName="area.pairs" badge={hub.pairs.value?.queue ?? 0} />
      <RailLink area="health" icon="pulse" keyName="area.health" badge={ill} urgent={ill > 0} />
      <span class="rail-gap" />
      {hub.me.value.role === "admin" && <RailLink area="team" icon="people" keyName="area.team" badge={0} />}
      {hub.me.value.role === "admin" && <RailLink area="settings" icon="gear" keyName="area.settings" badge={0} />}
      <AlarmMenu onTest={onTest} />
      <Button label={t("nav.keys")} icon="keys" only="icon" kind="plain" keyName="all.sheet" onClick={onSheet} />
      <MeMenu onOwn={onOwn} onAccess={onAccess} />
    </nav>
  );
}

function RailLink({ area, icon, keyName, badge, urgent = false, warm = false, says }: {
  area: Area;
  icon: IconName;
  keyName: KeyName;
  badge: number;
  urgent?: boolean;
  warm?: boolean;
  /** What the figure counts, where it is not what it counts elsewhere. */
  says?: string;
}) {
  const { desk } = useHub();
  const label = t(`nav.${area}`);
  const count = () => (area === "settings" || area === "team" ? "" : t(`nav.${area}.count`, { count: badge }));
  return (
    <button type="button" class="rail-link" aria-current={desk.area.value === area ? "page" : undefined}
      aria-label={badge ? `${label}, ${says ?? count()}` : label}
      data-tip={label} data-key={KEYS[keyName]} onClick={() => desk.go(area)}>
      <Icon name={icon} large />
      {badge > 0 && <span class={`badge figures${urgent ? " urgent" : warm ? " warm" : ""}`}>{badge > 99 ? "99+" : badge}</span>}
    </button>
  );
}

const PRESENCES = ["available", "busy", "away", "invisible"] as const;
const THEMES = [["system", "system"], ["light", "sun"], ["dark", "moon"]] as const;

function MeMenu({ onOwn, onAccess }: { onOwn: () => void; onAccess: () => void }) {
  const hub = useHub();
  const me = hub.me.value;
  const presence = hub.presence.value;
  const words = t(hub.resting.value ? "presence.automatic" : `presence.${presence}`);
  const leave = () => void signOut(hub).catch(() => toast(t("signout.failed"), { bad: true }));
  const entries: MenuEntry[] = [
    me.name,
    ...PRESENCES.map((state) => ({
      label: t(`presence.${state}`),
      mark: <i class={`presence ${state}`} />,
      chosen: state === presence,
      run: () => void act(hub, { t: "presence", state }),
    })),
    null,
    ...THEMES.map(([name, icon]) => ({ label: t(`theme.${name}`), icon, chosen: theme.value === name, run: () => setTheme(name) })),
    null,
    { label: t("own"), icon: "globe", run: onOwn },
    { label: t("access.title"), icon: "person", run: onAccess },
    { label: t("signout"), icon: "out", run: leave },
  ];
  return (
    <Menu entries={entries} side="up start" label={t("me.menu")}>
      {(open, toggle) => (
        <button type="button" class="rail-me" aria-haspopup="menu" aria-expanded={open} onClick={toggle}
          data-tip={`${me.name}\n${words}`}>
          <Avatar name={me.name} seed={me.id} presence={presence} />
          <span class="unseen">{t("me.label", { name: me.name, presence: words })}</span>
        </button>
      )}
    </Menu>
  );
}
