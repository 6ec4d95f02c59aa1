// When the site is open: the week, the days that differ, the zone, and what that means now, as the hub works it out.

import { useState } from "preact/hooks";
import { Button } from "../../design/button";
import { Icon } from "../../design/icons";
import { voice } from "../../language";
import { t } from "../../text";
import { regions, zoneName } from "../own";
import { OfSite, Setting, useSettings } from "./parts";
import { Spans } from "./spans";

type Week = Readonly<Record<string, string[]>>;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const WEEKDAYS = DAYS.slice(0, 5);

export function Hours() {
  return <OfSite><Opening /></OfSite>;
}

function Opening() {
  return (
    <div class="settings-form wide">
      <Now />
      <WeekSetting />
      <Exceptions />
      <Zone />
    </div>
  );
}

/** A moment on the site's own clock. */
function siteTime(at: number, zone: string, far: boolean): string {
  const day = far ? ({ weekday: "long", day: "numeric", month: "long" } as const) : ({ weekday: "long" } as const);
  return new Intl.DateTimeFormat(voice.value.locale, { ...day, hour: "2-digit", minute: "2-digit", timeZone: zone }).format(at);
}

function Now() {
  const settings = useSettings();
  const site = settings.site.value!;
  const { open, until, at } = settings.previews.value[site.key]?.opening ?? site.opening;
  const wrong = ["hours", "exceptions", "zone"].some((name) => settings.problems(name).length > 0);
  const zone = settings.value<string>("zone");
  const when = until ? siteTime(until, zone, until - Date.now() > 6 * 86_400_000) : "";
  const words = open ? (when ? t("hours.open.until", { when }) : t("hours.open.always")) : when ? t("hours.closed.until", { when }) : t("hours.closed.always");
  return (
    <p class={`hours-now${open ? " well" : ""}`} role="status">
      <Icon name={open ? "check" : "clock"} />
      <b>{wrong ? t("hours.wrong") : words}</b>
      {!wrong && <span class="quiet figures">{t("hours.there", { time: (at ?? "").slice(11), zone: zoneName(zone) })}</span>}
    </p>
  );
}

const dayName = (day: (typeof DAYS)[number]): string =>
  new Intl.DateTimeFormat(voice.value.locale, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + DAYS.indexOf(day)));

function WeekSetting() {
  const settings = useSettings();
  const week = settings.value<Week | null>("hours");
  const set = (day: string, spans: string[]) => settings.set("hours", Object.fromEntries(DAYS.map((one) => [one, one === day ? spans : (week?.[one] ?? [])]).filter(([, one]) => one!.length)));
  const copy = (from: string) => {
    const spans = week?.[from] ?? [];
    settings.set("hours", Object.fromEntries(DAYS.map((one) => [one, WEEKDAYS.includes(one) ? spans : (week?.[one] ?? [])]).filter(([, one]) => one!.length)));
  };
  const usual = () => settings.set("hours", Object.fromEntries(WEEKDAYS.map((day) => [day, ["09:00-17:00"]])));
  return (
    <Setting name="hours" group>
      {(locked) => (
        <>
          <div class="segments" role="group" aria-label={t("hours.kind")}>
            <Button label={t("hours.always")} kind="plain" pressed={!week} disabled={locked} onClick={() => settings.set("hours", null)} />
            <Button label={t("hours.week")} kind="plain" pressed={!!week} disabled={locked} onClick={() => week ?? usual()} />
          </div>
          {week && (
            <ul class="week">
              {DAYS.map((day) => (
                <li key={day}>
                  <span class="day">{dayName(day)}</span>
                  <Spans spans={week[day] ?? []} locked={locked} day={dayName(day)} onChange={(spans) => set(day, spans)} />
                  {!locked && WEEKDAYS.includes(day) && <Button label={t("hours.copy", { day: dayName(day) })} icon="copy" only="icon" kind="plain" small onClick={() => copy(day)} />}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Setting>
  );
}

const dateName = (date: string): string =>
  new Intl.DateTimeFormat(voice.value.locale, { weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(Date.parse(`${date}T00:00Z`));

function Exceptions() {
  const settings = useSettings();
  const site = settings.site.value!;
  const [date, setDate] = useState("");
  const days = settings.value<Week>("exceptions") ?? {};
  const today = (site.opening.at ?? "").slice(0, 10);
  const dates = Object.keys(days).sort();
  const past = dates.filter((one) => one < today);
  const add = () => {
    if (!date || date in days) return;
    settings.set("exceptions", { ...days, [date]: [] });
    setDate("");
  };
  return (
    <Setting name="exceptions" group lead="setting.exceptions.lead">
      {(locked) => (
        <>
          {!locked && (
            <form class="add-day" onSubmit={(event) => (event.preventDefault(), add())}>
              <input class="input" type="date" value={date} min={today} aria-label={t("hours.date")} onInput={(event) => setDate(event.currentTarget.value)} />
              <Button label={t("hours.add.day")} icon="plus" submit disabled={!date || date in days} />
              {past.length > 0 && <Button label={t("hours.drop.past", { count: past.length })} kind="plain" onClick={() => settings.set("exceptions", Object.fromEntries(Object.entries(days).filter(([one]) => one >= today)))} />}
            </form>
          )}
          <ul class="week">
            {dates.map((one) => (
              <li key={one} class={one < today ? "past" : undefined}>
                <span class="day">{dateName(one)}</span>
                <Spans spans={days[one] ?? []} locked={locked} day={dateName(one)} onChange={(spans) => settings.set("exceptions", { ...days, [one]: spans })} />
                {!locked && (
                  <Button label={t("hours.drop.day", { day: dateName(one) })} icon="cross" only="icon" kind="plain" small
                    onClick={() => settings.set("exceptions", Object.fromEntries(Object.entries(days).filter(([other]) => other !== one)))} />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Setting>
  );
}

function Zone() {
  const settings = useSettings();
  const zone = settings.value<string>("zone");
  const known = new Set(settings.page.value?.zones ?? []);
  const all = regions().map(([region, zones]) => [region, zones.filter((one) => known.has(one))] as const).filter(([, zones]) => zones.length);
  return (
    <Setting name="zone" lead="setting.zone.lead">
      {(locked, id) => (
        <select class="input" id={id} value={zone} disabled={locked} onChange={(event) => settings.set("zone", event.currentTarget.value)}>
          {!all.some(([, zones]) => zones.includes(zone)) && <option value={zone}>{zone}</option>}
          {all.map(([region, zones]) => (
            <optgroup key={region} label={region}>{zones.map((one) => <option key={one} value={one}>{zoneName(one)}</option>)}</optgroup>
          ))}
        </select>
      )}
    </Setting>
  );
}
