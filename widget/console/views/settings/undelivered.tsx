// The quarantine: what could not be delivered, why, and what was to be sent; tried again or given up by an admin.
// Arrow keys walk the list, Enter shows what was to be sent, Tab goes to what can be done.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Undelivered as Item, UndeliveredPage } from "../../../wire/settings";
import { Button } from "../../design/button";
import { Dialog } from "../../design/dialog";
import { Icon } from "../../design/icons";
import { EmptyState } from "../../design/surfaces";
import { Time } from "../../design/time";
import { api, ApiError } from "../../state/api";
import { useHub } from "../../state/hub";
import { toast } from "../../state/toasts";
import { itemsOf } from "../../state/topics";
import { type AnyKey, known, t } from "../../text";
import { sentence } from "../acts";
import { Copy } from "../copy";

type Verdict = "again" | "give_up";
/** What is about to be given up: one delivery, or all of a connection. */
type Leaving = { connection: string; item?: string; why: string };

export function Undelivered() {
  const { health } = useHub();
  const [page, setPage] = useState<UndeliveredPage | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const list = useRef<HTMLUListElement>(null);
  // Health counts what lies here: when its sentence changes, so has the list.
  const told = itemsOf(health.value, "health").find((row) => row.id === "undelivered")?.reason ?? "";
  const wrong = (error: unknown) => (error instanceof ApiError ? error.message : "");
  useEffect(() => void api.undelivered().then(setPage, (error: unknown) => setFailed(wrong(error))), [told]);
  if (failed !== null && !page) return <p class="field-wrong" role="alert">{failed || t("settings.unreachable")}</p>;
  if (!page) return <p class="quiet" role="status">{t("loading")}</p>;
  if (!page.items.length) return <EmptyState icon="check" title={t("undelivered.empty")}><p>{t("undelivered.empty.lead")}</p></EmptyState>;

  const judge = (connection: string, verdict: Verdict, item?: string) =>
    void api.judgeUndelivered({ connection, verdict, ...(item ? { item } : {}) }).then(
      (found) => {
        setPage(found);
        toast(t(verdict === "again" ? "undelivered.on.its.way" : "undelivered.given.up"));
        list.current?.querySelector("summary")?.focus();
      },
      (error: unknown) => toast(sentence(wrong(error) || t("settings.unreachable")), { bad: true }),
    );
  const several = [...new Set(page.items.map((one) => one.connection))].filter((name) => page.items.filter((one) => one.connection === name).length > 1);
  const more = (page.count ?? 0) - page.items.length;
  return (
    <>
      <p class="file-lead">{t("undelivered.lead")}</p>
      {several.length > 0 && (
        <p class="actions">{several.map((name) => [
          <Button key={name} small icon="back" label={t("undelivered.all", { name })} onClick={() => judge(name, "again")} />,
          <Button key={`${name} up`} small icon="cross" kind="plain" label={t("undelivered.giveup.all", { name })} onClick={() => setLeaving({ connection: name, why: "" })} />,
        ])}</p>
      )}
      <ul class="undelivered" ref={list} onKeyDown={walk}>
        {page.items.map((one) => <Row key={one.connection + one.item} one={one} onAgain={() => judge(one.connection, "again", one.item)} onGiveUp={() => setLeaving(one)} />)}
      </ul>
      {more > 0 && <p class="quiet">{t("undelivered.more", { count: more })}</p>}
      {leaving && (
        <Dialog title={leaving.item ? t("undelivered.sure") : t("undelivered.sure.all", { name: leaving.connection })} lead={t("undelivered.sure.lead")} yes={t("undelivered.giveup")} grave onClose={() => setLeaving(null)}
          onYes={() => { setLeaving(null); judge(leaving.connection, "give_up", leaving.item); }}>
          {leaving.item && <p><bdi>{leaving.connection}</bdi> · <bdi>{leaving.why}</bdi></p>}
        </Dialog>
      )}
    </>
  );
}

function Row({ one, onAgain, onGiveUp }: { one: Item; onAgain: () => void; onGiveUp: () => void }) {
  const { desk } = useHub();
  const kind = `undelivered.kind.${one.kind}`;
  const raw = t(one.kind === "incoming" ? "undelivered.came" : "undelivered.raw");
  return (
    <li>
      <p class="health-name"><Icon name="alert" /><b><bdi>{one.connection}</bdi></b> <span class="tag">{known(kind) ? t(kind) : one.kind}</span></p>
      <p class="health-reason"><bdi>{sentence(one.why)}</bdi></p>
      <dl class="connection-facts">
        <Fact name="undelivered.tries"><span class="figures">{one.attempts}</span></Fact>
        <Fact name="undelivered.made"><Time at={one.made} /></Fact>
        {one.first ? <Fact name="undelivered.first"><Time at={one.first} /></Fact> : null}
        <Fact name="undelivered.last"><Time at={one.last} /></Fact>
      </dl>
      <details>
        <summary>{raw}</summary>
        <p class="quiet">{t("undelivered.id")} <bdi class="address" dir="ltr">{one.item}</bdi> <Copy text={one.item} what={t("undelivered.id")} /></p>
        <pre dir="ltr" tabIndex={0} role="region" aria-label={raw}>{one.raw}</pre>
      </details>
      <p class="actions">
        <Button label={t("undelivered.again")} icon="back" small onClick={onAgain} />
        <Button label={t("undelivered.giveup")} icon="cross" small kind="plain" onClick={onGiveUp} />
        {one.conversation && <Button label={t("undelivered.open")} icon="desk" small kind="plain" onClick={() => { desk.open(one.conversation!, true); desk.go("desk"); }} />}
      </p>
    </li>
  );
}

function Fact({ name, children }: { name: AnyKey; children: preact.ComponentChildren }) {
  return <div><dt>{t(name)}</dt><dd>{children}</dd></div>;
}

/** Arrow keys go from one delivery to the next. */
function walk(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step || (event.target as HTMLElement).tagName !== "SUMMARY") return;
  const all = [...event.currentTarget.querySelectorAll("summary")];
  all[all.indexOf(event.target as HTMLElement) + step]?.focus();
  event.preventDefault();
}
