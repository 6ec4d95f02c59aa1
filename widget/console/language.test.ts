// The reader's language and zone: what is chosen, what stands in for what is missing, and the calendar of another place.

import { afterEach, describe, expect, test, vi } from "vitest";
import { dayName, duration, relative } from "./design/time";
import { money, size } from "./design/figures";
import { addWords, browsersLanguage, ownName, type Part, speak, speakAsBefore, rememberOwn, tellTimesIn, voice, wordsAreHere } from "./language";
import { daysApart, endOfDay } from "./state/calendar";
import { t } from "./text";

afterEach(async () => {
  localStorage.clear();
  tellTimesIn("");
  await speak("en");
});

describe("words", () => {
  test("are those of the language chosen, and the page says so", async () => {
    await speak("de");
    expect(t("nav.visitors")).toBe("Besucher");
    expect(document.documentElement.lang).toBe("de");
    expect(document.documentElement.dir).toBe("ltr");
  });

  test("that a language has not are English, with the figures of the language", async () => {
    voice.value = { ...voice.value, words: {} };
    expect(t("find.count", { count: 1 })).toBe("1 hit");
    await speak("xx");
    expect(t("signin.title")).toBe("Sign in");
  });

  test("count by the rules of their language", () => {
    const words = { "find.count.one": "{count} wynik", "find.count.few": "{count} wyniki", "find.count.many": "{count} wyników", "find.count.other": "{count} wyniku" };
    voice.value = { ...voice.value, language: "pl", words, plurals: new Intl.PluralRules("pl"), figures: new Intl.NumberFormat("pl") };
    expect([1, 3, 5, 22, 112].map((count) => t("find.count", { count }))).toEqual(["1 wynik", "3 wyniki", "5 wyników", "22 wyniki", "112 wyników"]);
  });

  test("are the browser's where nothing was chosen", () => {
    expect(browsersLanguage(["fi-FI", "de-AT", "en"])).toBe("de");
    expect(browsersLanguage(["fi"])).toBe("en");
  });

  test("are remembered for the door", async () => {
    rememberOwn("de", "Asia/Tokyo");
    await speakAsBefore();
    expect(t("signin.title")).toBe("Anmelden");
    expect(ownName("de")).toBe("Deutsch");
  });

  test("of a part come with it, in the language that is read and in those chosen later", async () => {
    const said = { de: "Teil", fr: "Partie" } as Record<string, string>;
    const part: Part = { en: { "part.test": "Part", "part.only": "Only English" }, load: (language) => Promise.resolve({ default: { "part.test": said[language]! } }) };
    const say = () => t("part.test" as "visitor");
    await speak("de");
    addWords(part);
    expect(say()).toBe("Part");
    await wordsAreHere();
    expect(say()).toBe("Teil");
    expect(t("part.only" as "visitor")).toBe("Only English");
    await speak("fr");
    expect(say()).toBe("Partie");
    await speak("en");
    expect(say()).toBe("Part");
  });

  test("of a part that comes while a language is under way are said in it", async () => {
    const speaking = speak("it");
    addWords({ en: { "part.late": "Late" }, load: () => Promise.resolve({ default: { "part.late": "Tardi" } }) });
    await Promise.all([speaking, wordsAreHere()]);
    expect(t("part.late" as "visitor")).toBe("Tardi");
  });

  test("of a part that do not load are English, and the view is shown", async () => {
    await speak("de");
    addWords({ en: { "part.lost": "Lost" }, load: () => Promise.reject(new Error("no line")) });
    await wordsAreHere();
    expect(t("part.lost" as "visitor")).toBe("Lost");
    await speak("nl");
    expect(t("nav.visitors")).toBe("Bezoekers");
  });

  test("of the last choice win, whichever file comes first", async () => {
    await Promise.all([speak("de"), speak("en")]);
    expect(voice.value.language).toBe("en");
  });
});

describe("times and figures", () => {
  const NOON = Date.UTC(2026, 10, 22, 12);

  test("are written as the language writes them", async () => {
    await speak("de");
    expect(money(1234.5, "EUR")).toBe("1.234,50\u00a0€");
    expect(size(4_200_000)).toBe("4,2 MB");
    expect(duration(3 * 3600 + 300)).toBe("3 Std. 05");
  });

  test("are told in the zone chosen", () => {
    tellTimesIn("Asia/Tokyo");
    expect(relative(NOON, NOON + 2 * 3_600_000)).toBe("09:00 PM");
    expect(dayName(NOON, NOON + 4 * 3_600_000)).toBe("Yesterday");
    tellTimesIn("America/New_York");
    expect(dayName(NOON, NOON + 4 * 3_600_000)).toBe("Today");
    tellTimesIn("Nowhere/Land");
    expect(relative(NOON, NOON + 50_000)).toBe("1 min");
  });

  test("keep to the wall calendar where clocks change", () => {
    vi.setSystemTime(NOON);
    tellTimesIn("Europe/Berlin");
    const before = Date.UTC(2026, 9, 24, 20); // 22:00 in summer time; the night has an hour more
    expect(endOfDay(before)).toBe(Date.UTC(2026, 9, 24, 22));
    expect(endOfDay(Date.UTC(2026, 9, 24, 22))).toBe(Date.UTC(2026, 9, 25, 23));
    expect(daysApart(before, before + 3 * 3_600_000)).toBe(1);
    vi.useRealTimers();
  });
});
