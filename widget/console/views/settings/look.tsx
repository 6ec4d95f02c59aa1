// How the widget looks: the settings on one side, the widget itself on the other.

import { useEffect, useRef, useState } from "preact/hooks";
import { shades } from "../../../visitor/colour";
import type { SiteLook } from "../../../wire/visitor";
import { Button } from "../../design/button";
import { ownName } from "../../language";
import { t } from "../../text";
import { Snippet } from "../snippet";
import { OfSite, Setting, useSettings } from "./parts";

export function Look() {
  return <OfSite><Appearance /></OfSite>;
}

function Appearance() {
  const settings = useSettings();
  const accent = settings.value<string>("accent");
  return (
    <div class="look">
      <div class="settings-form">
        <Setting name="name" lead="setting.name.lead">
          {(locked, id, wrong) => (
            <input class="input" id={id} value={settings.value<string>("name")} maxLength={80} dir="auto" disabled={locked} aria-invalid={wrong}
              onInput={(event) => settings.set("name", event.currentTarget.value)} />
          )}
        </Setting>
        <Setting name="accent" lead="setting.accent.lead">
          {(locked, id, wrong) => (
            <div class="accent">
              <input type="color" value={colour(accent) ?? settings.site.value!.look.accent} disabled={locked} aria-label={t("look.pick")} onInput={(event) => settings.set("accent", event.currentTarget.value)} />
              <input class="input" id={id} value={accent} maxLength={7} dir="ltr" spellcheck={false} disabled={locked} aria-invalid={wrong}
                onInput={(event) => settings.set("accent", event.currentTarget.value)} />
            </div>
          )}
        </Setting>
        <Shades accent={accent} />
        <Setting name="greeting" lead="setting.greeting.lead">
          {(locked, id, wrong) => (
            <textarea class="input" id={id} rows={3} maxLength={500} dir="auto" value={settings.value<string>("greeting")} disabled={locked} aria-invalid={wrong}
              onInput={(event) => settings.set("greeting", event.currentTarget.value)} />
          )}
        </Setting>
        <section class="card">
          <h3>{t("sites.install")}</h3>
          <Snippet site={settings.site.value!.key} />
        </section>
      </div>
      <Stage />
    </div>
  );
}

/** The colour as the widget makes it legible. */
function Shades({ accent }: { accent: string }) {
  return (
    <div class="shades" role="img" aria-label={t("look.shades")}>
      {([false, true] as const).map((dark) => {
        const { fill, ink, text } = shades(accent, dark);
        return (
          <div key={String(dark)} class={dark ? "shade dark" : "shade"}>
            <span class="shade-fill" style={{ background: fill, color: ink }}>{t("look.sample")}</span>
            <span style={{ color: text }}>{t("look.sample.link")}</span>
          </div>
        );
      })}
      <p class="quiet">{t("look.shades.lead")}</p>
    </div>
  );
}

const colour = (text: string): string | null => (/^#[\da-f]{6}$/i.test(text) ? text : null);

const SCHEMES = ["light", "dark"] as const;
const STATES = ["here", "away", "closed"] as const;
const WIDTHS = ["desk", "phone"] as const;
type State = (typeof STATES)[number];

/** What the hub would tell a page, in the state that is looked at. */
function lookIn(look: SiteLook, state: State): SiteLook {
  return { ...look, attended: state === "here", open: state !== "closed", opens: state === "closed" ? (look.opens ?? Date.now() + 40_000_000) : null };
}

function Stage() {
  const settings = useSettings();
  const site = settings.site.value!;
  const languages = settings.page.value?.languages ?? [];
  const first = settings.value<string[]>("languages")[0]?.slice(0, 2) ?? "en";
  const [language, setLanguage] = useState("");
  const [scheme, setScheme] = useState<(typeof SCHEMES)[number]>(document.documentElement.dataset["theme"] === "dark" ? "dark" : "light");
  const [state, setState] = useState<State>("here");
  const [width, setWidth] = useState<(typeof WIDTHS)[number]>(innerWidth < 720 ? "phone" : "desk");
  const spoken = language || (languages.includes(first) ? first : "en");
  const accent = settings.value<string>("accent");
  const draft = settings.draft.value;
  // What is typed shows at once; what only the hub can work out comes with its answer.
  const kept = settings.previews.value[site.key]?.look ?? site.look;
  const quick = { name: settings.value<string>("name"), greeting: settings.value<string>("greeting"), accent: colour(accent) ?? kept.accent };
  const look = lookIn({ ...kept, ...quick }, state);
  return (
    <section class="stage-look" aria-label={t("look.preview")}>
      <div class="stage-tools">
        <label><span class="unseen">{t("look.language")}</span>
          <select class="input" value={spoken} onChange={(event) => setLanguage(event.currentTarget.value)}>
            {languages.map((one) => <option key={one} value={one} lang={one}>{ownName(one)}</option>)}
          </select>
        </label>
        <Group label={t("look.state")} all={STATES} chosen={state} choose={setState} words={(one) => t(`look.${one}`)} />
        <Group label={t("look.scheme")} all={SCHEMES} chosen={scheme} choose={setScheme} words={(one) => t(`theme.${one}`)} />
        <Group label={t("look.width")} all={WIDTHS} chosen={width} choose={setWidth} words={(one) => t(`look.${one}`)} />
      </div>
      <Frame key={`${site.key} ${spoken} ${scheme} ${width}`} look={look} language={spoken} scheme={scheme} narrow={width === "phone"} />
      <p class="quiet" role="status">{Object.keys(draft).length ? t("look.draft") : t("look.live")}</p>
    </section>
  );
}

function Group<T extends string>({ label, all, chosen, choose, words }: { label: string; all: readonly T[]; chosen: T; choose: (one: T) => void; words: (one: T) => string }) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {all.map((one) => <Button key={one} label={words(one)} kind="plain" small pressed={one === chosen} onClick={() => choose(one)} />)}
    </div>
  );
}

/** The widget itself, on a page that the hub serves for it; it has no line out and shares nothing with the console. */
function Frame({ look, language, scheme, narrow }: { look: SiteLook; language: string; scheme: string; narrow: boolean }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const heard = (event: MessageEvent) => event.source === frame.current?.contentWindow && event.data === "ready" && setReady(true);
    addEventListener("message", heard);
    return () => removeEventListener("message", heard);
  }, []);
  const told = JSON.stringify({ look, language, scheme, open: true });
  // The frame's origin is opaque, so no other can be named; what is sent is what every visitor is shown.
  useEffect(() => void (ready && frame.current?.contentWindow?.postMessage(JSON.parse(told), "*")), [ready, told]);
  return <iframe ref={frame} class={`stage-frame${narrow ? " narrow" : ""}`} src="/preview" sandbox="allow-scripts" title={t("look.preview")} />;
}
