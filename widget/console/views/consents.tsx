// What a customer said about being written to, for each purpose and address: what counts, who said it and when, what was said before.

import { useState } from "preact/hooks";
import type { RecordConsent } from "../../wire/console";
import { exact } from "../design/time";
import { TrustDot } from "../design/trust";
import { known, t } from "../text";
import { inline, origin } from "./record";

export function Consents({ rows }: { rows: readonly RecordConsent[] }) {
  if (!rows.length) return null;
  return (
    <section class="customer-part">
      <h3>{t("consent.title")}</h3>
      <dl class="record">{rows.map((row) => <Row key={`${row.purpose} ${row.kind} ${row.value}`} row={row} />)}</dl>
    </section>
  );
}

function Row({ row }: { row: RecordConsent }) {
  const [open, setOpen] = useState(false);
  const key = `consent.${row.purpose}`;
  const earlier = row.earlier ?? [];
  const about = row.kind ? t("consent.for", { identifier: t("why.identifier", { kind: inline(row.kind), value: row.value ?? "" }) }) : "";
  return (
    <div class="record-field">
      <dt>{known(key) ? t(key) : row.purpose}</dt>
      <dd>
        <TrustDot level={row.said.level} detail={origin(row.said)} />
        <button type="button" class="tell" aria-expanded={open} data-tip={t("record.tell")} onClick={() => setOpen(!open)}>
          <span class="value"><b>{t(row.granted ? "consent.granted" : "consent.withdrawn")}</b> <bdi class="quiet">{about}</bdi></span>
          {earlier.length > 0 && <span class="others figures" role="img" aria-label={t("record.others", { count: earlier.length })}>+{earlier.length}</span>}
        </button>
      </dd>
      {open && <dd class="told"><p class="quiet">{origin(row.said).split("\n").map((line) => <span class="line" key={line}>{line}</span>)}</p></dd>}
      {open && earlier.map((one, at) => (
        <dd class="other" key={at}>
          <TrustDot level={one.level} detail={origin(one)} />
          <span class="other-words"><span class="value"><bdi>{one.value}</bdi></span><span class="quiet said-by"><bdi>{one.operator || one.source}</bdi> · {exact(one.at)}</span></span>
        </dd>
      ))}
    </div>
  );
}
