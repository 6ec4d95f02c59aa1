// Bits and shares as the reader's region writes them.

import { written } from "../../language";

const signed = written((locale) => new Intl.NumberFormat(locale, { signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1 }));
const percent = written((locale) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }));

export const bits = (value: number): string => signed.value.format(value);

/** Never "100 %": nobody is that sure. */
export const share = (value: number): string => percent.value.format(Math.min(0.999, Math.floor(value * 1000) / 1000));
