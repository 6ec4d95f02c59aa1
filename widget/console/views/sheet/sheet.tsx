// Beside the conversation: what the customer has said already, anywhere, with the place it was said.

import type { SheetFact } from "../../../wire/sheet";
import { Time } from "../../design/time";
import "../../parts/sheet/words";
import { useHub } from "../../state/hub";
import { sheets } from "../../state/sheet";
import { t } from "../../text";
import { kindName, sourceName } from "./names";
import "../sheet.css";

const MOST_ANSWERS = 5;

export function Sheet({ customer }: { customer: string }) {
  const { desk } = useHub();
  const page = sheets.value.get(customer);
  const facts = page?.facts.filter((one) => one.source !== "record") ?? [];
  const answers = page?.answers.slice(0, MOST_ANSWERS) ?? [];
  if (!facts.length && !answers.length) return null;
  return (
    <section class="customer-part sheet" aria-label={t("sheet.title")}>
      <h3>{t("sheet.title")}</h3>
      <dl class="record">
        {facts.map((one) => <Fact key={`${one.kind}${one.value}${one.where}`} one={one} />)}
        {answers.map((one) => (
          <div class="record-field" key={`${one.conversation}${one.seq}`}>
            <dt dir="auto">{one.question}</dt>
            <dd>
              <button type="button" class="sheet-value" dir="auto" data-tip={t("sheet.show")} onClick={() => desk.openAt(one.conversation, one.seq)}>{one.answer}</button>
              <span class="quiet"> <Time at={one.at} /></span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Fact({ one }: { one: SheetFact }) {
  const { desk } = useHub();
  const { conversation, seq } = one;
  return (
    <div class="record-field">
      <dt>{kindName(one.kind)}</dt>
      <dd>
        {!one.value ? <span class="quiet">{t("sheet.team", { team: one.where })}</span>
          : conversation && seq != null
            ? <button type="button" class="sheet-value" dir="auto" data-tip={t("sheet.show")} onClick={() => desk.openAt(conversation, seq)}><bdi>{one.value}</bdi></button>
            : <bdi class="value">{one.value}</bdi>}
        {one.value && <span class="quiet sheet-source"> {sourceName(one)} <Time at={one.at} /></span>}
      </dd>
    </div>
  );
}
