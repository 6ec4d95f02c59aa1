// What visitors are promised and when operators are called: languages, ways to be answered, the alarm, who lingers.

import { useState } from "preact/hooks";
import { Button } from "../../design/button";
import { ownName } from "../../language";
import { t } from "../../text";
import { OfSite, Setting, useSettings } from "./parts";

export function Answering() {
  return <OfSite><Form /></OfSite>;
}

function Form() {
  const settings = useSettings();
  return (
    <div class="settings-form">
      <Languages />
      <Answers />
      <Setting name="target_seconds" lead="setting.target_seconds.lead">
        {(locked, id, wrong) => <Figure id={id} name="target_seconds" locked={locked} wrong={wrong} />}
      </Setting>
      <Setting name="alarm_seconds" lead="setting.alarm_seconds.lead">
        {(locked, id, wrong) => <Figure id={id} name="alarm_seconds" locked={locked} wrong={wrong} />}
      </Setting>
      <Lingering />
      <Setting name="rating" group>
        {(locked) => (
          <label class="check">
            <input type="checkbox" checked={settings.value<boolean>("rating")} disabled={locked} onChange={(event) => settings.set("rating", event.currentTarget.checked)} />
            <span>{t("answering.rating")}</span>
          </label>
        )}
      </Setting>
      <Setting name="region" lead="setting.region.lead">
        {(locked, id, wrong) => (
          <input class="input short" id={id} value={settings.value<string>("region")} maxLength={2} dir="ltr" disabled={locked} aria-invalid={wrong}
            onInput={(event) => settings.set("region", event.currentTarget.value.toUpperCase())} />
        )}
      </Setting>
    </div>
  );
}

function Figure({ id, name, locked, wrong }: { id: string; name: string; locked: boolean; wrong: boolean }) {
  const settings = useSettings();
  return (
    <span class="with-unit">
      <input class="input short figures" id={id} type="number" value={settings.value<number>(name)} disabled={locked} aria-invalid={wrong}
        onInput={(event) => Number.isInteger(event.currentTarget.valueAsNumber) && settings.set(name, event.currentTarget.valueAsNumber)} />
      <span class="quiet">{t("answering.seconds")}</span>
    </span>
  );
}

function Languages() {
  const settings = useSettings();
  const [more, setMore] = useState("");
  const chosen = settings.value<string[]>("languages");
  const rest = (settings.page.value?.languages ?? []).filter((one) => !chosen.includes(one));
  return (
    <Setting name="languages" group lead="setting.languages.lead">
      {(locked) => (
        <>
          <ol class="chips">
            {chosen.map((one, at) => (
              <li key={one}>
                <span lang={one}>{ownName(one)}</span>
                {!locked && at > 0 && <Button label={t("answering.prefer", { name: ownName(one) })} icon="up" only="icon" kind="plain" small onClick={() => settings.set("languages", [one, ...chosen.filter((other) => other !== one)])} />}
                {!locked && chosen.length > 1 && <Button label={t("answering.drop", { name: ownName(one) })} icon="cross" only="icon" kind="plain" small onClick={() => settings.set("languages", chosen.filter((other) => other !== one))} />}
              </li>
            ))}
          </ol>
          {!locked && (
            <form class="add-day" onSubmit={(event) => (event.preventDefault(), more && (settings.set("languages", [...chosen, more]), setMore("")))}>
              <select class="input" value={more} aria-label={t("answering.language")} onChange={(event) => setMore(event.currentTarget.value)}>
                <option value="">{t("answering.language")}</option>
                {rest.map((one) => <option key={one} value={one} lang={one}>{ownName(one)}</option>)}
              </select>
              <Button label={t("answering.add")} icon="plus" submit disabled={!more} />
            </form>
          )}
        </>
      )}
    </Setting>
  );
}

const WAYS = ["here", "email", "phone"] as const;

function Answers() {
  const settings = useSettings();
  const chosen = settings.value<string[]>("answers");
  return (
    <Setting name="answers" group lead="setting.answers.lead">
      {(locked) => (
        <div class="checks">
          {WAYS.map((way) => (
            <label class="check" key={way}>
              <input type="checkbox" checked={chosen.includes(way)} disabled={locked}
                onChange={(event) => settings.set("answers", WAYS.filter((one) => (one === way ? event.currentTarget.checked : chosen.includes(one))))} />
              <span>{t(`answering.${way}`)}</span>
            </label>
          ))}
        </div>
      )}
    </Setting>
  );
}

interface Rule {
  seconds: number;
  pages: string;
}

function Lingering() {
  const settings = useSettings();
  const rules = settings.value<Rule[]>("lingering");
  const put = (at: number, more: Partial<Rule>) => settings.set("lingering", rules.map((one, n) => (n === at ? { ...one, ...more } : one)));
  return (
    <Setting name="lingering" group lead="setting.lingering.lead">
      {(locked) => (
        <ul class="rules">
          {rules.map((rule, at) => (
            <li key={at}>
              <input class="input short figures" type="number" min={5} max={3600} value={rule.seconds} disabled={locked} aria-label={t("answering.linger.seconds")}
                onInput={(event) => Number.isInteger(event.currentTarget.valueAsNumber) && put(at, { seconds: event.currentTarget.valueAsNumber })} />
              <span class="quiet">{t("answering.linger.on")}</span>
              <input class="input" value={rule.pages} maxLength={200} dir="ltr" disabled={locked} aria-label={t("answering.linger.pages")} onInput={(event) => put(at, { pages: event.currentTarget.value })} />
              {!locked && <Button label={t("answering.linger.drop", { pages: rule.pages })} icon="cross" only="icon" kind="plain" small onClick={() => settings.set("lingering", rules.filter((_, n) => n !== at))} />}
            </li>
          ))}
          {!locked && <li><Button label={t("answering.linger.add")} icon="plus" onClick={() => settings.set("lingering", [...rules, { seconds: 60, pages: rules.length ? "/checkout*" : "*" }])} /></li>}
        </ul>
      )}
    </Setting>
  );
}
