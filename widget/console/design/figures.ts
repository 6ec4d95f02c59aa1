// Money, sizes, languages and shares, as the reader's own region writes them.

import { voice, written } from "../language";

const currencies = written(() => new Map<string, Intl.NumberFormat | null>());

function formatOf(currency: string): Intl.NumberFormat | null {
  const known = currencies.value.get(currency);
  if (known !== undefined) return known;
  let format: Intl.NumberFormat | null = null;
  try {
    format = new Intl.NumberFormat(voice.value.locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  } catch {
    // not a currency code: the amount alone
  }
  currencies.value.set(currency, format);
  return format;
}

const plain = written((locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }));

export function money(amount: number, currency = ""): string {
  const format = currency ? formatOf(currency) : null;
  return format ? format.format(amount) : [plain.value.format(amount), currency].filter(Boolean).join(" ");
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "312 kB", "4.2 MB". */
export function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** step;
  return new Intl.NumberFormat(voice.value.locale, { style: "unit", unit: UNITS[step]!, maximumFractionDigits: amount < 10 && step ? 1 : 0 }).format(amount);
}

const languages = written((locale) => new Intl.DisplayNames(locale, { type: "language" }));

export function languageName(code: string): string {
  try {
    return languages.value.of(code) ?? code;
  } catch {
    return code; // not a language tag
  }
}
