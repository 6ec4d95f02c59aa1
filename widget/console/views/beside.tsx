// Beside the record: what lies in carts, and what plugins know. Asked anew whenever somebody is opened; it may come late, and
// a plugin that does not answer says so in its own place.

import { useEffect, useState } from "preact/hooks";
import type { PanelButton, PanelPage, PanelView } from "../../wire/console";
import { Button } from "../design/button";
import { Dialog } from "../design/dialog";
import { Time } from "../design/time";
import { api, ApiError } from "../state/api";
import { toast } from "../state/toasts";
import { t } from "../text";
import { CartLines } from "./path";

/** `cart`: also what lies in carts; the path of who is on the site shows theirs already. */
export function Beside({ customer, conversation, cart }: { customer: string; conversation: string | null; cart: boolean }) {
  const [page, setPage] = useState<PanelPage | null>(null);
  useEffect(() => {
    let wanted = true;
    api.beside(customer, conversation).then((found) => wanted && setPage(found), () => wanted && setPage({ panels: [], carts: [] }));
    return () => void (wanted = false);
  }, [customer, conversation]);
  if (!page) return null;
  return (
    <>
      {cart && (page.carts ?? []).map((one) => (
        <section class="customer-part" key={one.visitor}>
          <CartLines lines={one.lines} value={one.value ?? 0} currency={one.currency ?? ""} />
          <p class="quiet">{t("cart.at")} <Time at={one.at} /></p>
        </section>
      ))}
      {page.panels.map((panel) => (
        <Panel key={panel.name} panel={panel} press={(button) => press(customer, conversation, panel, button).then((panels) => panels && setPage({ ...page, panels }))} />
      ))}
    </>
  );
}

async function press(customer: string, conversation: string | null, panel: PanelView, button: PanelButton): Promise<PanelView[] | null> {
  try {
    const answer = await api.press(customer, panel.name, button.name, conversation);
    toast(answer.message);
    return answer.panels;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.message || t("act.refused"), { bad: true });
    return null;
  }
}

function Panel({ panel, press }: { panel: PanelView; press: (button: PanelButton) => Promise<unknown> }) {
  const [asking, setAsking] = useState<PanelButton | null>(null);
  const [busy, setBusy] = useState("");
  const run = (button: PanelButton) => {
    setAsking(null);
    setBusy(button.name);
    void press(button).finally(() => setBusy(""));
  };
  return (
    <section class="customer-part panel-part" aria-label={panel.title} aria-busy={busy !== ""}>
      <h3>{panel.title}</h3>
      {panel.silent && <p class="quiet">{t("panel.silent")}</p>}
      {panel.note && <p class="quiet" dir="auto">{panel.note}</p>}
      {!!panel.rows?.length && (
        <dl class="record">
          {panel.rows.map((row, at) => (
            <div class="record-field" key={at}>
              <dt dir="auto">{row.label}</dt>
              <dd><span class="value">{row.url ? <Away url={row.url} words={row.value || row.url} /> : <bdi>{row.value}</bdi>}</span></dd>
            </div>
          ))}
        </dl>
      )}
      {!!panel.links?.length && <ul class="panel-links">{panel.links.map((link, at) => <li key={at}><Away url={link.url ?? ""} words={link.label} /></li>)}</ul>}
      {!!panel.actions?.length && (
        <p class="customer-acts">
          {panel.actions.map((button) => (
            <Button key={button.name} label={button.label} small disabled={busy !== ""} onClick={() => (button.confirm ? setAsking(button) : run(button))} />
          ))}
        </p>
      )}
      {asking && <Dialog title={asking.confirm ?? ""} yes={asking.label} onYes={() => run(asking)} onClose={() => setAsking(null)} />}
    </section>
  );
}

/** A link out of the console. The hub lets only http and https through; asked again here, for it costs nothing. */
function Away({ url, words }: { url: string; words: string }) {
  if (!/^https?:\/\//i.test(url)) return <bdi>{words}</bdi>;
  return <a href={url} target="_blank" rel="noreferrer noopener" dir="auto" data-tip={url}>{words}</a>;
}
