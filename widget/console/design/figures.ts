// Money, sizes, languages and shares, as the reader's own region writes them.

const currencies = new Map<string, Intl.NumberFormat | null>();

function formatOf(currency: string): Intl.NumberFormat | null {
  const known = currencies.get(currency);
  if (known !== undefined) return known;
  let format: Intl.NumberFormat | null = null;
  try {
    format = new Intl.NumberFormat(undefined, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  } catch {
    // not a currency code: the amount alone
  }
  currencies.set(currency, format);
  return format;
}

const plain = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function money(amount: number, currency = ""): string {
  const format = currency ? formatOf(currency) : null;
  return format ? format.format(amount) : [plain.format(amount), currency].filter(Boolean).join(" ");
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "312 kB", "4.2 MB". */
export function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** step;
  return new Intl.NumberFormat(undefined, { style: "unit", unit: UNITS[step]!, maximumFractionDigits: amount < 10 && step ? 1 : 0 }).format(amount);
}

const languages = new Intl.DisplayNames(undefined, { type: "language" });

export function languageName(code: string): string {
  try {
    return languages.of(code) ?? code;
  } catch {
    return code; // not a language tag
  }
}
