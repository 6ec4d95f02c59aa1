// Offering a page to the customer: those that visitors have been on lately, or any address of the site. They decide.

import { useState } from "preact/hooks";
import type { ConversationRow } from "../../wire/console";
import { Choices, Dialog } from "../design/dialog";
import { pageOf } from "../state/floor";
import { useHub } from "../state/hub";
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
  const pages = hub.pages.of(row.site).filter((page) => !here || page.url !== pageOf(here.url));
  const found = own ? [] : pages.filter((page) => `${page.title} ${page.url}`.toLocaleLowerCase().includes(words)).slice(0, MOST);
  const url = own ?? found.find((page) => page.url === chosen)?.url ?? null;
  const send = () => {
    if (!url) return;
    onClose();
    void push(hub, row, url, own ? "" : (found.find((page) => page.url === url)?.title ?? ""));
  };
  const options = found.map((page) => ({
    value: page.url,
    body: <span class="touch-words"><span class="cut" dir="auto">{page.title || page.url}</span><span class="quiet cut" dir="ltr">{page.url}</span></span>,
  }));
  return (
    <Dialog title={t("push.title", { name: nameOf(row) })} lead={t("push.lead")} yes={t("push.yes")} ready={url !== null} onYes={send} onClose={onClose}>
      <input class="input" type="search" value={text} autofocus placeholder={t("push.find")} aria-label={t("push.find")} onInput={(event) => setText(event.currentTarget.value)} />
      {own ? <p class="push-own"><bdi dir="ltr">{own}</bdi></p>
        : options.length ? <Choices name="page" label={t("push.pages")} value={chosen} options={options} onChange={setChosen} />
          : <p class="quiet">{t(pages.length ? "push.none" : "push.nowhere")}</p>}
    </Dialog>
  );
}
