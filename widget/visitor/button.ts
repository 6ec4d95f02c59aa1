/**
 * The round button, and the shadow root that everything of ours lives in.
 *
 * The root is open: a closed one protects nothing (the page owns the document), and would lock out tests,
 * translators and password managers. `all: initial` with importance keeps the shop's style sheet out; the shadow
 * root keeps ours in. Elements are made one by one and styles come as a constructed sheet, so the strictest
 * Content-Security-Policy has nothing to object to.
 *
 * The button has the site's colour as it is: its picture needs 3 : 1 only (WCAG 2.2, 1.4.11), which white or black
 * always gives. Where text stands on it, colour.ts adjusts it.
 */

import type { SiteLook } from "../wire/visitor.ts";
import css from "./shell.css?text";

const SVG = "http://www.w3.org/2000/svg";
const PICTURES = {
  chat: "M12 4c-5 0-9 3-9 7 0 2.4 1.4 4.5 4 6l-1 3.5 4-2.5c6 .7 11-2.6 11-7 0-4-4-7-9-7Z",
  fold: "m6 9.5 6 6 6-6",
};

export interface Shell {
  frame: HTMLElement;
  button: HTMLButtonElement;
  look(site: SiteLook): void;
  /** Puts the widget (back) into the page: routers that replace the whole body take it along. */
  stay(): void;
  style(css: string): void;
}

/** `word` is "Chat" in the reader's language. */
export function shell(word: string, rtl: boolean): Shell {
  const host = document.createElement("touchpoint-hub");
  const root = host.attachShadow({ mode: "open" });
  const make = <K extends "div" | "button">(tag: K, name: string, parent: Node) => {
    const made = document.createElement(tag);
    made.className = name;
    parent.appendChild(made);
    return made;
  };
  const style = (text: string) => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } catch {
      root.appendChild(document.createElement("style")).textContent = text; // browsers before 2023
    }
  };
  style(css);
  const frame = make("div", "hub", root);
  frame.dir = rtl ? "rtl" : "ltr";
  const button = make("button", "button", frame);
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  const svg = button.appendChild(document.createElementNS(SVG, "svg"));
  svg.setAttribute("viewBox", "0 0 24 24");
  for (const [name, strokes] of Object.entries(PICTURES)) {
    const path = svg.appendChild(document.createElementNS(SVG, "path"));
    path.setAttribute("class", name);
    path.setAttribute("d", strokes);
  }
  return {
    frame,
    button,
    style,
    look({ accent, name }) {
      button.setAttribute("aria-label", `${word} · ${name}`);
      button.style.background = accent;
      button.style.color = light(accent) ? "#14161a" : "#fff";
    },
    stay: () => host.isConnected || (document.body ?? document.documentElement).appendChild(host),
  };
}

/** White has less than 3 : 1 on this colour (#rrggbb; anything else counts as dark). */
export const light = (colour: string): boolean => {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\da-f]{2}/gi) ?? []).map((byte) => (parseInt(byte, 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.3;
};
