// The line of held POSTs: what waits goes in requests that the hub takes.

import { afterEach, expect, test, vi } from "vitest";
import type { FromTab } from "../../wire/console";
import { PollLine } from "./pollline";

afterEach(() => vi.unstubAllGlobals());

test("more than one request may carry goes in several, in order, and one that is large alone goes alone", async () => {
  const bodies: { frames: FromTab[]; size: number }[] = [];
  const fetched = vi.fn(async (_: string, init: RequestInit) => {
    const text = init.body as string;
    const { frames } = JSON.parse(text) as { frames: FromTab[] };
    if (!frames.length) return new Promise<Response>(() => {});
    bodies.push({ frames, size: new TextEncoder().encode(text).length });
    return new Response(JSON.stringify({ socket: "s", frames: [] }));
  });
  vi.stubGlobal("fetch", fetched);
  const words = (n: number, text: string): FromTab => ({ t: "reply", id: `reply-${n}`, conversation: "c", text });
  const said = [words(0, "short"), ...[1, 2, 3, 4, 5].map((n) => words(n, "語".repeat(8_000))), words(6, "short")];
  const line = new PollLine({ open: () => said.forEach((frame) => line.send(frame)), frame: () => {}, end: () => expect.unreachable() });
  await vi.waitFor(() => expect(bodies.flatMap(({ frames }) => frames)).toEqual(said));
  expect(bodies.length).toBeGreaterThan(2);
  for (const { size } of bodies) expect(size).toBeLessThanOrEqual(65_536);
  line.close();
});
