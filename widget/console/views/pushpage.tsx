// Offering a page to the customer: those that visitors have been on lately, or any address of the site. They decide.

import { useEffect, useState } from "preact/hooks";
import type { ConversationRow } from "../../wire/console";
import { Choices, Dialog } from "../design/dialog";
import { api } from "../state/api";
import { pageOf } from "../state/floor";
import { useHub } from "../state/hub";
import type { SitePage } from "../state/pages";
import { t } from "../text";
import { nameOf, push } from "./acts";

const MOST = 30;

/** The address somebody wrote, when it is one that can be opened. */
export function address(text: string): string | null {
  const words = text.trim();
  if (!/^https?:\/\/\S+$/i.test(words)) return null;
  try {
    return new URL(words).href;
  } catch {
    return null;
  }
}

export function PushDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const hub = useHub();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const here = hub.visitor(row.visitor);
  const own = address(text);
  const words = text.trim().toLocaleLowerCase();
  const [before, setBefore] = useState<readonly SitePage[]>([]);
  useEffect(() => void api.pages(row.site).then(({ items }) => setBefore(items), () => {}), [row.site]);
  const pages = hub.pages.of(row.site, before).filter((page) => !here || page.url !== pageOf(here.url));
  const found = own ? [] : pages.filter((page) => `${page.title} ${page.url}`.toLocaleLowerCase().includes(words)).slice(0, MOST);
  const page = found.find((one) => one.url === chosen) ?? (words ? found[0] : undefined);
  const url = own ?? page?.url ?? null;
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !found.length) return;
    const at = page ? found.indexOf(page) : -1;
    setChosen(found[at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length]!.url);
    event.preventDefault();
  };
  const send = () => {
    if (!url) return;
    onClose();
    void push(hub, row, url, own ? "" : (page?.title ?? ""));
  };
  const options = found.map((one) => ({
    value: one.url,
    body: <span class="touch-words"><span class="cut" dir="auto">{one.title || one.url}</span><span class="quiet cut" dir="ltr">{one.url}</span></span>,
  }));
  return (
    <Dialog title={t("push.title", { name: nameOf(row) })} lead={t("push.lead")} yes={t("push.yes")} ready={url !== null} onYes={send} onClose={onClose}>
      <input class="input" type="search" value={text} autofocus placeholder={t("push.find")} aria-label={t("push.find")} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={walk} />
      {own ? <p class="push-own"><bdi dir="ltr">{own}</bdi></p>
        : options.length ? <Choices name="page" label={t("push.pages")} value={page?.url ?? null} options={options} onChange={setChosen} />
          : <p class="quiet">{t(pages.length ? "push.none" : "push.nowhere")}</p>}
    </Dialog>
  );
}
