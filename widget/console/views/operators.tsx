// The operators, for admins: everybody with a login, and the links that were not used yet.

import { useState } from "preact/hooks";
import type { LinkRow, MemberRow } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Button } from "../design/button";
import { Dialog } from "../design/dialog";
import { Menu, type MenuEntry } from "../design/menu";
import { Time } from "../design/time";
import { api, ApiError } from "../state/api";
import { now } from "../state/clock";
import { useHub, useTopic } from "../state/hub";
import { itemsOf } from "../state/topics";
import { toast } from "../state/toasts";
import { t } from "../text";
import { Sessions } from "./access";
import { act } from "./acts";
import { EditDialog, InviteDialog, LinkDialog, type Made } from "./operatorform";

type Asking = { what: "invite" } | { what: "edit" | "out" | "sessions"; member: MemberRow } | { what: "link"; made: Made } | null;

export function Operators() {
  const hub = useHub();
  const topic = useTopic("operators");
  const [asking, setAsking] = useState<Asking>(null);
  const members = [...itemsOf(topic, "member")].sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
  const links = itemsOf(topic, "link").filter((link) => link.ends > now.value);
  const close = () => setAsking(null);
  const renew = async (member: MemberRow) => {
    try {
      const link = await api.renewPassword(member.id);
      setAsking({ what: "link", made: { ...link, path: "reset", name: member.name } });
    } catch (error) {
      toast(error instanceof ApiError && error.message ? error.message : t("act.refused"), { bad: true });
    }
  };
  const put = (member: MemberRow, on: boolean) =>
    void act(hub, { t: "operator_active", operator: member.id, on }).then((done) => done && toast(t(on ? "operators.in.done" : "operators.out.done", { name: member.name })));
  const acts = (member: MemberRow): MenuEntry[] => [
    { label: t("operators.edit"), icon: "edit", run: () => setAsking({ what: "edit", member }) },
    ...(member.active ? [
      { label: t("operators.renew"), icon: "link", run: () => void renew(member) } as const,
      { label: t("operators.sessions"), icon: "system", run: () => setAsking({ what: "sessions", member }) } as const,
      null,
      { label: t("operators.out"), icon: "block", grave: true, run: () => setAsking({ what: "out", member }) } as const,
    ] : [{ label: t("operators.in"), icon: "undo", run: () => put(member, true) } as const]),
  ];
  return (
    <div class="people" aria-busy={topic === null}>
      <p class="people-lead"><span class="quiet">{t("operators.lead")}</span> <Button label={t("operators.invite")} icon="plus" kind="first" onClick={() => setAsking({ what: "invite" })} /></p>
      <ul class="people-list" aria-label={t("settings.operators")}>
        {members.map((member) => <Member key={member.id} member={member} acts={acts(member)} />)}
      </ul>
      {links.length > 0 && <h3>{t("operators.links")}</h3>}
      {links.length > 0 && (
        <ul class="people-list" aria-label={t("operators.links")}>
          {links.map((link) => <Link key={link.id} link={link} />)}
        </ul>
      )}
      {asking?.what === "invite" && <InviteDialog onMade={(made) => setAsking({ what: "link", made })} onClose={close} />}
      {asking?.what === "link" && <LinkDialog made={asking.made} onClose={close} />}
      {asking?.what === "edit" && <EditDialog member={asking.member} onClose={close} />}
      {asking?.what === "sessions" && (
        <Dialog title={t("operators.sessions.of", { name: asking.member.name })} lead={t("sessions.lead")} onClose={close}><Sessions of={asking.member.id} /></Dialog>
      )}
      {asking?.what === "out" && (
        <Dialog title={t("operators.out.title", { name: asking.member.name })} lead={t("operators.out.lead")} yes={t("operators.out")} grave
          onYes={() => (close(), put(asking.member, false))} onClose={close} />
      )}
    </div>
  );
}

function Member({ member, acts }: { member: MemberRow; acts: readonly MenuEntry[] }) {
  const hub = useHub();
  const row = hub.operators.value.find((one) => one.id === member.id);
  const queues = hub.queueRows.value.filter((queue) => queue.archived == null && queue.members?.includes(member.id));
  const presence = row?.presence ?? "offline";
  return (
    <li class={`people-row${member.active ? "" : " out"}`}>
      <Avatar name={member.name} seed={member.id} presence={presence} />
      <div class="people-words">
        <p class="people-name">
          <b class="cut" dir="auto">{member.id === hub.me.value.id ? t("me.self", { name: member.name }) : member.name}</b>
          <span class="quiet cut" dir="auto">{member.login}</span>
          {member.role === "admin" && <span class="tag">{t("role.admin")}</span>}
          {!member.active && <span class="tag">{t("operators.deactivated")}</span>}
        </p>
        <p class="people-more">
          {queues.length ? queues.map((queue) => <span class="tag" key={queue.id} dir="auto">{queue.name}</span>)
            : <span class="quiet">{t(member.role === "admin" ? "operators.queues.none.admin" : "operators.queues.none")}</span>}
        </p>
      </div>
      <p class="people-state">
        {row && <span>{t(row.automatic ? "presence.automatic" : `presence.${presence}`)}{row.since ? <> · <Time at={row.since} /></> : presence === "offline" && <> · {t("operators.never")}</>}</span>}
        {row && <span class="quiet figures">{t("load", { load: row.load ?? 0, limit: row.limit ?? 0 })}</span>}
      </p>
      <Menu entries={acts} label={t("operators.acts", { name: member.name })}>
        {(open, toggle) => <Button label={t("operators.acts", { name: member.name })} icon="more" only="icon" kind="plain" expanded={open} onClick={toggle} />}
      </Menu>
    </li>
  );
}

function Link({ link }: { link: LinkRow }) {
  const hub = useHub();
  const left = Math.max(1, Math.ceil((link.ends - now.value) / 3_600_000));
  return (
    <li class="people-row">
      <span class="people-mark"><span class="link-mark" aria-hidden="true" /></span>
      <div class="people-words">
        <p class="people-name"><b class="cut" dir="auto">{link.operator ? t("operators.link.password", { name: link.name ?? "" }) : link.note || t("operators.link.somebody")}</b>
          {link.role && <span class="tag">{t(`role.${link.role}`)}</span>}</p>
        <p class="people-more quiet">{t("operators.link.by", { name: link.by })} · {t("operators.link.left", { count: left })}</p>
      </div>
      <p class="people-state" />
      <Button label={t("operators.link.drop")} small onClick={() => void act(hub, { t: "link_drop", link: link.id })} />
    </li>
  );
}
