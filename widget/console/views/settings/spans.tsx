// Hours of one day: several spans, each from and to, by keyboard or by the browser's own time fields.

import { Button } from "../../design/button";
import { t } from "../../text";

/** `"09:00-24:00"` → `["09:00", "00:00"]`: a time field knows no 24:00, and midnight as an end means the same. */
const ends = (span: string): [string, string] => {
  const [from = "09:00", to = "17:00"] = span.split("-");
  return [from, to === "24:00" ? "00:00" : to];
};

/** The next span one would add: an hour after the last one ends, or office hours. */
function next(spans: readonly string[]): string {
  const last = spans.at(-1);
  if (!last) return "09:00-17:00";
  const start = Math.min(22, Number(ends(last)[1].slice(0, 2)) + 1);
  const two = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  return `${two(start)}-${two(Math.min(23, start + 3))}`;
}

export function Spans({ spans, locked, day, onChange }: { spans: readonly string[]; locked: boolean; day: string; onChange: (spans: string[]) => void }) {
  const put = (at: number, from: string, to: string) => from && to && onChange(spans.map((span, n) => (n === at ? `${from}-${to}` : span)));
  return (
    <div class="spans">
      {!spans.length && <span class="quiet closed">{t("hours.closed")}</span>}
      {spans.map((span, at) => {
        const [from, to] = ends(span);
        return (
          <span class="span" key={at}>
            <input class="input" type="time" value={from} disabled={locked} aria-label={t("hours.from", { day })} onChange={(event) => put(at, event.currentTarget.value, to)} />
            <span aria-hidden="true">–</span>
            <input class="input" type="time" value={to} disabled={locked} aria-label={t("hours.to", { day })} onChange={(event) => put(at, from, event.currentTarget.value)} />
            {to <= from && to !== "00:00" && <span class="quiet">{t("hours.next.day")}</span>}
            {!locked && <Button label={t("hours.drop", { day, span })} icon="cross" only="icon" kind="plain" small onClick={() => onChange(spans.filter((_, n) => n !== at))} />}
          </span>
        );
      })}
      {!locked && <Button label={t("hours.add", { day })} icon="plus" only="icon" kind="plain" small onClick={() => onChange([...spans, next(spans)])} />}
    </div>
  );
}
