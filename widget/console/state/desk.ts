// Which conversations lie open, side by side, and which one has the operator's eye.
//
// Looking is not taking: a conversation that is only looked at opens in a preview pane, which the next one replaces. It
// stays once the operator takes it, writes in it or pins it. The width decides how many panes are shown at once. Each tab
// keeps its own over a reload and a crash.

import { computed, effect, signal } from "@preact/signals";
import type { Id } from "../../wire/console";
import { recallHere, rememberHere } from "./storage";

export interface Pane {
  readonly id: Id;
  readonly pinned: boolean;
}

export type Area = "desk" | "visitors" | "replies" | "pairs" | "health" | "team" | "settings";
const AREAS: readonly Area[] = ["desk", "visitors", "replies", "pairs", "health", "team", "settings"];

export const MOST_PANES = 4;
const LIST = 268;
const RAIL = 52;
const NARROWEST = 272;

export class Desk {
  readonly area = signal<Area>("desk");
  /** The page of the settings that is looked at; empty: the first. */
  readonly settings = signal("");
  readonly panes = signal<readonly Pane[]>([]);
  /** Index of the pane that has the operator's eye. */
  readonly focused = signal(0);
  /** The message that was searched for: shown and marked in its pane. Every search makes a new one. */
  readonly spot = signal<{ readonly id: Id; readonly seq: number } | null>(null);
  /** The customer panel lies open beside the focused pane. */
  readonly panel = signal(true);
  readonly width = signal(innerWidth);

  /** Panes that fit side by side: 4 at 1440 px, 2 on a small screen, 1 on a tablet or a phone. */
  readonly capacity = computed(() => {
    const room = this.width.value - RAIL - LIST;
    return this.width.value < 1100 ? 1 : Math.min(MOST_PANES, Math.max(1, Math.floor(room / NARROWEST)));
  });

  readonly current = computed<Id | null>(() => this.panes.value[this.focused.value]?.id ?? null);

  constructor(operator: Id) {
    const key = `panes.${operator}`;
    const kept = recallHere<{ panes: Pane[]; focused: number }>(key);
    if (kept?.panes.length) {
      this.panes.value = kept.panes;
      this.focused.value = Math.min(kept.focused, kept.panes.length - 1);
    }
    effect(() => rememberHere(key, { panes: this.panes.value, focused: this.focused.value }));
    this.fromAddress();
    addEventListener("resize", () => (this.width.value = innerWidth));
    addEventListener("hashchange", () => this.fromAddress());
  }

  go(area: Area): void {
    this.area.value = area;
    this.toAddress();
  }

  /** Opens a page of the settings. */
  goSettings(page: string): void {
    this.settings.value = page;
    this.go("settings");
  }

  /** Shows a conversation and gives it the eye. `pin` keeps it when others are looked at. */
  open(id: Id, pin = false): void {
    this.area.value = "desk";
    const panes = [...this.panes.value];
    let at = panes.findIndex((pane) => pane.id === id);
    if (at < 0) at = this.roomFor(panes);
    const there = panes[at];
    const pinned = pin || (there?.id === id && there.pinned);
    panes[at] = { id, pinned };
    this.panes.value = panes;
    this.focused.value = at;
    this.toAddress();
  }

  /** Shows a conversation at one of its messages. */
  openAt(id: Id, seq: number): void {
    this.spot.value = { id, seq };
    this.open(id);
  }

  /** Where a further conversation goes: the preview pane, else a free place, else the place of the focused one. */
  private roomFor(panes: readonly Pane[]): number {
    const preview = panes.findIndex((pane) => !pane.pinned);
    if (preview >= 0) return preview;
    return panes.length < this.capacity.value ? panes.length : Math.min(this.focused.value, panes.length - 1);
  }

  pin(id: Id): void {
    if (this.panes.peek().some((pane) => pane.id === id && !pane.pinned))
      this.panes.value = this.panes.peek().map((pane) => (pane.id === id ? { ...pane, pinned: true } : pane));
  }

  /** Takes it off the desk; the conversation itself stays as it is, and so does the eye unless it was on this one. */
  putAway(id: Id): void {
    const { value: eye } = this.current;
    const panes = this.panes.value.filter((pane) => pane.id !== id);
    const at = panes.findIndex((pane) => pane.id === eye);
    this.panes.value = panes;
    this.focused.value = at >= 0 ? at : Math.max(0, Math.min(this.focused.value, panes.length - 1));
    this.toAddress();
  }

  /** Lets the panes lie in this order; the eye stays on its conversation. */
  arrange(panes: readonly Pane[]): void {
    const { value: id } = this.current;
    if (panes.every((pane, at) => pane.id === this.panes.value[at]?.id)) return;
    this.panes.value = panes;
    this.focused.value = Math.max(0, panes.findIndex((pane) => pane.id === id));
  }

  focus(index: number): void {
    if (index < this.panes.value.length) this.focused.value = index;
    this.toAddress();
  }

  /** The eye is on this conversation. */
  look(id: Id): void {
    const at = this.panes.peek().findIndex((pane) => pane.id === id);
    if (at >= 0 && at !== this.focused.peek()) this.focus(at);
  }

  /** Whether the eye is on this conversation at this very moment, drawn so or not yet. */
  readonly eyeOn = (id: Id): boolean => this.current.peek() === id;

  /** The address names the area and the focused conversation, so that a reload and a link lead back here. */
  private toAddress(): void {
    const area = this.area.value;
    const within = area === "desk" ? this.current.value : area === "settings" ? this.settings.value : "";
    const path = within ? `${area}/${within}` : area;
    if (location.hash !== `#${path}`) history.replaceState(null, "", `#${path}`);
  }

  private fromAddress(): void {
    const [area, id] = location.hash.slice(1).split("/");
    const known = AREAS.find((one) => one === area);
    if (known) this.area.value = known;
    if (known === "settings") this.settings.value = id ?? "";
    if (known === "desk" && id && /^[0-9a-f]{32}$/.test(id) && id !== this.current.peek()) this.open(id);
  }
}
