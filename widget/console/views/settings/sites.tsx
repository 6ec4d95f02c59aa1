// Where the widget is: the line for the shop's pages, whether it works there, and what to do where it does not.

import { Icon } from "../../design/icons";
import { Time } from "../../design/time";
import type { SiteSettings } from "../../../wire/settings";
import { t } from "../../text";
import { Copy } from "../copy";
import { Snippet } from "../snippet";
import { OfSite, useSettings, Whose } from "./parts";

export function Sites() {
  return <OfSite><Site /></OfSite>;
}

function Site() {
  const settings = useSettings();
  const site = settings.site.value!;
  const newest = (site.seen ?? [])[0];
  return (
    <div class="settings-form">
      <section class="card">
        <h3>{t("sites.install")}</h3>
        <p>{t("sites.install.lead")}</p>
        <Snippet site={site.key} />
        <p class={newest ? "sites-state well" : "sites-state"} role="status">
          <Icon name={newest ? "check" : "clock"} />
          {newest ? <span>{t("sites.seen")} <Time at={newest.at} />{newest.url && <> · <bdi class="address">{newest.url}</bdi></>}</span> : <span>{t("sites.unseen")}</span>}
        </p>
      </section>
      <Origins site={site} />
      <section class="card">
        <h3>{t("sites.of.file")}</h3>
        <p class="quiet">{t("sites.of.file.lead")}</p>
        <dl class="file-facts">
          {["consent", "honour_gpc", "queue", "identity_keys"].map((name) => <FileFact key={name} name={name} />)}
        </dl>
      </section>
    </div>
  );
}

function FileFact({ name }: { name: string }) {
  const settings = useSettings();
  const value = settings.setting(name)?.value;
  const words = name === "identity_keys" ? t("sites.keys", { count: (value as unknown[] | undefined)?.length ?? 0 })
    : typeof value === "boolean" ? t(value ? "yes" : "sites.no") : String(value ?? "");
  return (
    <div>
      <dt>{t(`setting.${name as "consent"}`)}</dt>
      <dd><span>{words}</span>{settings.setting(name)?.line ? <Whose name={name} /> : <span class="quiet"> · {t("file.of.default")}</span>}</dd>
    </div>
  );
}

/** The origins of the file, each with when it was last seen; and those that ask in vain. */
function Origins({ site }: { site: SiteSettings }) {
  const settings = useSettings();
  const page = settings.page.value!;
  const seen = new Map((site.seen ?? []).map((one) => [one.origin, one]));
  const turned = (page.turned_away ?? []).filter((one) => !one.site || one.site === site.key);
  return (
    <section class="card">
      <h3>{t("sites.origins")}</h3>
      <p class="quiet">{t("sites.origins.lead", { file: page.file ?? "hub.toml" })}</p>
      {!site.origins.length && <p class="warm">{t("sites.origins.none")}</p>}
      <ul class="origins">
        {site.origins.map((origin) => {
          const last = seen.get(origin);
          return (
            <li key={origin}>
              <Icon name={last ? "check" : "clock"} /><bdi class="address">{origin}</bdi>
              <span class="quiet">{last ? <>{t("sites.seen")} <Time at={last.at} /></> : t("sites.unseen.origin")}</span>
            </li>
          );
        })}
      </ul>
      {settings.setting("origins")?.line && <Whose name="origins" />}
      {turned.map((one) => {
        const line = `origins = ${JSON.stringify([...site.origins, one.origin])}`;
        return (
          <div class="turned" key={one.origin} role="note">
            <p><Icon name="alert" /> <span>{t("sites.turned", { origin: one.origin, count: one.count })} <Time at={one.at} /></span></p>
            <p>{t("sites.turned.cure", { section: `[sites.${site.key}]`, file: page.file ?? "hub.toml" })}</p>
            <div class="snippet"><code dir="ltr">{line}</code><Copy text={line} what={t("sites.line")} /></div>
          </div>
        );
      })}
    </section>
  );
}
