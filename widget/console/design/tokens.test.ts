// Every pair of text and ground that occurs must be readable, in both sets.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const sheet = readFileSync("console/design/tokens.css", "utf8");

/** The custom properties of the rule with this selector. */
function set(selector: string): Map<string, string> {
  const from = sheet.indexOf(`${selector} {`);
  const body = sheet.slice(from, sheet.indexOf("}", from));
  return new Map([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((found) => [found[1]!, found[2]!.trim()]));
}

/** OKLCH to linear sRGB: https://bottosson.github.io/posts/oklab/. */
function linear(colour: string): [number, number, number] {
  const [l, c, h] = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)/.exec(colour)!.slice(1).map(Number) as [number, number, number];
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const [x, y, z] = [l + 0.3963377774 * a + 0.2158037573 * b, l - 0.1055613458 * a - 0.0638541728 * b, l - 0.0894841775 * a - 1.291485548 * b].map((v) => v ** 3) as [number, number, number];
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = linear(colour).map((v) => Math.min(1, Math.max(0, v))) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((p, q) => q - p) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ["--surface-0", "--surface-1", "--surface-2", "--surface-3"];
const TEXT_ON: [string, string[]][] = [
  ["--ink-1", [...SURFACES, "--accent-soft", "--note", "--wait-1-soft", "--wait-2-soft"]],
  ["--ink-2", [...SURFACES, "--accent-soft", "--note"]],
  ["--ink-3", [...SURFACES, "--note"]],
  ["--accent", ["--surface-0", "--surface-1", "--surface-2", "--accent-soft", "--note"]],
  ["--accent-ink", ["--accent", "--accent-strong"]],
  ["--surface-1", ["--ink-1", "--wait-2"]],
  ["--wait-0", ["--surface-0", "--surface-1", "--surface-3"]],
  ["--wait-1", ["--surface-0", "--surface-1", "--surface-3", "--wait-1-soft"]],
  ["--wait-2", ["--surface-0", "--surface-1", "--surface-3", "--wait-2-soft"]],
  ["--bad", ["--surface-0", "--surface-1", "--surface-2", "--wait-2-soft"]],
  ["--ok", ["--surface-0", "--surface-1", "--surface-2"]],
];

describe.each([["light", ":root"], ["dark", ':root[data-theme="dark"]']])("the %s set", (_, selector) => {
  const colours = set(selector);

  it.each(TEXT_ON.flatMap(([ink, grounds]) => grounds.map((ground) => [ink, ground] as const)))("%s is readable on %s", (ink, ground) => {
    expect(contrast(colours.get(ink)!, colours.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });

  it("shows the focus against every surface", () => {
    for (const ground of SURFACES) expect(contrast(colours.get("--focus")!, colours.get(ground)!)).toBeGreaterThanOrEqual(3);
  });

  it("keeps initials readable on every tint", () => {
    const [ground, ink, chroma] = ["--tint-ground", "--tint-ink", "--tint-chroma"].map((name) => Number(colours.get(name))) as [number, number, number];
    for (let hue = 0; hue < 360; hue += 30)
      expect(contrast(`oklch(${ground} ${chroma} ${hue}`, `oklch(${ink} ${chroma * 1.5} ${hue}`)).toBeGreaterThanOrEqual(4.5);
  });
});

it("has the same names in both sets", () => {
  const dark = set(':root[data-theme="dark"]');
  expect([...dark.keys()].sort()).toEqual([...set(":root").keys()].sort());
});
