// What operators choose for themselves: how they look, the language they read, and the zone their times are told in.

import { useRef, useState } from "preact/hooks";
import { Avatar, faces } from "../design/avatar";
import { Button } from "../design/button";
import { clockTime } from "../design/time";
import { Dialog } from "../design/dialog";
import { browsersLanguage, OFFERED, ownName, ownZone, zone } from "../language";
import { api, ApiError } from "../state/api";
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
      <Face />
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

/** My picture, seen by customers and colleagues: chosen, or taken away. */
function Face() {
  const me = useHub().me.value;
  const picker = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState("");
  const put = (picture: File | null) => {
    setProblem("");
    api.face(picture).catch((error) => setProblem(error instanceof ApiError && error.status === 415 ? t("own.face.bad") : t("own.failed")));
  };
  return (
    <div class="own-face">
      <Avatar name={me.name} seed={me.id} size="big" />
      <input ref={picker} type="file" accept="image/png,image/jpeg,image/webp" hidden aria-label={t("own.face")}
        onChange={({ currentTarget: { files } }) => files?.[0] && put(files[0])} />
      <Button label={t("own.face")} onClick={() => picker.current?.click()} />
      {faces.value.has(me.id) && <Button label={t("own.face.none")} kind="plain" onClick={() => put(null)} />}
      {problem && <p class="door-problem" role="alert">{problem}</p>}
    </div>
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
