// What a setting was or is, in words for the history of changes: an owner reads "Mon 09:00–17:00", not the file's notation.

import "../../parts/settings/words";
import { voice } from "../../language";
import { t } from "../../text";

const LONGEST = 160;
const MONDAY = Date.UTC(2024, 0, 1);
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const IS_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Null is the default. */
export function told(value: unknown): string {
  if (value === null || value === undefined) return t("settings.of.default");
  const text = words(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || "“”";
}

function words(value: unknown): string {
  if (typeof value === "boolean") return t(value ? "yes" : "sites.no");
  if (Array.isArray(value)) return value.map(words).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value);
  return parts.every(([name]) => DAYS.includes(name) || IS_DATE.test(name)) ? parts.map(day).join(" · ") : parts.map(([, part]) => words(part)).join(" · ");
}

function day([name, spans]: [string, unknown]): string {
  const open = Array.isArray(spans) && spans.length > 0;
  return `${dayName(name)} ${open ? spans.map((span) => String(span).replace("-", "–")).join(", ") : t("hours.closed")}`;
}

function dayName(name: string): string {
  const weekday = DAYS.indexOf(name);
  const at = weekday < 0 ? Date.parse(`${name}T00:00Z`) : MONDAY + weekday * 86_400_000;
  const shape = weekday < 0 ? ({ day: "numeric", month: "short", year: "numeric" } as const) : ({ weekday: "short" } as const);
  return new Intl.DateTimeFormat(voice.value.locale, { ...shape, timeZone: "UTC" }).format(at);
}
