// Files on their way: progress, cancelling, and what may not be sent.

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Attachment } from "../../wire/console";
import { file } from "../testing/people";
import { LARGEST, MOST_FILES, type Post, Uploads } from "./uploads";

const TALK = "t";
const WORDS = { tooLarge: "Too large.", failed: "Failed." };
let sent: { file: File; progress: (share: number) => void; arrive: (one: Attachment) => void; fail: (error: Error) => void; stopped: boolean; key: string }[];

const post: Post = (one, progress, key) => {
  const place = sent.length;
  const done = new Promise<Attachment>((arrive, fail) => sent.push({ file: one, progress, arrive, fail, stopped: false, key }));
  return { done, stop: () => (sent[place]!.stopped = true) };
};
const text = (name: string) => new File(["x"], name, { type: "text/plain" });
const soon = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  sent = [];
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => {} }));
});

describe("files on their way", () => {
  it("tell how far they are, and are taken by the message once they are there", async () => {
    const uploads = new Uploads(WORDS, post);
    uploads.add(TALK, [text("a.txt")]);
    sent[0]!.progress(0.4);
    expect(uploads.of(TALK)[0]).toMatchObject({ state: "sending", sent: 0.4 });
    expect(uploads.busy(TALK)).toBe(true);
    expect(uploads.take(TALK)).toEqual([]);
    sent[0]!.arrive(file(1));
    await soon();
    expect(uploads.busy(TALK)).toBe(false);
    expect(uploads.take(TALK)).toEqual([file(1).id]);
    expect(uploads.of(TALK)).toEqual([]);
    expect(uploads.known.get(file(1).id)).toEqual(file(1));
  });

  it("are at most ten, and each conversation has its own", () => {
    const uploads = new Uploads(WORDS, post);
    expect(uploads.add(TALK, Array.from({ length: 12 }, (_, n) => text(`${n}.txt`)))).toBe(2);
    expect(uploads.of(TALK)).toHaveLength(MOST_FILES);
    expect(uploads.add("other", [text("b.txt")])).toBe(0);
  });

  it("stop when they are taken off", () => {
    const uploads = new Uploads(WORDS, post);
    uploads.add(TALK, [text("a.txt")]);
    uploads.drop(TALK, uploads.of(TALK)[0]!.key);
    expect(sent[0]!.stopped).toBe(true);
    expect(uploads.of(TALK)).toEqual([]);
  });

  it("say the hub's sentence when they are refused, and are sent again on demand", async () => {
    const uploads = new Uploads(WORDS, post);
    uploads.add(TALK, [text("a.exe")]);
    sent[0]!.fail(new Error("Programs are not taken."));
    await soon();
    const [one] = uploads.of(TALK);
    expect(one).toMatchObject({ state: "failed", problem: "Programs are not taken." });
    uploads.again(TALK, one!.key);
    expect(sent).toHaveLength(2);
    expect(uploads.of(TALK)[0]!.state).toBe("sending");
  });

  it("are the same upload when no answer came, and another one after a refusal", async () => {
    const uploads = new Uploads(WORDS, post);
    uploads.add(TALK, [text("a.txt")]);
    const { key } = uploads.of(TALK)[0]!;
    for (const reason of ["", "The disk is full."]) {
      sent.at(-1)!.fail(new Error(reason));
      await soon();
      uploads.again(TALK, key);
    }
    expect(sent.map((one) => one.key === key)).toEqual([true, true, false]);
  });

  it("are not begun when they are too large", () => {
    const uploads = new Uploads(WORDS, post);
    const large = text("film.mp4");
    Object.defineProperty(large, "size", { value: LARGEST + 1 });
    uploads.add(TALK, [large]);
    expect(sent).toEqual([]);
    expect(uploads.of(TALK)[0]).toMatchObject({ state: "failed", problem: "Too large." });
  });
});
