// Light, dark, or as the system says. The tokens hang on `data-theme`, which is always set, so no rule stands twice.

import { effect, signal } from "@preact/signals";
import { forget, recall, remember } from "./storage";

export type Theme = "system" | "light" | "dark";

export const theme = signal<Theme>(recall<Theme>("theme") ?? "system");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const system = signal(systemDark.matches);
systemDark.addEventListener("change", (event) => (system.value = event.matches));

export function setTheme(next: Theme): void {
  theme.value = next;
  if (next === "system") forget("theme");
  else remember("theme", next);
}

export function startTheme(): void {
  effect(() => {
    const dark = theme.value === "dark" || (theme.value === "system" && system.value);
    document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  });
}
