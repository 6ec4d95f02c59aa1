/**
 * The question whether the visit may be recorded: a quiet card with a yes and a no of equal weight.
 *
 * Shown where the site asks for consent and nobody has answered. It takes no focus, covers no content
 * that cannot be scrolled to, and nothing is remembered until one of the two is pressed; leaving it is a no for now.
 */

import css from "./consent.css?text";
import { load } from "./sentences.ts";

interface Surroundings {
  frame: HTMLElement;
  stay(): void;
  language: string;
  style(css: string): void;
  decide(yes: boolean): void;
}

/** Gives what shows and hides the card. */
export default async function consent({ frame, stay, language, style, decide }: Surroundings): Promise<(on: boolean) => void> {
  const words = await load(language);
  style(css);
  const make = <K extends "p" | "section" | "button">(tag: K, name: string, text = "") => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };
  const card = make("section", "consent");
  card.lang = language;
  card.setAttribute("aria-label", words.consent_title);
  card.append(make("p", "ask", words.consent_ask));
  for (const yes of [false, true]) {
    const button = make("button", "choose", yes ? words.consent_yes : words.consent_no);
    button.type = "button";
    button.addEventListener("click", () => {
      try {
        decide(yes);
      } catch (error) {
        console.debug("hub:", error);
      }
    });
    card.append(button);
  }
  return (on) => {
    if (!on) card.remove();
    else if (card.parentNode !== frame) frame.prepend(card);
    if (on) stay();
  };
}
