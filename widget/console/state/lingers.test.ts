// Who begins to linger rings once, and only where somebody can hear it.

import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Presence, VisitorRow } from "../../wire/console";
import { visitor } from "../testing/people";
import { awake, mayRing, ring, setMuted } from "./chime";
import type { Hub } from "./hub";
import { Lingers, lingerWords, startLingers } from "./lingers";

const one = (n: number, lingering: number | null, more: Partial<VisitorRow> = {}) => visitor(n, { lingering, conversation: null, name: `V${n}`, title: "Checkout", ...more });
const names = (rows: VisitorRow[]) => rows.map((row) => row.name);

beforeEach(() => {
  localStorage.clear();
  setMuted(false);
  awake.value = true;
  lingerWords.value = "";
});

describe("beginning to linger", () => {
  it("is noticed once, and not for those who lingered before the tab was opened", () => {
    const lingers = new Lingers();
    expect(lingers.begun([one(1, 10), one(2, null)])).toEqual([]);
    expect(names(lingers.begun([one(1, 10), one(2, 20)]))).toEqual(["V2"]);
    expect(lingers.begun([one(1, 10), one(2, 20)])).toEqual([]);
  });

  it("is noticed again when they have gone on and linger anew", () => {
    const lingers = new Lingers();
    lingers.begun([one(1, 10)]);
    lingers.begun([one(1, null)]);
    expect(names(lingers.begun([one(1, 30)]))).toEqual(["V1"]);
  });

  it("is no matter for somebody who is being talked with", () => {
    const lingers = new Lingers();
    lingers.begun([]);
    expect(lingers.begun([one(1, 10, { conversation: "c" })])).toEqual([]);
  });
});

describe("the bell", () => {
  it("rings at most once in five seconds, in all tabs together", () => {
    expect(ring(10_000)).toBe(true);
    expect(ring(14_999)).toBe(false);
    expect(ring(15_000)).toBe(true);
  });

  it("is not silenced for ever by a clock that was set back", () => {
    expect(mayRing(1_000, 9_000_000)).toBe(true);
  });

  it("leaves the ringing to another tab while it is asleep", () => {
    awake.value = false;
    expect(ring(10_000)).toBe(false);
    awake.value = true;
    expect(ring(10_000)).toBe(true);
  });

  it("stays silent while it is muted, and remembers that", () => {
    setMuted(true);
    expect(ring(10_000)).toBe(false);
    expect(localStorage.getItem("hub.muted")).toBe("true");
  });

  it("rings only for an operator who is available, but the sentence is said to all", () => {
    const rung = () => localStorage.getItem("hub.rung");
    const presence = signal<Presence>("busy");
    const visitors = signal<VisitorRow[]>([]);
    const end = startLingers({ presence, visitors, visitorsLoaded: signal(true) } as unknown as Hub);
    visitors.value = [one(1, 10)];
    expect(lingerWords.value).toBe("V1 lingers on Checkout.");
    expect(rung()).toBeNull();
    presence.value = "available";
    visitors.value = [one(1, 10), one(2, 20), one(3, 20)];
    expect(lingerWords.value).toBe("2 visitors linger.");
    expect(rung()).not.toBeNull();
    end();
    vi.restoreAllMocks();
  });
});
