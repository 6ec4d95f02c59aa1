// The strip that says when the line is not as usual: since when, what waits, when the next try is, and what came meanwhile.

import { useEffect, useState } from "preact/hooks";
import { Button } from "../design/button";
import { Banner } from "../design/surfaces";
import { clockTime, exact } from "../design/time";
import { now } from "../state/clock";
import { useHub } from "../state/hub";
import { cutSince, type Meanwhile } from "../state/meanwhile";
import { toast } from "../state/toasts";
import { t } from "../text";

/** Milliseconds of a cut that somebody may have seen. */
const NOTICED = 5_000;

/** Nothing while all is well: the best status line is none. */
export function LineBanner() {
  const { line, feed, welcomed } = useHub();
  const state = line.state.value;
  if (state === "denied")
    return (
      <Banner kind="bad">
        {line.reason.value || t("line.denied")} <Button label={t("reload")} small onClick={() => location.reload()} />
      </Banner>
    );
  if (state === "offline") return <OfflineBanner />;
  if (state === "online" && line.doubted.value) return <Banner kind="warm">{t("line.doubted")}</Banner>;
  if (state === "connecting" && welcomed.value) return <Banner>{t("line.connecting")}</Banner>;
  if (state === "online" && welcomed.value && feed.behind.value > 0) return <CatchingUp />;
  return null;
}

/** Only what takes long enough to be noticed is worth a strip that moves everything down. */
function CatchingUp() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 1_200);
    return () => clearTimeout(timer);
  }, []);
  return late ? <Banner>{t("line.catching")}</Banner> : null;
}

function OfflineBanner() {
  const { line, outbox } = useHub();
  const waiting = outbox.pending.value.filter((one) => one.state === "sending");
  const unsent = waiting.filter((one) => one.command.t === "reply").length;
  const acts = waiting.length - unsent;
  const at = line.retryAt.value;
  const since = cutSince.value;
  const seconds = at === null ? 0 : Math.max(0, Math.ceil((at - (now.value - line.offset.value)) / 1000));
  return (
    <Banner kind="warm">
      <span>
        {t("line.offline")} {since !== null && <span class="figures" data-tip={exact(since)}>{t("line.since", { time: clockTime(since) })}</span>}{" "}
        {unsent > 0 && t("line.unsent", { count: unsent })} {acts > 0 && t("line.acts", { count: acts })}{" "}
        <span class="figures quiet">{seconds > 0 ? t("line.retry", { seconds }) : t("line.trying")}</span>
      </span>
      <Button label={t("line.now")} small onClick={() => line.open()} />
    </Banner>
  );
}

/** Back again: what came meanwhile, in one sentence. A cut that nobody could have noticed and that brought nothing is not worth one. */
export function tellMeanwhile({ waiting, messages, gone }: Meanwhile, since: number): void {
  const parts = [
    waiting ? t("meanwhile.waiting", { count: waiting }) : "",
    messages ? t("meanwhile.messages", { count: messages }) : "",
    gone ? t("meanwhile.gone", { count: gone }) : "",
  ].filter(Boolean);
  if (!parts.length && Date.now() - since < NOTICED) return;
  const time = clockTime(since);
  toast(parts.length ? t("meanwhile", { time, what: parts.join(" · ") }) : t("meanwhile.nothing", { time }));
}
