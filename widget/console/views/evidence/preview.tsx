// What a decision would do, before anybody takes it: who gives and gets which touchpoints, and which values change. The hub
// carries it out on a copy, so what is shown is what happens.

import { useEffect, useState } from "preact/hooks";
import type { Deciding, Preview, PreviewSide } from "../../../wire/evidence";
import { Avatar } from "../../design/avatar";
import { Icon } from "../../design/icons";
import { TrustDot } from "../../design/trust";
import { api, ApiError } from "../../state/api";
import { t } from "../../text";
import { sentence } from "../acts";
import { attribute } from "../record";
import { decisionWords, listed } from "../deciding";
import { touched } from "./words";

export type Looked = Preview | "loading" | { problem: string };

/** The newest answer to a wish; nothing is asked while there is none. */
export function usePreview(wish: Deciding | null): Looked | null {
  const [looked, setLooked] = useState<Looked | null>(wish ? "loading" : null);
  const asked = JSON.stringify(wish);
  useEffect(() => {
    setLooked(wish ? "loading" : null);
    if (!wish) return;
    let latest = true;
    api.previewDecision(wish).then(
      (found) => latest && setLooked(found),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (latest) setLooked({ problem: error.message || t("later.failed") });
      },
    );
    return () => {
      latest = false;
    };
  }, [asked]);
  return looked;
}

/** Whether there is something to decide. */
export const isReady = (looked: Looked | null): boolean => typeof looked === "object" && looked !== null && "changes" in looked && looked.changes;

/** On a small screen it stands below what was chosen. */
const show = (section: HTMLElement | null): void => section?.scrollIntoView?.({ block: "nearest" });

export function PreviewOf({ looked }: { looked: Looked | null }) {
  if (looked === null) return null;
  if (looked === "loading") return <p class="quiet" role="status">{t("preview.loading")}</p>;
  if ("problem" in looked) return <p class="field-wrong" role="alert">{sentence(looked.problem)}</p>;
  if (!looked.changes) return <Nothing looked={looked} />;
  if (looked.unseen) return <p class="quiet" role="status"><Icon name="clock" /> {t("preview.unseen")}</p>;
  const { sides = [], moves = [], fields = [] } = looked;
  const quiet = moves.length === 0 && fields.length === 0;
  return (
    <section class="preview" aria-label={t("preview.label")} role="status" ref={show}>
      <h3>{t("preview.label")}</h3>
      {quiet && <p>{t("preview.quiet")}</p>}
      {moves.length > 0 && (
        <ul class="preview-sides">{sides.filter((side) => side.before !== side.after).map((side) => <Side key={side.customer} side={side} />)}</ul>
      )}
      {moves.length > 0 && (
        <ul class="preview-moves">
          {moves.map((move) => {
            const some = (move.some ?? []).map(touched);
            const left = move.touches - some.length;
            return (
              <li key={`${move.before}${move.after}`}>
                <Icon name="transfer" />
                <span><b>{t("preview.move", { count: move.touches, from: nameIn(sides, move.before), to: nameIn(sides, move.after) })}</b>{" "}
                  <span class="quiet">{listed(left > 0 ? [...some, t("why.more", { count: left })] : some)}</span></span>
              </li>
            );
          })}
          {looked.more ? <li class="quiet">{t("why.more", { count: looked.more })}</li> : null}
        </ul>
      )}
      {fields.length > 0 && (
        <table class="sides preview-fields">
          <caption class="unseen">{t("preview.fields")}</caption>
          <thead><tr><td /><th scope="col">{t("preview.before")}</th><th scope="col">{t("preview.after")}</th></tr></thead>
          <tbody>
            {fields.map((one) => (
              <tr key={`${one.customer}${one.attribute}`}>
                <th scope="row">{attribute(one.attribute)}{many(sides) && <span class="quiet cut"><bdi>{nameIn(sides, one.customer)}</bdi></span>}</th>
                <td class="was">{one.before == null ? "–" : <bdi>{one.before}</bdi>}</td>
                <td>{one.after == null ? "–" : <bdi>{one.after}</bdi>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {looked.pending && <p class="quiet"><Icon name="clock" /> {t("preview.pending")}</p>}
    </section>
  );
}

const many = (sides: readonly PreviewSide[]): boolean => sides.filter((side) => side.after > 0).length > 1;

/** What a customer is called in a preview; a record that comes into being has no name yet when nobody says one. */
function nameIn(sides: readonly PreviewSide[], customer: string): string {
  const side = sides.find((one) => one.customer === customer);
  return side?.name || (side?.before === 0 ? t("preview.new") : t("visitor"));
}

function Side({ side }: { side: PreviewSide }) {
  const fate = side.before === 0 ? t("preview.born") : side.after === 0 ? t("preview.gone") : "";
  return (
    <li class={side.after === 0 ? "gone" : ""}>
      <Avatar name={side.name} seed={side.customer} size="small" />
      <span class={`cut${side.name ? "" : " born"}`}>{side.name ? <bdi>{side.name}</bdi> : t(side.before === 0 ? "preview.new" : "visitor")}</span>
      {side.before > 0 && <TrustDot level={side.level} />}
      <span class="figures preview-count" role="img" aria-label={t("preview.count", { before: side.before, after: side.after })}><bdi dir="ltr">{side.before} → {side.after}</bdi></span>
      {fate && <span class="tag">{fate}</span>}
    </li>
  );
}

function Nothing({ looked }: { looked: Preview }) {
  const against = looked.against ?? [];
  return (
    <div class="preview" role="status">
      <p><Icon name="alert" /> {against.length ? t("preview.against") : sentence(looked.answer ?? "")}</p>
      {against.map((one) => <p key={one.id} class="quiet" dir="auto"><b>{one.author}</b> {decisionWords(one)}{one.note ? ` · ${one.note}` : ""}</p>)}
    </div>
  );
}
