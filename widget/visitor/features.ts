/**
 * Page features: what plugins bring into the visitor's page, each behind a button.
 *
 * A feature's script is an ES module of the plugin, served by the hub and loaded at first use: when its button is
 * pressed, or when a frame for it arrives. It gets one object:
 *
 *   page.send(name, data)      a frame to the plugin; "ring" means "bell.ring" for the feature "bell"
 *   page.on(name, callback)    frames from the plugin
 *   page.mount()               an element within the panel that is the feature's own
 *   page.label                 the button's text
 */

import type { FeatureOffer } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import css from "./features.css?text";

export interface FeaturePage {
  label: string;
  /** Volatile: false while there is no line. */
  send(name: string, data?: unknown): boolean;
  on(name: string, callback: (data: unknown) => void): void;
  mount(): HTMLElement;
}

export interface Features {
  update(): void;
  /** A frame from the hub, named `feature.verb`. */
  frame(name: string, data: unknown): void;
}

interface Running {
  started: Promise<void>;
  button: HTMLButtonElement;
  listeners: Map<string, ((data: unknown) => void)[]>;
}

/** Shows its buttons and slots above the composer. */
export default function features(desk: Desk): Features {
  const { texts } = desk;
  const make = <K extends "div" | "p" | "button">(tag: K, name: string, parent: Element) => {
    const made = document.createElement(tag);
    made.className = name;
    return parent.appendChild(made);
  };
  desk.style(css);
  const shelf = make("div", "features", desk.places.shelf);
  const slots = make("div", "slots", shelf);
  const problem = make("p", "why", shelf);
  const buttons = make("div", "offers", shelf);
  problem.setAttribute("role", "alert");
  const running = new Map<string, Running>();
  const offered = new Map<string, HTMLButtonElement>();

  const start = (offer: FeatureOffer, button: HTMLButtonElement): Running => {
    const known = running.get(offer.name);
    if (known) return known;
    const listeners: Running["listeners"] = new Map();
    const begun: Running = { button, listeners, started: run(desk, offer, listeners, () => make("div", "slot", slots)) };
    running.set(offer.name, begun);
    begun.started.then(() => problem.replaceChildren(), (error) => {
      running.delete(offer.name); // the next press tries again
      problem.textContent = `${offer.label || offer.name}: ${texts.unavailable}`;
      console.debug("hub:", error);
    });
    return begun;
  };

  const button = (offer: FeatureOffer) => {
    const made = make("button", "offer", buttons);
    made.type = "button";
    made.textContent = offer.label || offer.name;
    made.addEventListener("click", desk.guard(() => {
      if (running.has(offer.name)) return; // from now on its own elements listen
      made.disabled = true;
      start(offer, made).started.catch(() => {}).then(() => (made.disabled = false));
    }));
    return made;
  };

  const update = () => {
    const offers = desk.around().features.filter((offer) => offer.script);
    for (const [name, made] of offered) {
      if (offers.some((offer) => offer.name === name)) continue;
      made.remove();
      offered.delete(name);
    }
    for (const offer of offers) {
      if (offered.has(offer.name)) continue;
      offered.set(offer.name, button(offer));
    }
  };

  const frame = (name: string, data: unknown) => {
    const feature = name.split(".")[0]!;
    const offer = desk.around().features.find((known) => known.name === feature && known.script);
    // What runs goes on: a call is not cut off because no further one is offered.
    if (!offer && !running.has(feature)) return;
    update();
    const { started, listeners } = running.get(feature) ?? start(offer!, offered.get(feature)!);
    started.then(() => listeners.get(name)?.forEach((callback) => desk.guard(callback)(data)), () => {});
  };

  return { update, frame };
}

/** Loads a feature's script and starts it. */
async function run(desk: Desk, { name, label = name, script }: FeatureOffer, listeners: Running["listeners"], room: () => HTMLElement) {
  const full = (verb: string) => (verb.includes(".") ? verb : `${name}.${verb}`);
  let slot: HTMLElement | undefined;
  const page: FeaturePage = {
    label,
    send: (verb, data = null) => desk.send({ t: "feature", name: full(verb), data }),
    on(verb, callback) {
      listeners.set(full(verb), [...(listeners.get(full(verb)) ?? []), callback]);
    },
    mount() {
      if (slot) return slot;
      slot = room();
      slot.setAttribute("role", "group");
      slot.setAttribute("aria-label", label);
      return slot;
    },
  };
  const module = await import(/* @vite-ignore */ new URL(script!, desk.origin).href);
  await module.default(page);
}
