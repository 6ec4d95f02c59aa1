/**
 * The site's colour, made legible.
 *
 * A shop chooses its colour for its logo, not for text. Here it becomes a fill with an ink that is read on it, and a
 * shade that is read as text on the panel; contrast is at least 4.5 : 1 (WCAG 2.2, 1.4.3). Lightness moves in linear
 * light, by scaling: that keeps the hue and needs no search, since relative luminance is linear there. A near miss with white ink is darkened rather than given black ink, because that is
 * what a designer would do; truly light colours keep their lightness and get dark ink.
 */

/** Luminance that just has 4.5 : 1 against white, a little on the safe side of rounding. */
const UNDER_WHITE = 0.18;
const DARK_INK = "#14161a";
const FALLBACK = [0x2f, 0x5b, 0xd0];

export interface Shades {
  fill: string;
  ink: string;
  /** The colour as text on the panel's surfaces. */
  text: string;
}

/** `colour` is #rrggbb; anything else gives the hub's own blue. */
export function shades(colour: string, dark: boolean): Shades {
  const rgb = parse(colour).map(linear);
  let fill = rgb;
  if (dark) fill = atLeast(fill, 0.13); // 3 : 1 against the dark panel, or the button is not seen
  const y = luminance(fill);
  const white = y < 0.3; // at least 3 : 1 as it is
  if (white) fill = atMost(fill, UNDER_WHITE);
  const text = dark ? atLeast(rgb, 0.32) : atMost(rgb, 0.14);
  return { fill: css(fill), ink: white ? "#fff" : DARK_INK, text: css(text) };
}

const parse = (colour: string): number[] =>
  /^#[\da-f]{6}$/i.test(colour) ? colour.match(/[^#]{2}/g)!.map((byte) => parseInt(byte, 16)) : FALLBACK;

const linear = (byte: number) => (byte > 10 ? ((byte / 255 + 0.055) / 1.055) ** 2.4 : byte / 255 / 12.92);
const byte = (light: number) =>
  Math.round(255 * (light > 0.0031308 ? 1.055 * light ** (1 / 2.4) - 0.055 : light * 12.92));

const luminance = ([r, g, b]: number[]) => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;

const atMost = (rgb: number[], target: number) => {
  const share = Math.min(1, target / (luminance(rgb) || 1));
  return rgb.map((light) => light * share);
};

/** Scales as far as the strongest channel goes, which keeps the colour; only then it fades towards white. */
const atLeast = (rgb: number[], target: number) => {
  const strong = rgb.map((light) => light * Math.max(1, Math.min(target / luminance(rgb), 1 / Math.max(...rgb))) || 0);
  const y = luminance(strong);
  const fade = Math.max(0, (target - y) / (1 - y) || 0);
  return strong.map((light) => light + (1 - light) * fade);
};

const css = (rgb: number[]) => `rgb(${rgb.map(byte).join(" ")})`;
