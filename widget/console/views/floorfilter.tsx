// Who is shown on the floor: a menu of wishes that add up, with what is wished for standing beside it.

import { Button } from "../design/button";
import { languageName } from "../design/figures";
import { Icon } from "../design/icons";
import { Menu, type MenuEntry } from "../design/menu";
import { type Narrow, tongue, wishes } from "../state/floor";
import { useHub } from "../state/hub";
import { narrow } from "../state/looking";
import { t } from "../text";

const PLAIN = ["lingering", "cart", "returning", "watched"] as const;
const DEVICES = ["desktop", "phone", "tablet"] as const;

function set(part: { [K in keyof Narrow]?: Narrow[K] | undefined }): void {
  const next: Record<string, unknown> = { ...narrow.value, ...part };
  for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key];
  narrow.value = next as Narrow;
}

export function FloorFilter() {
  const hub = useHub();
  const now = narrow.value;
  const wish = <K extends keyof Narrow>(key: K, value: NonNullable<Narrow[K]>, label: string): MenuEntry => ({
    label, chosen: now[key] === value, run: () => set({ [key]: now[key] === value ? undefined : value } as Partial<Narrow>),
  });
  const tongues = [...new Set([...hub.visitors.peek().map(tongue), now.language ?? ""])].filter(Boolean).sort();
  const sites = hub.sites.value;
  const entries: MenuEntry[] = [
    ...PLAIN.map((key) => wish(key, true, t(`narrow.${key}`))),
    null,
    wish("helped", "no", t("narrow.unhelped")),
    wish("helped", "yes", t("narrow.helped")),
    null,
    ...DEVICES.map((device) => wish("device", device, t(`device.${device}`))),
    ...(tongues.length > 1 || now.language ? [null, t("visitors.language"), ...tongues.map((one) => wish("language", one, languageName(one)))] : []),
    ...(sites.length > 1 ? [null, t("visitors.site"), ...sites.map((site) => wish("site", site, hub.siteNames.value[site] ?? site))] : []),
    ...(wishes(now) ? [null, { label: t("narrow.clear"), icon: "cross" as const, run: () => (narrow.value = {}) }] : []),
  ];
  return (
    <span class="floor-filter">
      {said(now, hub.siteNames.value).map(([key, words]) => (
        <button type="button" class="wish" key={key} aria-label={t("narrow.drop", { wish: words })} data-tip={t("narrow.drop", { wish: words })} onClick={() => set({ [key]: undefined })}>
          <span class="cut">{words}</span><Icon name="cross" />
        </button>
      ))}
      <Menu entries={entries} side="end" label={t("narrow")}>
        {(open, toggle) => <Button label={t("narrow")} icon="filter" only="icon" kind="plain" pressed={wishes(now) > 0} expanded={open} onClick={toggle} />}
      </Menu>
    </span>
  );
}

/** What is wished for, in words. */
function said(now: Narrow, sites: Readonly<Record<string, string>>): [keyof Narrow, string][] {
  return (Object.keys(now) as (keyof Narrow)[]).map((key) => {
    const value = now[key];
    if (key === "helped") return [key, t(value === "yes" ? "narrow.helped" : "narrow.unhelped")];
    if (key === "device") return [key, t(`device.${value as "phone"}`)];
    if (key === "language") return [key, languageName(String(value))];
    if (key === "site") return [key, sites[String(value)] ?? String(value)];
    return [key, t(`narrow.${key}`)];
  });
}
