// Why the hub asks: the score as a waterfall, drawn by us, and the same as a table. The picture is for eyes, the table is there for
// everybody: hidden from view it is what screen readers read.

import { useState } from "preact/hooks";
import type { Suggestion, SuggestionStep } from "../../../wire/suggestions";
import { Button } from "../../design/button";
import { useKey } from "../../state/keys";
import { type Bar, bitsOf, MARKS, place, type Waterfall, waterfall } from "../../state/waterfall";
import { known, t } from "../../text";
import { attribute } from "../record";
import { bits, share } from "./figures";

export function Score({ one }: { one: Suggestion }) {
  const [table, setTable] = useState(shown);
  const toggle = () => setTable((shown = !table));
  useKey("pairs.table", toggle);
  const fall = waterfall(one);
  return (
    <section class="pairs-part pairs-score">
      <h2>{t("pairs.why")} <Button label={t("key.pairs.table")} icon="rows" only="icon" kind="plain" small pressed={table} keyName="pairs.table" onClick={toggle} /></h2>
      {!table && <Picture fall={fall} one={one} />}
      <Table fall={fall} seen={table} />
    </section>
  );
}

/** Stays from pair to pair. */
let shown = false;

const levelWord = (name: string): string => (known(`pairs.level.${name}`) ? t(`pairs.level.${name}` as "pairs.why") : name);
const title = (bar: Bar): string => (bar.step ? attribute(bar.step.field) : t(bar.kind === "prior" ? "pairs.prior" : "pairs.total"));
const says = ({ a, b }: SuggestionStep): string => (a === b ? a : [a, b].map((one) => one || "–").join("\n"));

function Picture({ fall, one }: { fall: Waterfall; one: Suggestion }) {
  return (
    <div class="fall" aria-hidden="true">
      {fall.bars.map((bar, n) => (
        <div class={`fall-row ${bar.kind} ${bar.bits < 0 ? "against" : "for"}`} key={n} data-tip={bar.step ? says(bar.step) : bar.kind === "prior" ? t("pairs.prior.tip") : undefined}>
          <span class="fall-name"><span class="cut">{title(bar)}</span>{bar.step && <span class="quiet cut">{levelWord(bar.step.level)}</span>}</span>
          <Row fall={fall} bar={bar} />
          <span class="figures fall-bits">{bar.kind === "total" ? share(one.probability) : bits(bar.bits)}</span>
        </div>
      ))}
      <div class="fall-row fall-axis">
        <span />
        <span class="fall-marks">{MARKS.map((mark) => <span key={mark} style={{ insetInlineStart: `${place(fall, bitsOf(mark))}%` }}>{share(mark)}</span>)}</span>
        <span />
      </div>
    </div>
  );
}

const TALL = 34;
const THICK = 14;

/** One row of the picture: its bar, the line that hands the sum on to the next row, and the marks that run through all of them. */
function Row({ fall, bar }: { fall: Waterfall; bar: Bar }) {
  const [from, to] = [place(fall, bar.from), place(fall, bar.to)];
  const top = (TALL - THICK) / 2;
  const wide = Math.max(Math.abs(to - from), 0.8);
  return (
    <svg viewBox={`0 0 100 ${TALL}`} preserveAspectRatio="none">
      {MARKS.map((mark) => <path key={mark} class={`fall-mark${mark > 0.5 ? " likely" : ""}`} d={`M${place(fall, bitsOf(mark))} 0V${TALL}`} />)}
      {bar.kind === "step" && <path class="fall-line" d={`M${from} 0V${top}`} />}
      <rect class="fall-bar" x={Math.min(from, to)} y={top} width={wide} height={THICK} rx="0" />
      <path class="fall-line" d={bar.kind === "total" ? `M${to} 0V${top}` : `M${to} ${top + THICK}V${TALL}`} />
    </svg>
  );
}

function Table({ fall, seen }: { fall: Waterfall; seen: boolean }) {
  return (
    <table class={seen ? "pairs-table" : "unseen"}>
      <caption class="unseen">{t("pairs.why")}</caption>
      <thead>
        <tr>{(["field", "level", "bits", "sum"] as const).map((name) => <th scope="col" key={name}>{t(`pairs.col.${name}`)}</th>)}</tr>
      </thead>
      <tbody>
        {fall.bars.map((bar, n) => (
          <tr key={n} class={bar.kind}>
            <th scope="row">{title(bar)}</th>
            <td>{bar.step ? levelWord(bar.step.level) : ""}</td>
            <td class="figures">{bar.kind === "total" ? "" : bits(bar.bits)}</td>
            <td class="figures">{bits(bar.to)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
