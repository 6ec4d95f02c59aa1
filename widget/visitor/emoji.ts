/** A small grid of emoji for the composer: the ones people use with a shop. Arrow keys walk, Enter takes, Escape folds. */

import type { Desk } from "./desk.ts";
import css from "./emoji.css?text";

const ALL = "🙂 😀 😄 😂 😊 😉 😍 🥰 😎 🤔 😕 🙁 😢 😭 😡 😱 😅 🙃 😴 🤒 👍 👎 👌 👏 🙏 🤝 💪 👋 ✌️ 🤞 ❤️ 💛 💚 💙 💔 ✨ 🎉 🎁 🎂 🌹 🌱 ☀️ 🌧️ ❄️ ☕ 🍕 🛒 🛍️ 📦 🚚 🏠 💳 💶 📷 📎 📅 ⏰ ✅ ❌ ❓".split(" ");
const WIDTH = 10;

export default function emoji(desk: Desk) {
  const { el, on, press } = desk;
  desk.style(css);
  const buttons = ALL.map((one, n) => {
    const made = press("emo", "", () => put(one), one);
    made.tabIndex = n ? -1 : 0;
    return made;
  });
  const grid = el("div", "emoji", { role: "group", "aria-label": desk.texts.emoji, hidden: "" }, ...buttons);
  desk.places.tray.append(grid);
  let opener: HTMLElement | undefined;

  const fold = () => {
    grid.hidden = true;
    opener?.setAttribute("aria-expanded", "false");
  };
  const put = (one: string) => {
    const { input } = desk.places;
    fold();
    input.focus();
    input.setRangeText(one, input.selectionStart, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input"));
  };
  const walk = (from: number, step: number) => {
    const to = buttons[from + step];
    if (!to) return;
    for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
    to.focus();
  };

  on(grid, "keydown", (event: KeyboardEvent) => {
    const sideways = desk.frame.dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: sideways, ArrowLeft: -sideways, ArrowDown: WIDTH, ArrowUp: -WIDTH }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      fold();
      desk.places.input.focus();
    }
    if (!step) return;
    event.preventDefault();
    walk(buttons.indexOf(event.target as HTMLButtonElement), step);
  });
  on(desk.places.panel, "pointerdown", ({ target }: Event) => {
    if (!grid.contains(target as Node) && !opener?.contains(target as Node)) fold();
  });

  return {
    unfold(button: HTMLElement) {
      if (!grid.hidden) return fold();
      opener = button;
      grid.hidden = false;
      button.setAttribute("aria-expanded", "true");
      buttons.find(({ tabIndex }) => tabIndex === 0)?.focus();
    },
  };
}
