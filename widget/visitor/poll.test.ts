// Long-poll: what is said, in bodies that the hub takes.

import { expect, test, vi } from "vitest";
import type { FromPage, Say } from "../wire/visitor.ts";
import { poll } from "./poll.ts";

test("what is more than a body may hold goes in several, in order", async () => {
  const bodies: string[] = [];
  vi.stubGlobal("fetch", (_: string, { body, signal }: { body: string; signal: AbortSignal }) => {
    bodies.push(body);
    const quiet = JSON.parse(body).frames.length === 0; // the one that is held open
    return new Promise((answer, stop) => {
      signal.addEventListener("abort", () => stop(new Error("over")));
      if (!quiet) answer({ ok: true, json: async () => ({ socket: "s", frames: [] }) });
    });
  });
  const line = poll("https://hub.example", { t: "hello", site: "shop", tab: "12345678" }, () => {}, () => {});
  await vi.waitFor(() => expect(bodies.length).toBe(2));
  const said = Array.from({ length: 12 }, (_, n): Say => ({ t: "say", client_id: `message-${n}`, conversation: "c", text: "\u0416".repeat(8_000) }));
  for (const frame of said) line.send(frame);
  const heard = () => bodies.flatMap((body) => JSON.parse(body).frames as FromPage[]).flatMap((frame) => (frame.t === "say" ? frame.client_id : []));
  await vi.waitFor(() => expect(heard()).toEqual(said.map((frame) => frame.client_id)));
  for (const body of bodies) expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(65_536);
  line.close();
  vi.unstubAllGlobals();
});
