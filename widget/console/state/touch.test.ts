// A touch after a while is told at once, and once; what happens all the time is told with the beats.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { browserOf } from "../views/access";
import { tokenOf } from "../views/join";
import { startTouches, untouched } from "./touch";

let stop = () => {};
const back = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  back.mockClear();
  stop = startTouches(back);
  dispatchEvent(new Event("pointermove"));
  back.mockClear();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test("seconds are counted from the last touch of any kind", () => {
  vi.advanceTimersByTime(15_000);
  expect(untouched()).toBe(15);
  dispatchEvent(new Event("keydown"));
  expect(untouched()).toBe(0);
});

test("only the first touch after a while is told at once", () => {
  vi.advanceTimersByTime(5_000);
  dispatchEvent(new Event("wheel"));
  expect(back).not.toHaveBeenCalled();
  vi.advanceTimersByTime(600_000);
  dispatchEvent(new Event("pointerdown"));
  dispatchEvent(new Event("pointermove"));
  expect(back).toHaveBeenCalledTimes(1);
});

test("browsers are named by what people call them", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
  expect(browserOf(chrome)).toBe("Chrome, Linux");
  expect(browserOf(`${chrome} Edg/156.0`)).toBe("Edge, Linux");
  expect(browserOf("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1")).toBe("Safari, iPhone");
  expect(browserOf("")).toBe("A browser");
});

test("only a link's fragment opens the page behind it", () => {
  expect(tokenOf("#join/abcdefghijklmnopqrstuv")).toBe("abcdefghijklmnopqrstuv");
  expect(tokenOf("#reset/abcdefghijklmnopqrstuv")).toBe("abcdefghijklmnopqrstuv");
  for (const other of ["", "#desk", "#join/", "#join/short", "#join/abcdefghijklmnopqrstuv/x", "#settings/operators"]) expect(tokenOf(other)).toBeNull();
});
