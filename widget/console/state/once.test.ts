// Requests that change something: asked again under the same key where no answer came, and never without one.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api, ApiError } from "./api";

const keys: string[] = [];
let silent = 0;

beforeEach(() => {
  vi.useFakeTimers();
  keys.length = 0;
  silent = 0;
  vi.stubGlobal("fetch", async (_path: string, init?: RequestInit) => {
    keys.push((init?.headers as Record<string, string> | undefined)?.["idempotency-key"] ?? "");
    if (silent-- > 0) throw new TypeError("Failed to fetch");
    return new Response("{}", { status: 200 });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("are sent again under one key until there is an answer", async () => {
  silent = 2;
  const asked = api.endSessions();
  await vi.advanceTimersByTimeAsync(10_000);
  await asked;
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});

it("are given up after three", async () => {
  silent = 9;
  const asked = api.face(null).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(((await asked) as ApiError).status).toBe(0);
  expect(keys).toHaveLength(3);
});

it("take a new key each time somebody asks", async () => {
  await api.endSessions();
  await api.endSessions();
  expect(new Set(keys).size).toBe(2);
});

it("are not sent again where the hub keeps no answer", async () => {
  silent = 1;
  await expect(api.signIn("ann", "secret")).rejects.toThrow(ApiError);
  expect(keys).toHaveLength(1);
});
