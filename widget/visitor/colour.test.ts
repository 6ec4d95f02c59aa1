// Contrast: whatever colour a shop chooses, its words can be read.

import { expect, test } from "vitest";
import { shades } from "./colour.ts";
import { light } from "./button.ts";
import { dice } from "./testing.ts";
import tokens from "./tokens.css?text";

type Rgb = [number, number, number];

const luminance = (rgb: Rgb) => {
  const [r, g, b] = rgb.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: Rgb, b: Rgb) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

function rgb(css: string): Rgb {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(css)?.[1];
  if (hex) return (hex.length === 3 ? [...hex].map((c) => c + c) : hex.match(/../g)!).map((c) => parseInt(c, 16) / 255) as Rgb;
  const numbers = css.match(/[\d.]+/g)!.map(Number) as Rgb;
  return css.startsWith("oklch") ? fromOklch(...numbers) : (numbers.map((n) => n / 255) as Rgb);
}

/** B. Ottosson, "A perceptual color space for image processing" (2020). */
function fromOklch(percent: number, chroma: number, hue: number): Rgb {
  const [L, a, b] = [percent / 100, chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
  return linear.map((v) => Math.min(1, Math.max(0, v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055))) as Rgb;
}

function set(dark: boolean): Record<string, string> {
  const [day, night] = tokens.split("@media") as [string, string];
  const read = (text: string) => Object.fromEntries([...text.matchAll(/--([\w-]+): (oklch\([^)]*\))/g)].map(([, name, value]) => [name, value!]));
  return dark ? { ...read(day), ...read(night) } : read(day);
}

test.each([false, true])("every ink is read on every surface it stands on (dark: %s)", (dark) => {
  const colours = set(dark);
  for (const ink of ["ink-1", "ink-2", "ink-3"]) {
    for (const surface of ["surface-0", "surface-1", "surface-2"]) {
      expect(contrast(rgb(colours[ink]!), rgb(colours[surface]!)), `${ink} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  }
  expect(contrast(rgb(colours["ink-1"]!), rgb(colours["surface-3"]!))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(rgb(colours["bad"]!), rgb(colours["surface-0"]!))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(rgb(colours["bad-ink"]!), rgb(colours["bad"]!))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(rgb(colours["ok"]!), rgb(colours["surface-0"]!)), "the dot of presence").toBeGreaterThanOrEqual(3);
});

test.each([false, true])("any colour a shop may choose becomes legible (dark: %s)", (dark) => {
  const surfaces = set(dark);
  const random = dice(7);
  const chosen = ["#000", "#fff", "#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#808080", "#0b6e5f", "#ff6a13", "#ffd23f"];
  for (let i = 0; i < 2_000; i++) chosen.push(`#${Math.floor(random() * 0x1000000).toString(16).padStart(6, "0")}`);
  for (const colour of chosen) {
    const { fill, ink, text } = shades(colour, dark);
    expect(contrast(rgb(ink), rgb(fill)), `ink on ${colour}`).toBeGreaterThanOrEqual(4.5);
    for (const surface of ["surface-0", "surface-1", "surface-2"]) {
      expect(contrast(rgb(text), rgb(surfaces[surface]!)), `${colour} as text on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
    if (dark) expect(contrast(rgb(fill), rgb(surfaces["surface-0"]!)), `${colour} as a shape`).toBeGreaterThanOrEqual(2.9);
  }
});

test("a colour that is legible as it is stays as it is", () => {
  expect(shades("#0b6e5f", false)).toMatchObject({ fill: "rgb(11 110 95)", ink: "#fff" });
  expect(shades("#ffd23f", false).fill).toBe("rgb(255 210 63)");
});

test("what is no colour becomes the hub's own", () => {
  for (const wrong of ["", "red", "url(x)", "#12", "#gggggg"]) expect(shades(wrong, false)).toEqual(shades("#2f5bd0", false));
});

test("the button's picture has 3 : 1 on any colour", () => {
  const random = dice(11);
  for (let i = 0; i < 2_000; i++) {
    const colour = `#${Math.floor(random() * 0x1000000).toString(16).padStart(6, "0")}`;
    expect(contrast(rgb(light(colour) ? "#14161a" : "#ffffff"), rgb(colour)), colour).toBeGreaterThanOrEqual(2.95);
  }
});
