// Plugins and connections: a light, and the reason in words.

import { useEffect, useState } from "preact/hooks";
import type { HealthRow } from "../../wire/console";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { EmptyState } from "../design/surfaces";
import { Time } from "../design/time";
import type { TrackingProblem } from "../../wire/console";
import { api } from "../state/api";
import { useHub } from "../state/hub";
import { itemsOf } from "../state/topics";
import { known, t } from "../text";
import { Facts, useConnections } from "./settings/connection";

const WELL = new Set(["healthy", "enabled", "found"]);
const UNDER_WAY = new Set(["waiting"]);

export const isWell = (row: HealthRow): boolean => WELL.has(row.state) || UNDER_WAY.has(row.state);
const light = (row: HealthRow): string => (WELL.has(row.state) ? "well" : UNDER_WAY.has(row.state) ? "under-way" : "ill");

/** What is ill stands first. */
function byNeed(a: HealthRow, b: HealthRow): number {
  const order = ["ill", "under-way", "well"];
  return order.indexOf(light(a)) - order.indexOf(light(b)) || a.kind.localeCompare(b.kind) || a.id.localeCompare(b.id);
}

export function Health() {
  const { health } = useHub();
  const rows = itemsOf(health.value, "health");
  const ill = rows.filter((row) => !isWell(row)).length;
  return (
    <main class="page">
      <header class="page-head">
        <h1>{t("nav.health")}</h1>
        {rows.length > 0 && <p class="quiet">{ill ? t("health.ill", { count: ill }) : t("health.well")}</p>}
      </header>
      <Connections />
    </main>
  );
}

/** The same list for everybody under Health and, among the settings, for admins. */
export function Connections() {
  const { health, desk, me } = useHub();
  const rows = itemsOf(health.value, "health").sort(byNeed);
  const problems = useProblems(rows.map((row) => row.reason).join());
  const [facts, file, again] = useConnections(rows.map((row) => row.state + row.reason).join());
  return (
    <>
      {health.value && !rows.length && <EmptyState icon="pulse" title={t("health.empty")}><p>{t("health.empty.lead")}</p></EmptyState>}
      <ul class="health scroll">
        {rows.map((row) => [row, facts.get(row.kind === "connection" ? row.id.slice(row.id.indexOf(":") + 1) : row.id)] as const).map(([row, more]) => (
          <li class={`health-row ${light(row)}`} key={row.id}>
            <span class="light"><Icon name={light(row) === "ill" ? "alert" : light(row) === "well" ? "check" : "clock"} /></span>
            <div>
              <p class="health-name"><b>{row.id.slice(row.id.indexOf(":") + 1)}</b> <span class="tag">{kindWord(row.kind)}</span></p>
              {row.reason && <p class="health-reason"><bdi>{row.reason}</bdi></p>}
              {row.reason && row.kind === "connection" && <Problems rows={problems.filter((one) => one.connection === row.id.slice(row.id.indexOf(":") + 1))} />}
              {row.id === "undelivered" && me.value.role === "admin" && (
                <p class="actions"><Button label={t("health.look")} icon="right" small onClick={() => desk.goSettings("undelivered")} /></p>
              )}
              {more && <Facts facts={more} file={file} again={again} />}
            </div>
            <p class="health-state">
              <span>{word(row.state)}</span>
              {!!row.since && <span class="quiet"><Time at={row.since} /></span>}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What trackers sent and the hub left out; asked again when a connection says something new. */
function useProblems(version: string): readonly TrackingProblem[] {
  const [found, setFound] = useState<readonly TrackingProblem[]>([]);
  useEffect(() => {
    let wanted = true;
    api.problems().then((list) => wanted && setFound(list), () => wanted && setFound([]));
    return () => void (wanted = false);
  }, [version]);
  return found;
}

function Problems({ rows }: { rows: readonly TrackingProblem[] }) {
  if (!rows.length) return null;
  return (
    <details class="problems">
      <summary>{t("health.problems", { count: rows.length })}</summary>
      <ol>
        {rows.slice(0, 50).map((one) => (
          <li key={one.n}>
            <Time at={one.at} />
            <span class="problem-why"><bdi>{one.why}</bdi></span>
            <span class="quiet">{[one.call, one.message_id].filter(Boolean).join(" · ")}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function kindWord(kind: string): string {
  const key = `health.kind.${kind}`;
  return known(key) ? t(key) : kind;
}

function word(state: string): string {
  const key = `health.state.${state}`;
  return known(key) ? t(key) : state;
}
