/**
 * What a message can be besides plain words: links, pictures, files, a page that is offered; and why one was refused.
 *
 * Links lead where the text says: only http and https, the host as a browser reads it (a name in foreign letters that
 * imitates another is shown in its plain form), and in a tab of their own. Only pictures that the hub has drawn anew
 * are shown in place; everything else is a download. A page whose policy forbids the hub's pictures gets downloads too.
 */

import type { Attachment } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import { parts } from "./link.ts";
import type { Words } from "./sentences.ts";
import css from "./rich.css?text";
import type { Message } from "./rows.ts";

export default function rich(desk: Desk, words: Words) {
  const { el, fill, icon, press, texts } = desk;
  desk.style(css);

  const link = (href: string, ...children: (Node | string)[]) =>
    el("a", "", { href, target: "_blank", rel: "noopener noreferrer nofollow", title: fill("{to} ({how})", { to: href, how: words.new_tab }) }, ...children);

  const written = (text: string) =>
    parts(text).flatMap(({ text, href }): (Node | string)[] => {
      if (!href) return [text];
      const { host } = new URL(href);
      return [link(href, text), ...(text.toLowerCase().includes(host) ? [] : [` (${host})`])];
    });

  const download = (file: Attachment, href: string) => {
    const size = new Intl.NumberFormat(words.locale, { maximumFractionDigits: 1, ...unit(file.size) });
    const row = link(href, icon(FILE), el("span", "file-name", {}, el("bdi", "", {}, file.name)), el("span", "file-size", {}, size.format(scaled(file.size))));
    row.className = "file";
    row.title = fill(words.download, { name: file.name });
    return row;
  };

  const picture = (file: Attachment, href: string) => {
    const image = el("img", "picture", {
      src: new URL(file.thumb || file.url, desk.origin).href, alt: fill(words.picture, { name: file.name }), loading: "lazy",
      ...(file.width && file.height && { width: `${file.width}`, height: `${file.height}` }),
    });
    const shown = link(href, image);
    image.addEventListener("error", () => shown.replaceWith(download(file, href)));
    return shown;
  };

  const attached = (files: readonly Attachment[]) =>
    el("div", "files", {}, ...files.map((file) => {
      if (!file.url) return el("span", "file", {}, icon(FILE), el("span", "file-name", {}, el("bdi", "", {}, file.name)));
      const href = new URL(file.url, desk.origin).href;
      return file.inline ? picture(file, href) : download(file, href);
    }));

  const offer = ({ push, name, text }: Message) => {
    const { page, seq, conversation } = push!;
    const address = new URL(page.url);
    if (!/^https?:$/.test(address.protocol)) return el("p", "");
    const acts = el("div", "push-acts");
    const settle = (fate: string) => acts.replaceChildren(el("span", "push-fate", {}, fate === "accepted" ? words.push_opened : words.push_declined));
    const choose = (fate: "accepted" | "declined") => () => {
      desk.send({ t: "followed", conversation, seq, fate });
      settle(fate);
      if (fate === "accepted") desk.part("push", (push) => push.go(address.href));
    };
    acts.append(press("offer solid", "", choose("accepted"), words.push_open), press("offer", "", choose("declined"), words.no));
    if (page.fate) settle(page.fate);
    return el("div", "push", {},
      el("p", "push-from", {}, fill(words.push_from, { name: name || texts.somebody })),
      el("p", "push-title", {}, el("bdi", "", {}, page.title || text || address.href)), // in its own direction, on the reader's side
      el("p", "push-host", {}, el("bdi", "", { dir: "ltr" }, address.host + (address.pathname === "/" ? "" : address.pathname))), acts);
  };

  return {
    /** Puts into a message's row what its text alone does not show. */
    dress(text: HTMLElement, line: HTMLElement, row: Message) {
      if (row.push) {
        text.textContent = "";
        line.before(offer(row));
      } else text.replaceChildren(...written(row.text));
      if (row.files.length) line.before(attached(row.files));
      desk.refresh(); // the transcript has grown
    },

    /** Why a message was not taken, and what to do. */
    refuse(element: HTMLElement, { key, failed }: Message) {
      const blocked = failed!.code === "blocked";
      const sentence = blocked ? words.blocked : failed!.code === "too_long" ? texts.too_long : words.refused;
      const retry = press("retry", "", () => desk.retry(key), words.retry);
      element.querySelector(".why")?.remove();
      element.append(el("p", "why", { role: "alert" }, `${texts.failed}. ${sentence} `, ...(blocked ? [] : [retry])));
      desk.refresh();
    },
  };
}

const FILE = "M13.5 4H7v16h10V7.5L13.5 4v3.5H17";

const scaled = (bytes: number) => (bytes < 1e6 ? Math.ceil(bytes / 1e3) : bytes / 1e6);
const unit = (bytes: number): Intl.NumberFormatOptions => ({ style: "unit", unit: bytes < 1e6 ? "kilobyte" : "megabyte" });
