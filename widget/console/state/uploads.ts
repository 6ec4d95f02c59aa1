// Files on their way to the hub, per conversation, before they are part of a message.
//
// They are posted at once, so that sending the message costs no wait. XMLHttpRequest, because fetch tells no progress of
// what goes up. What is uploaded and never sent is deleted by the hub.

import { signal } from "@preact/signals";
import type { Attachment, Id } from "../../wire/console";
import { newId } from "./ids";

export const MOST_FILES = 10;
/** Bytes; the hub refuses more, and saying so before the upload spares the wait. */
export const LARGEST = 20_000_000;

export interface Upload {
  readonly key: string;
  readonly file: File;
  /** Address of the picture within this page, "" for other files. */
  readonly preview: string;
  readonly state: "sending" | "done" | "failed";
  /** 0 to 1. */
  readonly sent: number;
  readonly problem: string;
  readonly attachment: Attachment | null;
}

/** Sends a file; settles with what the hub made of it. */
export interface Posting {
  readonly done: Promise<Attachment>;
  stop(): void;
}
/** `key` makes of several sendings one, where the answer to the first did not come. */
export type Post = (file: File, progress: (share: number) => void, key: string) => Posting;

export class Uploads {
  /** By conversation. */
  readonly all = signal<ReadonlyMap<Id, readonly Upload[]>>(new Map());
  /** Files this tab has uploaded, so that a message can be shown before the hub says it again. */
  readonly known = new Map<Id, Attachment>();
  private readonly running = new Map<string, Posting>();
  /** Those that were refused, and under which key they are tried again: the old one would bring the old answer. */
  private readonly renamed = new Map<string, string>();

  constructor(
    private readonly words: { tooLarge: string; failed: string },
    private readonly post: Post = postFile,
  ) {}

  of(conversation: Id): readonly Upload[] {
    return this.all.value.get(conversation) ?? [];
  }

  /** Begins to send them; returns how many found no place. */
  add(conversation: Id, files: readonly File[]): number {
    const room = Math.max(0, MOST_FILES - this.of(conversation).length);
    for (const file of files.slice(0, room)) {
      const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
      const one: Upload = { key: newId(), file, preview, state: "sending", sent: 0, problem: "", attachment: null };
      this.set(conversation, [...this.of(conversation), one]);
      this.start(conversation, one);
    }
    return Math.max(0, files.length - room);
  }

  /** Takes one off, wherever it is on its way. */
  drop(conversation: Id, key: string): void {
    this.running.get(key)?.stop();
    this.running.delete(key);
    const one = this.of(conversation).find((each) => each.key === key);
    if (one?.preview) URL.revokeObjectURL(one.preview);
    this.set(conversation, this.of(conversation).filter((each) => each.key !== key));
  }

  again(conversation: Id, key: string): void {
    const one = this.of(conversation).find((each) => each.key === key);
    if (one?.state !== "failed") return;
    this.change(conversation, key, { state: "sending", sent: 0, problem: "" });
    this.start(conversation, one);
  }

  /** Something is still on its way. */
  busy(conversation: Id): boolean {
    return this.of(conversation).some((one) => one.state === "sending");
  }

  /** What has arrived, for a message that is being sent now; failed ones stay to be tried again. */
  take(conversation: Id): Id[] {
    const done = this.of(conversation).filter((one) => one.attachment);
    for (const one of done) this.drop(conversation, one.key);
    return done.map((one) => one.attachment!.id);
  }

  /** Puts files back that a message took and did not carry; what this tab has not uploaded itself is not known to it. */
  restore(conversation: Id, ids: readonly Id[]): void {
    for (const attachment of ids.map((id) => this.known.get(id)).filter((one) => one !== undefined)) {
      const file = new File([], attachment.name, { type: attachment.type });
      this.set(conversation, [...this.of(conversation), { key: newId(), file, preview: attachment.inline ? attachment.thumb || attachment.url : "", state: "done", sent: 1, problem: "", attachment }]);
    }
  }

  private start(conversation: Id, one: Upload): void {
    if (one.file.size > LARGEST) return this.change(conversation, one.key, { state: "failed", problem: this.words.tooLarge });
    const posting = this.post(one.file, (sent) => this.change(conversation, one.key, { sent }), this.renamed.get(one.key) ?? one.key);
    this.running.set(one.key, posting);
    posting.done.then(
      (attachment) => {
        this.known.set(attachment.id, attachment);
        this.change(conversation, one.key, { state: "done", sent: 1, attachment });
      },
      (error: Error) => {
        if (error.message) this.renamed.set(one.key, newId());
        this.change(conversation, one.key, { state: "failed", problem: error.message || this.words.failed });
      },
    ).finally(() => this.running.delete(one.key));
  }

  private change(conversation: Id, key: string, more: Partial<Upload>): void {
    this.set(conversation, this.of(conversation).map((one) => (one.key === key ? { ...one, ...more } : one)));
  }

  private set(conversation: Id, uploads: readonly Upload[]): void {
    const next = new Map(this.all.peek());
    if (uploads.length) next.set(conversation, uploads);
    else next.delete(conversation);
    this.all.value = next;
  }
}

/** `POST /console/files`; rejects with the hub's sentence. */
function postFile(file: File, progress: (share: number) => void, key: string): Posting {
  const request = new XMLHttpRequest();
  const done = new Promise<Attachment>((arrived, failed) => {
    request.open("POST", "/console/files");
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("idempotency-key", key);
    request.setRequestHeader("x-file-name", encodeURIComponent(file.name));
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onerror = () => failed(new Error(""));
    request.onload = () => (request.status < 300 ? arrived(JSON.parse(request.responseText) as Attachment) : failed(new Error(said(request.responseText))));
    request.send(file);
  });
  return { done, stop: () => request.abort() };
}

function said(answer: string): string {
  try {
    return (JSON.parse(answer) as { error: { message: string } }).error.message;
  } catch {
    return "";
  }
}
