// What operators choose for themselves: the language they read, and the zone their times are told in.

import { useState } from "preact/hooks";
import { clockTime } from "../design/time";
import { Dialog } from "../design/dialog";
import { browsersLanguage, OFFERED, ownName, ownZone, zone } from "../language";
import { now } from "../state/clock";
import { useHub } from "../state/hub";
import { choose } from "../state/session";
import { t } from "../text";

export function OwnDialog({ onClose }: { onClose: () => void }) {
  const hub = useHub();
  const [failed, setFailed] = useState(false);
  const { language = "", zone: chosen = "" } = hub.me.value;
  const keep = (next: { language: string; zone: string }) => {
    setFailed(false);
    void choose(hub, next).catch(() => setFailed(true));
  };
  return (
    <Dialog title={t("own.title")} lead={t("own.lead")} onClose={onClose}>
      <label class="field">
        <span>{t("own.language")}</span>
        <select class="input" name="language" value={language} onChange={(event) => keep({ language: event.currentTarget.value, zone: chosen })}>
          <option value="">{t("own.language.auto", { name: ownName(browsersLanguage()) })}</option>
          {OFFERED.map((one) => <option key={one} value={one} lang={one}>{ownName(one)}</option>)}
        </select>
      </label>
      <label class="field">
        <span>{t("own.zone")}</span>
        <select class="input" name="zone" value={chosen} onChange={(event) => keep({ language, zone: event.currentTarget.value })}>
          <option value="">{t("own.zone.auto", { name: zoneName(ownZone()) })}</option>
          {regions().map(([region, zones]) => (
            <optgroup key={region} label={region}>
              {zones.map((one) => <option key={one} value={one}>{zoneName(one)}</option>)}
            </optgroup>
          ))}
        </select>
        <span class="quiet figures">{t("own.now", { time: clockTime(now.value) })} <span class="unseen">{zone.value}</span></span>
      </label>
      {failed && <p class="door-problem" role="alert">{t("own.failed")}</p>}
    </Dialog>
  );
}

export const zoneName = (name: string): string => name.slice(name.indexOf("/") + 1).replaceAll("_", " ").replaceAll("/", ", ");

/** All zones the browser knows, by the first half of their names. */
export function regions(): [string, string[]][] {
  const found = new Map<string, string[]>();
  for (const name of Intl.supportedValuesOf("timeZone")) {
    const region = name.includes("/") ? name.slice(0, name.indexOf("/")) : "UTC";
    found.set(region, [...(found.get(region) ?? []), name]);
  }
  if (!found.has("UTC")) found.set("UTC", ["UTC"]);
  return [...found];
}
