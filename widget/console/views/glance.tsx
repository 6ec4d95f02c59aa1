// What is known of a visitor at a glance, drawn alike in table, shelves and panel.

import type { VisitorRow } from "../../wire/console";
import { Button } from "../design/button";
import { duration } from "../design/time";
import { Icon, type IconName } from "../design/icons";
import { money } from "../design/figures";
import { minute, now } from "../state/clock";
import { localMinutes, mayInvite, needsSomebody, returning } from "../state/floor";
import { useHub } from "../state/hub";
import { inviting } from "../state/looking";
import { known, t } from "../text";

const DEVICES: Record<string, IconName> = { phone: "mobile", tablet: "tablet", desktop: "system" };

export function DeviceIcon({ device = "" }: { device?: string | undefined }) {
  const key = `device.${device}`;
  if (!known(key)) return null;
  return <span class="mark-icon" role="img" aria-label={t(key)} data-tip={t(key)}><Icon name={DEVICES[device]!} /></span>;
}

export function Returning({ row }: { row: VisitorRow }) {
  if (!returning(row)) return null;
  const words = t("visitors.returning", { number: row.visits });
  return <span class="mark-icon returning" role="img" aria-label={words} data-tip={words}><Icon name="back" /></span>;
}

/** How long they have lingered, in figures and in warmth. */
export function Lingering({ row }: { row: VisitorRow }) {
  if (row.lingering == null) return null;
  const seconds = Math.max(0, (now.value - row.lingering) / 1000);
  return (
    <span class={`lingers${needsSomebody(row) ? "" : " calm"}`} data-tip={t("visitors.lingers.tip")}>
      <Icon name="linger" /><span class="unseen">{t("visitors.lingers")} </span><span class="figures">{duration(seconds)}</span>
    </span>
  );
}

export function Cart({ row }: { row: VisitorRow }) {
  if (!row.cart_count && !row.cart_value) return <span class="quiet">–</span>;
  return <span class="figures" data-tip={t("visitors.pieces", { count: row.cart_count ?? 0 })}>{money(row.cart_value ?? 0, row.currency)}</span>;
}

/** What the clock shows where they are. */
export function LocalTime({ zone }: { zone?: string | undefined }) {
  const at = localMinutes(zone, minute.value);
  if (at === null) return <span class="quiet">–</span>;
  const night = at < 7 * 60 || at >= 22 * 60;
  const words = `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
  return <span class={`figures${night ? " quiet" : ""}`} data-tip={t("visitors.zone", { zone: zone!.replace(/_/g, " ") })}>{words}</span>;
}

/** Who helps them, what became of an invitation, or the way to invite them. */
export function Help({ row }: { row: VisitorRow }) {
  const { desk } = useHub();
  const stop = (event: MouseEvent, run: () => void) => (event.stopPropagation(), run());
  if (row.conversation)
    return <Button label={row.operator_name || t("visitors.waiting")} kind="plain" small icon="desk" onClick={(event) => stop(event, () => desk.open(row.conversation!))} />;
  const fate = row.invitation ?? "";
  return (
    <>
      {fate && <span class={`fate ${fate}`} data-tip={t(`invitation.${fate}.means`)}>{t(`invitation.${fate}`)}</span>}
      {mayInvite(row) && <Button label={t("invite")} kind="plain" small icon="invite" keyName="floor.invite" onClick={(event) => stop(event, () => (inviting.value = row.id))} />}
    </>
  );
}
