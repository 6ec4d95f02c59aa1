// The evidence as a picture: what happened beside what it carries. The boxes are buttons in two lists, so the picture is read
// by ear and walked by keys like any list; only the lines between them are drawn.

import { useRef, useState } from "preact/hooks";
import type { Explanation } from "../../../wire/evidence";
import { Icon, type IconName } from "../../design/icons";
import { t } from "../../text";
import { attribute } from "../record";
import { type KeyBox, type Line, middleOf, picture, type TouchBox } from "./drawing";
import { listed } from "../deciding";
import { carriedWords, dayOf, happened } from "./words";

const ROW = 52;
const TOUCH: Record<string, IconName> = { visit: "globe", chat: "desk", message: "desk", conversation: "desk", mail: "mail", email: "mail", call: "phone", order: "cart", cart: "cart", note: "note", entry: "edit" };
const KEY: Record<string, IconName> = { email: "mail", phone: "phone", device: "system", session: "globe", user_id: "person" };

interface Props {
  said: Explanation;
  /** The box whose touchpoints are to be looked at. */
  onTouches: (places: readonly number[]) => void;
}

export function Graph({ said, onTouches }: Props) {
  const drawn = picture(said);
  const [lit, setLit] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const height = Math.max(drawn.touches.length, drawn.keys.length) * ROW;
  const isLit = (line: Line) => lit === "" || line.from === lit || line.to === lit;
  const near = new Set(drawn.lines.filter((line) => line.from === lit || line.to === lit).flatMap((line) => [line.from, line.to]));
  const walk = (event: KeyboardEvent) => {
    const columns = [...(box.current?.querySelectorAll("ul") ?? [])].map((list) => [...list.querySelectorAll("button")]);
    const column = columns.findIndex((list) => list.includes(event.target as HTMLButtonElement));
    const at = columns[column]?.indexOf(event.target as HTMLButtonElement) ?? -1;
    const across = event.key === "ArrowLeft" || event.key === "ArrowRight";
    const next = event.key === "ArrowDown" ? columns[column]?.[at + 1] : event.key === "ArrowUp" ? columns[column]?.[at - 1]
      : across ? columns[1 - column]?.find((one) => near.has(one.dataset["box"]!)) : undefined;
    if (at < 0 || !next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  };
  const lights = (id: string) => ({
    "data-box": id, class: `graph-box${lit && id !== lit && !near.has(id) ? " dim" : ""}`,
    onPointerEnter: () => setLit(id), onPointerLeave: () => setLit(""), onFocus: () => setLit(id), onBlur: () => setLit(""),
  });
  return (
    <figure class="graph" aria-label={t("why.graph")}>
      <div class="graph-plan" ref={box} style={{ height: `${height}px` }} onKeyDown={walk}>
        <ul aria-label={t("why.graph.touches")}>
          {drawn.touches.map((one) => (
            <li key={one.id}>
              <button type="button" {...lights(one.id)} onClick={() => onTouches(one.touches)}>
                <Icon name={one.rest ? "more" : TOUCH[said.touches![one.touches[0]!]!.item.kind] ?? "page"} />
                <span class="graph-words"><span class="cut" dir="auto">{touchLabel(one, said)}</span><span class="quiet cut">{touchDays(one, said)}</span></span>
                <span class="unseen">{listed(ends(drawn, one.id).map((key) => keyLabel(key, said)))}</span>
              </button>
            </li>
          ))}
        </ul>
        <svg viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {drawn.lines.map((line) => {
            const from = middleOf(drawn.touches.findIndex((one) => one.id === line.from), drawn.touches.length, height);
            const to = middleOf(drawn.keys.findIndex((one) => one.id === line.to), drawn.keys.length, height);
            return <path key={`${line.from}${line.to}`} class={`${line.joins ? line.level : "idle"}${isLit(line) ? "" : " dim"}`} d={`M0 ${from}C55 ${from} 45 ${to} 100 ${to}`} />;
          })}
        </svg>
        <ul aria-label={t("why.graph.keys")}>
          {drawn.keys.map((one) => (
            <li key={one.id}>
              <button type="button" {...lights(one.id)} onClick={() => onTouches(touchesOf(drawn, one.id))}>
                <Icon name={one.link !== null ? "link" : one.rest ? "more" : KEY[said.identifiers![one.identifiers[0]!]!.kind] ?? "tag"} />
                <span class="graph-words"><span class="cut"><bdi>{keyTitle(one, said)}</bdi></span><span class="quiet cut">{keyKind(one, said)}</span></span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <figcaption class="graph-legend quiet">
        {(["verified", "observed", "asserted"] as const).map((level) => (
          <span key={level}><svg viewBox="0 0 24 4" aria-hidden="true"><path class={level} d="M0 2H24" /></svg>{t(`trust.${level}`)}</span>
        ))}
        <span><svg viewBox="0 0 24 4" aria-hidden="true"><path class="idle" d="M0 2H24" /></svg>{t("why.idle")}</span>
      </figcaption>
    </figure>
  );
}

type Drawn = ReturnType<typeof picture>;
const ends = (drawn: Drawn, touch: string): KeyBox[] => drawn.keys.filter((key) => drawn.lines.some((line) => line.from === touch && line.to === key.id));
const touchesOf = (drawn: Drawn, key: string): number[] =>
  drawn.touches.filter((one) => drawn.lines.some((line) => line.from === one.id && line.to === key)).flatMap((one) => one.touches);

function touchLabel(box: TouchBox, said: Explanation): string {
  const what = happened(said.touches![box.touches[0]!]!.item);
  if (box.rest) return t("why.others", { count: box.count });
  return box.count > 1 ? t("why.times", { what: box.touches.length > 1 ? t(`touch.${kindOf(box, said)}`) : what, count: box.count }) : what;
}

const kindOf = (box: TouchBox, said: Explanation): "visit" => said.touches![box.touches[0]!]!.item.kind as "visit";

function touchDays(box: TouchBox, said: Explanation): string {
  const [first, last] = [box.touches[0]!, box.touches.at(-1)!].map((place) => dayOf(said.touches![place]!.item.at));
  return first === last ? first! : `${first} – ${last}`;
}

function keyTitle(box: KeyBox, said: Explanation): string {
  if (box.link !== null) return said.links![box.link]!.decision!.author;
  const one = said.identifiers![box.identifiers[0]!]!;
  if (box.rest) return t("why.others", { count: box.identifiers.length });
  return box.identifiers.length > 1 ? t(one.kind === "device" ? "browsers" : "why.sessions", { count: box.identifiers.length }) : one.value || carriedWords(one);
}

function keyKind(box: KeyBox, said: Explanation): string {
  if (box.link !== null) return t("decision.same");
  const one = said.identifiers![box.identifiers[0]!]!;
  return box.rest || !one.value ? "" : attribute(one.kind);
}

const keyLabel = (box: KeyBox, said: Explanation): string => [keyKind(box, said), keyTitle(box, said)].filter(Boolean).join(" ");
