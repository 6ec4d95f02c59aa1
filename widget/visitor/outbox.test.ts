// The outbox: what was written is sent until it is answered, also after a reload.

import { expect, test } from "vitest";
import { type Command, MAX_TRIES, MAX_WAITING, outbox, STALE } from "./outbox.ts";
import { forgetful, ID } from "./testing.ts";

const say = (client_id: string): Command => ({ t: "say", client_id, conversation: ID, text: client_id });

function line(open = true) {
  const went: string[] = [];
  return { went, cut: () => (open = false), mend: () => (open = true), send: (frame: Command) => open && went.push(frame.client_id) > 0 };
}

test("what is added goes out once", () => {
  const { went, send } = line();
  const box = outbox(forgetful(), send);
  box.add(say("one"));
  box.flush();
  expect(went).toEqual(["one"]);
});

test("what was not acknowledged goes out again on a new line, in order, under the same id", () => {
  const { went, send, cut, mend } = line();
  const box = outbox(forgetful(), send);
  box.add(say("one"));
  cut();
  box.add(say("two"));
  mend();
  box.renew();
  expect(went).toEqual(["one", "one", "two"]);
});

test("an acknowledged message is never sent again", () => {
  const { went, send } = line();
  const memory = forgetful();
  const box = outbox(memory, send);
  box.add(say("one"));
  expect(box.take("one")?.frame.client_id).toBe("one");
  expect(box.take("one")).toBeUndefined();
  box.renew();
  expect(went).toEqual(["one"]);
  expect(memory.names("")).toEqual([]);
});

test("a reload keeps what was waiting, in the order it was written", () => {
  const memory = forgetful();
  let now = 1;
  const before = outbox(memory, () => false, () => now++);
  for (const id of ["c", "a", "b"]) before.add(say(id));
  const { went, send } = line();
  outbox(memory, send, () => now).renew();
  expect(went).toEqual(["c", "a", "b"]);
});

test("two tabs do not overwrite each other's messages", () => {
  const memory = forgetful();
  const here = outbox(memory, () => false);
  const there = outbox(memory, () => false);
  here.add(say("here"));
  there.add(say("there"));
  here.take("here");
  expect(outbox(memory, () => false).entries().map(({ frame }) => frame.client_id)).toEqual(["there"]);
});

test("a message from long ago is not sent any more", () => {
  const memory = forgetful();
  outbox(memory, () => false, () => 0).add(say("old"));
  expect(outbox(memory, () => false, () => STALE).entries()).toEqual([]);
  expect(memory.names("")).toEqual([]);
});

test("spoiled storage is thrown away", () => {
  const memory = forgetful();
  memory.set("out:x", "{");
  memory.set("out:y", "null");
  expect(outbox(memory, () => false).entries()).toEqual([]);
  expect(memory.names("")).toEqual([]);
});

test("a full outbox says so", () => {
  const box = outbox(forgetful(), () => false);
  for (let i = 0; i < MAX_WAITING; i++) expect(box.add(say(`m${i}`))).toBe(true);
  expect(box.add(say("more"))).toBe(false);
});

test("a refused message stays for the visitor to decide, also after a reload", () => {
  const memory = forgetful();
  const { went, send } = line();
  const box = outbox(memory, send);
  box.add(say("one"));
  box.fail("one", "blocked", "No.");
  box.renew();
  expect(went).toEqual(["one"]);
  expect(outbox(memory, send).entries()[0]?.failed).toEqual({ code: "blocked", message: "No." });
});

test("a message that silences every line does not stop those after it for ever", () => {
  const { went, send } = line();
  const box = outbox(forgetful(), send);
  box.add(say("poison"));
  for (let i = 0; i < MAX_TRIES + 5; i++) box.renew();
  expect(went.length).toBe(MAX_TRIES);
  expect(box.entries()[0]?.failed?.code).toBe("unanswered");
});
