/**
 * Files on their way to the hub, before the message that carries them.
 *
 * Checked here first, so that nobody waits for an upload that will be refused; the hub looks at the bytes again. XHR
 * and not fetch, because only it tells how far an upload is. Previews are drawn on a canvas: a shop's policy may
 * forbid blob: addresses.
 */

import type { Attachment } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import css from "./files.css?text";
import type { Words } from "./sentences.ts";

export const LARGEST = 20 * 1024 * 1024;
export const MOST = 10;
/** Names that start something when opened; the hub refuses these, and knows more of them. */
const PROGRAM = /\.(apk|app|bat|cmd|com|cpl|deb|dll|dmg|exe|hta|iso|jar|js|lnk|mjs|msi|pkg|ps1|py|reg|rpm|scr|sh|url|vb[es]?|ws[fh]?|xpi)$/i;

/** What the composer asks of it. */
export interface Tray {
  add(files: readonly File[], changed: () => void): void;
  any(): boolean;
  /** Something is still on its way. */
  busy(): boolean;
  ready(): Attachment[];
  clear(): void;
}

interface Item {
  element: HTMLElement;
  request?: XMLHttpRequest;
  done?: Attachment;
}

export default function files(desk: Desk, words: Words): Tray {
  const { el, fill, icon, press } = desk;
  desk.style(css);
  const list = el("div", "uploads");
  const problem = el("p", "why", { role: "alert" });
  desk.places.tray.append(list, problem);
  let items: Item[] = [];
  let tell = () => {};

  const remove = (item: Item) => {
    items = items.filter((other) => other !== item);
    item.request?.abort();
    item.element.remove();
    tell();
  };

  const sentence = (code: string, name: string) =>
    ({ too_large: fill(words.file_big, { name }), bad_file: fill(words.file_bad, { name }), quota: words.file_quota, not_signed_in: words.file_first, blocked: words.blocked })[code]
    ?? fill(words.file_failed, { name });

  const fail = (item: Item, code: string, name: string) => {
    remove(item);
    problem.textContent = sentence(code, name);
  };

  const upload = (file: File) => {
    const bar = el("progress", "bar", { max: "100", value: "0", "aria-label": file.name });
    const item: Item = { element: el("div", "upload") };
    item.element.append(icon("M13.5 4H7v16h10V7.5L13.5 4v3.5H17"), el("span", "file-name", {}, el("bdi", "", {}, file.name)), bar,
      press("tool", fill(words.remove, { name: file.name }), () => (remove(item), desk.places.input.focus()), icon("m8 8 8 8m0-8-8 8", 16)));
    items.push(item);
    list.append(item.element);
    preview(file, item.element);
    const request = (item.request = new XMLHttpRequest());
    request.open("POST", `${desk.origin}/visitor/files?site=${encodeURIComponent(desk.site)}`);
    request.setRequestHeader("Authorization", `Hub ${desk.lasting.get("token") ?? ""}`);
    request.setRequestHeader("X-File-Name", encodeURIComponent(desk.clip(file.name.replace(/\p{Cs}/gu, "_"), 150)));
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => (bar.value = (100 * loaded) / (total || 1));
    request.onload = desk.guard(() => {
      if (request.status >= 300 || !request.response?.id) return fail(item, request.response?.error?.code ?? "", file.name);
      item.done = request.response;
      bar.remove();
      tell();
    });
    request.onerror = desk.guard(() => fail(item, "", file.name));
    request.send(file);
  };

  return {
    add(given, changed) {
      tell = changed;
      problem.textContent = "";
      for (const file of given) {
        if (items.length >= MOST) problem.textContent = words.file_many;
        else if (file.size > LARGEST) problem.textContent = sentence("too_large", file.name);
        else if (PROGRAM.test(file.name)) problem.textContent = sentence("bad_file", file.name);
        else if (!desk.lasting.get("token")) problem.textContent = words.file_first;
        else upload(file);
      }
      desk.places.input.focus();
      tell();
    },
    any: () => items.length > 0,
    busy: () => items.some(({ done }) => !done),
    ready: () => items.flatMap(({ done }) => done ?? []),
    clear() {
      for (const item of items) item.element.remove();
      items = [];
      problem.textContent = "";
    },
  };
}

/** A small picture in the icon's place, where the browser can read it. */
async function preview(file: File, element: HTMLElement) {
  try {
    if (!/^image\/(png|jpe?g|gif|webp|avif)$/.test(file.type)) return;
    const bitmap = await createImageBitmap(file, { resizeHeight: 64, resizeQuality: "medium" });
    const canvas = document.createElement("canvas");
    canvas.className = "preview";
    canvas.width = canvas.height = 64;
    canvas.getContext("2d")!.drawImage(bitmap, (64 - bitmap.width) / 2, 0);
    element.firstElementChild!.replaceWith(canvas);
  } catch {
    // not a picture after all, or a browser that draws none: the icon stays
  }
}
