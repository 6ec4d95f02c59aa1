// What admins see and change of the sites: as it is kept, as it would be, and what the hub says to that.
//
// Drafts belong to a site and outlive a change of pages. The hub checks them, with the code that checks hub.toml, while they
// are made: nothing here knows what a good value is.

import { batch, computed, signal } from "@preact/signals";
import type { SettingsPage, SitePreview, SiteSetting, SiteSettings } from "../../wire/settings";
import { api, ApiError } from "./api";
import type { Hub } from "./hub";
import { TARGET, targets } from "./waits";

export type Draft = Readonly<Record<string, unknown>>;
type Wrong = Readonly<Record<string, string>>;

const PAUSE = 250;
const AGAIN = 20_000;

export class Settings {
  readonly page = signal<SettingsPage | null>(null);
  /** The hub could not be asked; its words, or "". */
  readonly failed = signal<string | null>(null);
  readonly chosen = signal("");
  readonly drafts = signal<Readonly<Record<string, Draft>>>({});
  readonly previews = signal<Readonly<Record<string, SitePreview>>>({});
  /** What the hub objects to in a draft, by site. */
  readonly wrong = signal<Readonly<Record<string, Wrong>>>({});
  readonly busy = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly hub: Hub) {}

  readonly site = computed<SiteSettings | null>(() => {
    const sites = this.page.value?.sites ?? [];
    return sites.find((one) => one.key === this.chosen.value) ?? sites[0] ?? null;
  });

  readonly draft = computed<Draft>(() => this.drafts.value[this.site.value?.key ?? ""] ?? {});
  readonly count = computed(() => Object.keys(this.draft.value).length);

  /** Asks now and then while somebody looks. Returns how to end it. */
  watch(): () => void {
    void this.load();
    const timer = setInterval(() => document.hidden || void this.load(), AGAIN);
    return () => clearInterval(timer);
  }

  async load(): Promise<void> {
    try {
      this.take(await api.settings());
    } catch (error) {
      this.failed.value = said(error);
    }
  }

  setting(name: string): SiteSetting | undefined {
    return this.site.value?.settings.find((one) => one.name === name);
  }

  /** The value as it would be. */
  value<T>(name: string): T {
    const setting = this.setting(name);
    return (name in this.draft.value ? (this.draft.value[name] ?? setting?.default) : setting?.value) as T;
  }

  /** What is wrong with a setting or with one of its parts (`hours.mon[1]`). */
  problem(path: string): string {
    const all = this.wrong.value[this.site.value?.key ?? ""] ?? {};
    return all[path] ?? "";
  }

  /** The first problem anywhere below a setting. */
  problems(name: string): [string, string][] {
    const all = this.wrong.value[this.site.value?.key ?? ""] ?? {};
    return Object.entries(all).filter(([path]) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
  }

  /** Null takes the setting back to the default. */
  set(name: string, value: unknown): void {
    const site = this.site.value;
    const setting = this.setting(name);
    if (!site || !setting || setting.locked) return;
    const { [name]: _before, ...rest } = this.draft.value;
    const unchanged = value === null ? setting.source === "default" : equal(value, setting.value);
    this.drafts.value = { ...this.drafts.value, [site.key]: unchanged ? rest : { ...rest, [name]: value } };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(site.key), PAUSE);
  }

  discard(): void {
    const key = this.site.value?.key ?? "";
    batch(() => {
      this.drafts.value = { ...this.drafts.value, [key]: {} };
      this.wrong.value = { ...this.wrong.value, [key]: {} };
      this.previews.value = without(this.previews.value, key);
    });
  }

  /** Keeps the draft. Returns the change, to be undone, or what the hub said instead. */
  async save(): Promise<{ change: string } | { refused: string }> {
    const site = this.site.value;
    if (!site || this.busy.value) return { refused: "" };
    this.busy.value = true;
    try {
      const page = await api.keepSettings(site.key, this.draft.value, site.n ?? 0);
      batch(() => {
        this.discard();
        this.take(page);
      });
      return { change: page.sites.find((one) => one.key === site.key)?.changes?.[0]?.id ?? "" };
    } catch (error) {
      if (error instanceof ApiError) this.wrong.value = { ...this.wrong.value, [site.key]: error.fields };
      if (error instanceof ApiError && error.code === "taken") void this.load();
      return { refused: said(error) };
    } finally {
      this.busy.value = false;
    }
  }

  /** Returns what the hub said against it, or "". */
  async undo(site: string, change: string): Promise<string> {
    try {
      this.take(await api.undoSettings(site, change));
      return "";
    } catch (error) {
      return said(error);
    }
  }

  /** Has the hub look at the draft: how the site would work, or what is wrong. */
  private async look(key: string): Promise<void> {
    const draft = this.drafts.value[key] ?? {};
    if (!Object.keys(draft).length) return this.none(key);
    try {
      const preview = await api.previewSettings(key, draft);
      if (this.drafts.value[key] !== draft) return;
      batch(() => {
        if (preview.look) this.previews.value = { ...this.previews.value, [key]: preview };
        this.wrong.value = { ...this.wrong.value, [key]: preview.problems ?? {} };
      });
    } catch {
      // Without an answer there is nothing to say of the draft; keeping it will tell.
    }
  }

  private none(key: string): void {
    this.previews.value = without(this.previews.value, key);
    this.wrong.value = { ...this.wrong.value, [key]: {} };
  }

  private take(page: SettingsPage): void {
    batch(() => {
      this.page.value = page;
      this.failed.value = null;
      targets.value = Object.fromEntries(page.sites.map((one) => [one.key, Number(one.settings.find(({ name }) => name === "target_seconds")?.value) || TARGET]));
      this.hub.siteNames.value = { ...this.hub.siteNames.peek(), ...Object.fromEntries(page.sites.map((one) => [one.key, one.look.name])) };
    });
  }
}

const kept = new WeakMap<Hub, Settings>();

/** The settings of this sign-in. */
export function settingsOf(hub: Hub): Settings {
  const known = kept.get(hub) ?? new Settings(hub);
  kept.set(hub, known);
  return known;
}

const said = (error: unknown): string => (error instanceof ApiError ? error.message : "");
const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function without<T>(all: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = all;
  return rest;
}
