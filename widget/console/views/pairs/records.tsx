// Both records beside each other with what agrees and what differs, and the record that would become of them.

import type { TimelineItem } from "../../../wire/console";
import type { Suggestion, SuggestionPair } from "../../../wire/suggestions";
import { Icon, type IconName } from "../../design/icons";
import { Time } from "../../design/time";
import { TrustDot } from "../../design/trust";
import { byRank, compared, folded, type Likeness, type Line, type Said, valuesOf } from "../../state/compared";
import { t } from "../../text";
import { nameOf } from "../acts";
import { attribute, origin } from "../record";
import { touchTitle } from "../timeline";

const MARK: Readonly<Record<Likeness, IconName | null>> = { agrees: "check", alike: "alike", differs: "cross", one: null };

export function Records({ one, pair }: { one: Suggestion; pair: SuggestionPair | undefined }) {
  return (
    <table class="pairs-records" aria-busy={!pair}>
      <caption class="unseen">{t("pairs.compared")}</caption>
      <thead class="unseen">
        <tr><td /><th scope="col">{nameOf(one.a)}</th><th scope="col">{nameOf(one.b)}</th></tr>
      </thead>
      <tbody>
        {pair ? compared(pair.a, pair.b).map((line) => <Row key={line.attribute} line={line} />) : <tr><td colSpan={3} class="quiet">{t("loading")}</td></tr>}
        <tr>
          <Name words={t("customer.timeline")} />
          <td class="figures">{one.a.touchpoints}</td><td class="figures">{one.b.touchpoints}</td>
        </tr>
        <tr>
          <Name words={t("pairs.last")} />
          <td><Time at={one.a.last} /></td><td><Time at={one.b.last} /></td>
        </tr>
        {pair && (
          <tr>
            <Name words={t("pairs.latest")} />
            <Latest items={pair.latest_a ?? []} /><Latest items={pair.latest_b ?? []} />
          </tr>
        )}
      </tbody>
    </table>
  );
}

const Name = ({ words }: { words: string }) => <th scope="row"><span class="pairs-mark" />{words}</th>;

function Row({ line }: { line: Line }) {
  const icon = MARK[line.likeness];
  const words = t(`pairs.line.${line.likeness}`);
  return (
    <tr class={line.likeness}>
      <th scope="row">
        <span class="pairs-mark" data-tip={words}>{icon && <Icon name={icon} />}</span>
        {attribute(line.attribute)} <span class="unseen">{words}</span>
      </th>
      <Side said={line.a} /><Side said={line.b} />
    </tr>
  );
}

function Side({ said }: { said: readonly Said[] }) {
  if (!said.length) return <td class="quiet">–</td>;
  return (
    <td>
      {said.map(({ value, level, pieces }) => (
        <p class="pairs-value" key={value}>
          <TrustDot level={level} />
          <bdi>{pieces.map(([text, differs], n) => (differs ? <mark key={n}>{text}</mark> : text))}</bdi>
        </p>
      ))}
    </td>
  );
}

function Latest({ items }: { items: readonly TimelineItem[] }) {
  return (
    <td>
      {items.map((item) => (
        <p class="pairs-touch" key={item.id}><span class="cut" dir="auto">{[touchTitle(item), item.source].filter(Boolean).join(" · ")}</span> <Time at={item.at} /></p>
      ))}
    </td>
  );
}

/** What joining them would make of the two; nothing is lost, what is not chosen stays beside it. */
export function AsOne({ pair }: { pair: SuggestionPair }) {
  const reached = [...valuesOf({ ...pair.a, fields: [], identifiers: [...(pair.a.identifiers ?? []), ...(pair.b.identifiers ?? [])] })];
  const said = new Set(pair.fields.map((field) => field.attribute));
  return (
    <section class="pairs-part">
      <h2>{t("pairs.one")} <span class="quiet">{t("pairs.one.count", { count: pair.touchpoints })}</span></h2>
      {!!pair.others && <p class="pairs-others">{t("pairs.others", { count: pair.others })}</p>}
      <dl class="pairs-one">
        {[...pair.fields].sort((one, other) => byRank(one.attribute, other.attribute)).map(({ attribute: name, chosen, others }) => (
          <One key={name} name={name} values={[chosen]} detail={origin(chosen)} also={otherwise(chosen, others ?? [])} />
        ))}
        {reached.filter(([name]) => !said.has(name)).map(([name, values]) => <One key={name} name={name} values={values} />)}
      </dl>
    </section>
  );
}

type Plain = Pick<Said, "value" | "level">;

const otherwise = (chosen: Plain, others: readonly Plain[]): string[] =>
  [...new Map(others.map((other) => [folded(other.value), other.value]))].filter(([fold]) => fold !== folded(chosen.value)).map(([, value]) => value);

function One({ name, values, detail = "", also = [] }: { name: string; values: readonly Plain[]; detail?: string; also?: readonly string[] }) {
  return (
    <div>
      <dt>{attribute(name)}</dt>
      <dd>
        {values.map(({ value, level }) => <span class="pairs-value" key={value}><TrustDot level={level} detail={detail} /><bdi>{value}</bdi></span>)}
        {also.length > 0 && <span class="quiet pairs-also">{t("pairs.also", { value: also.join(", ") })}</span>}
      </dd>
    </div>
  );
}
