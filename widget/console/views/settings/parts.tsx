// What the pages of a site's settings have in common: whose setting it is, what is wrong with it, keeping and taking back.

import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useId } from "preact/hooks";
import { Button } from "../../design/button";
import { Icon } from "../../design/icons";
import { Time } from "../../design/time";
import { useHub } from "../../state/hub";
import { type Settings, settingsOf } from "../../state/settings";
import { toast } from "../../state/toasts";
import { type AnyKey, known, t } from "../../text";
import { Copy } from "../copy";
import { told } from "./told";

const Given = createContext<Settings | null>(null);

export function useSettings(): Settings {
  return useContext(Given)!;
}

/** Loads, shows what went wrong, and lets a site be chosen where there are several. */
export function OfSite({ children }: { children: ComponentChildren }) {
  const settings = settingsOf(useHub());
  useEffect(() => settings.watch(), [settings]);
  const { value: page } = settings.page;
  const failed = settings.failed.value;
  if (!page) return failed === null ? <p class="quiet" role="status">{t("loading")}</p> : <p class="field-wrong" role="alert">{failed || t("settings.unreachable")}</p>;
  if (!page.sites.length) return <p>{t("settings.no.site", { file: page.file ?? "hub.toml" })}</p>;
  return (
    <Given.Provider value={settings}>
      <SitePicker />
      {children}
      <History />
      <SaveBar />
    </Given.Provider>
  );
}

function SitePicker() {
  const settings = useSettings();
  const sites = settings.page.value?.sites ?? [];
  if (sites.length < 2) return null;
  return (
    <div class="segments settings-sites" role="group" aria-label={t("settings.site")}>
      {sites.map((one) => (
        <Button key={one.key} label={one.look.name} kind="plain" pressed={one.key === settings.site.value?.key} onClick={() => (settings.chosen.value = one.key)} />
      ))}
    </div>
  );
}

export const labelOf = (name: string): string => {
  const key = `setting.${name}`;
  return known(key) ? t(key) : name;
};

/** One setting. A control that stands alone is labelled by `id`; several are a group. */
export function Setting({ name, lead, group, children }: {
  name: string;
  lead?: AnyKey;
  group?: boolean;
  children: (locked: boolean, id: string, wrong: boolean) => ComponentChildren;
}) {
  const settings = useSettings();
  const id = useId();
  const setting = settings.setting(name);
  if (!setting) return null;
  const problems = settings.problems(name);
  const changed = name in settings.draft.value;
  const label = <>{labelOf(name)} {changed && <span class="tag">{t("settings.changed")}</span>}</>;
  return (
    <div class={`setting${setting.locked ? " locked" : ""}`} role={group ? "group" : undefined} aria-labelledby={group ? `${id}-label` : undefined}>
      {group ? <p class="setting-label" id={`${id}-label`}>{label}</p> : <label class="setting-label" for={id}>{label}</label>}
      {children(!!setting.locked, id, problems.length > 0)}
      {lead && <p class="quiet setting-lead">{t(lead)}</p>}
      {problems.map(([path, words]) => <p class="field-wrong" role="alert" key={path}>{path !== name && `${path}: `}{words}</p>)}
      <Whose name={name} />
    </div>
  );
}

/** Whose a setting is: the file's, with its place; somebody's, with the way back; or nobody's, which needs no word. */
export function Whose({ name }: { name: string }) {
  const settings = useSettings();
  const setting = settings.setting(name);
  const file = settings.page.value?.file ?? "hub.toml";
  if (!setting) return null;
  if (setting.locked) {
    const path = `sites.${settings.site.value?.key}.${name}`;
    const where = setting.line ? t("settings.locked", { file, line: setting.line }) : t("settings.locked.default", { file });
    return (
      <p class="setting-whose">
        <Icon name="lock" /> <span>{where}</span> <Copy text={path} what={path} />
        {setting.shadowed && <span class="warm">{t("settings.shadowed")}</span>}
      </p>
    );
  }
  const draft = settings.draft.value;
  const isDefault = name in draft ? draft[name] === null : setting.source === "default";
  if (isDefault) return null;
  return (
    <p class="setting-whose">
      {setting.at ? <span>{setting.by || t("settings.somebody")}, <Time at={setting.at} /></span> : null}
      <Button label={t("settings.default")} small kind="plain" icon="undo" onClick={() => settings.set(name, null)} />
    </p>
  );
}

/** Stays in sight while something is not kept yet. */
function SaveBar() {
  const settings = useSettings();
  const count = settings.count.value;
  if (!count) return null;
  const site = settings.site.value!.key;
  const save = async () => {
    const done = await settings.save();
    if ("refused" in done) return toast(done.refused || t("settings.failed"), { bad: true });
    const undo = async () => {
      const why = await settings.undo(site, done.change);
      toast(why || t("settings.undone"), { bad: !!why });
    };
    toast(t("settings.saved"), { undo: () => void undo() });
  };
  return (
    <div class="save-bar" role="region" aria-label={t("settings.unsaved", { count })}>
      <span>{t("settings.unsaved", { count })}</span>
      <Button label={t("settings.discard")} onClick={() => settings.discard()} />
      <Button label={t("settings.save")} kind="first" disabled={settings.busy.value} onClick={() => void save()} />
    </div>
  );
}

function History() {
  const settings = useSettings();
  const site = settings.site.value;
  const changes = site?.changes ?? [];
  if (!site || !changes.length) return null;
  const undo = async (change: string) => {
    const why = await settings.undo(site.key, change);
    toast(why || t("settings.undone"), { bad: !!why });
  };
  return (
    <details class="setting-history">
      <summary>{t("settings.history", { count: changes.length })}</summary>
      <ol>
        {changes.map((one) => (
          <li key={one.id}>
            <Time at={one.at} /> <bdi class="by">{one.by || t("settings.somebody")}</bdi>
            <ul>
              {one.settings.map(([name, before, after]) => (
                <li key={name}>{labelOf(name)}: <del><bdi>{told(before)}</bdi></del> <Icon name="right" /> <ins><bdi>{told(after)}</bdi></ins></li>
              ))}
            </ul>
            {one.may_undo && <Button label={t("undo")} icon="undo" small onClick={() => void undo(one.id)} />}
          </li>
        ))}
      </ol>
    </details>
  );
}
