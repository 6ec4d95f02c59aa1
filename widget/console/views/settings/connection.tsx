// What an admin sees of one connection: what came in and went out, what waits, and the last error with its cure.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConnectionFacts, ConnectionsPage } from "../../../wire/settings";
import { Button } from "../../design/button";
import { Time } from "../../design/time";
import { api } from "../../state/api";
import { useHub } from "../../state/hub";
import { toast } from "../../state/toasts";
import { type AnyKey, known, t } from "../../text";
import { Copy } from "../copy";

const AGAIN = 15_000;

/** All connections by name, for admins; asked again when the health of one changes, and now and then. */
export function useConnections(version: string): [ReadonlyMap<string, ConnectionFacts>, string, (name: string) => void] {
  const admin = useHub().me.value.role === "admin";
  const [page, setPage] = useState<ConnectionsPage | null>(null);
  useEffect(() => {
    if (!admin) return;
    let wanted = true;
    const load = () => void (document.hidden || api.connections().then((found) => wanted && setPage(found), () => {}));
    load();
    const timer = setInterval(load, AGAIN);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [admin, version]);
  const again = (name: string) => void api.tryAgain(name).then(setPage, () => toast(t("connection.again.failed"), { bad: true }));
  return [new Map((page?.connections ?? []).map((one) => [one.name, one])), page?.file ?? "hub.toml", again];
}

export function Facts({ facts, file, again }: { facts: ConnectionFacts; file: string; again: (name: string) => void }) {
  const hook = facts.kind === "webhook" && facts.name.startsWith("webhook:");
  const path = hook ? facts.name.replace("webhook:", "webhooks.") : `channels.${facts.name}`;
  return (
    <>
      <dl class="connection-facts">
        {!hook && <Fact name="connection.plugin">{[facts.plugin || facts.kind, facts.version].filter(Boolean).join(" ")}</Fact>}
        {!hook && <Fact name="connection.in">{facts.last_in ? <Time at={facts.last_in} /> : t("connection.nothing")}</Fact>}
        <Fact name="connection.out">{facts.last_out ? <Time at={facts.last_out} /> : t("connection.nothing")}</Fact>
        <Fact name="connection.waiting"><span class="figures">{facts.waiting ?? 0}</span>{facts.oldest ? <>, {t("connection.oldest")} <Time at={facts.oldest} /></> : null}</Fact>
        {!!facts.aside && <Fact name="connection.aside"><span class="figures">{facts.aside}</span></Fact>}
        {!hook && <Fact name="connection.restarts"><span class="figures">{facts.restarts ?? 0}</span></Fact>}
        <Fact name="connection.place">{facts.line ? t("file.line", { line: facts.line }) : file} <Copy text={path} what={path} /></Fact>
      </dl>
      {!!facts.error_at && <LastError facts={facts} file={file} again={again} />}
    </>
  );
}

function Fact({ name, children }: { name: AnyKey; children: ComponentChildren }) {
  return <div><dt>{t(name)}</dt><dd>{children}</dd></div>;
}

/** What to do, by how it is; over when it is well again. */
function cure(facts: ConnectionFacts, file: string): string {
  const key = facts.runs ? `connection.cure.${facts.state}` : "connection.cure.settings";
  const place = facts.line ? `${file}:${facts.line}` : file;
  return known(key) ? t(key, { place }) : t("connection.over");
}

function LastError({ facts, file, again }: { facts: ConnectionFacts; file: string; again: (name: string) => void }) {
  const ill = facts.state === "failed" || facts.state === "reconnect" || facts.state === "waiting";
  return (
    <details class="last-error">
      <summary>{t("connection.show")}</summary>
      <p><Time at={facts.error_at!} />{facts.error !== facts.why && <> · <bdi>{facts.error}</bdi></>}</p>
      <p class="cure">{cure(facts, file)}</p>
      {facts.traceback && (
        <pre dir="ltr" tabIndex={0} role="region" aria-label={t("connection.traceback")}>{facts.traceback}</pre>
      )}
      <p class="actions">
        {ill && facts.runs && <Button label={t("connection.again")} icon="back" small onClick={() => again(facts.name)} />}
        {facts.traceback && <Copy text={facts.traceback} what={t("connection.report")} />}
      </p>
    </details>
  );
}
