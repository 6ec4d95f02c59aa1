// One conversation in a list: who, by which way, the last words, how long they wait; or a tick while rows are chosen.

import type { ConversationRow } from "../../wire/console";
import { Avatar, Wait } from "../design/avatar";
import { Icon, type IconName } from "../design/icons";
import { Time } from "../design/time";
import { TrustDot } from "../design/trust";
import { useHub } from "../state/hub";
import { t } from "../text";
import { nameOf } from "./acts";
import { Tags } from "./tags";

export function Row({ row }: { row: ConversationRow }) {
  const { desk, drafts, me, inbox, mentions, eyes } = useHub();
  const chosen = inbox.chosen.value;
  const draft = drafts.all.value.get(row.id)?.text;
  const since = row.status === "closed" ? null : (row.waiting_since ?? null);
  const mine = row.status === "open" && row.operator === me.value.id;
  const unread = mine ? (row.unread ?? 0) : 0;
  const onDesk = desk.panes.value.findIndex((pane) => pane.id === row.id);
  return (
    <li>
      <button type="button" class={`talk-row${chosen?.has(row.id) ? " chosen" : ""}`} aria-current={desk.current.value === row.id ? "true" : undefined}
        aria-pressed={chosen ? chosen.has(row.id) : undefined}
        onClick={(event) => (chosen ? inbox.choose(row) : desk.open(row.id, mine || event.ctrlKey || event.metaKey))} onDblClick={() => chosen || desk.pin(row.id)}>
        {chosen ? <span class={`tick${chosen.has(row.id) ? " on" : ""}`}>{chosen.has(row.id) && <Icon name="check" />}</span>
          : <Avatar name={row.name} seed={row.customer} since={since} site={row.site} />}
        <span class="talk-words">
          <span class="talk-top">
            <b class="cut" dir="auto">{nameOf(row)}</b>
            <TrustDot level={row.level} />
            <Priority row={row} />
            <span class="talk-time">{since !== null ? <Wait since={since} site={row.site} /> : <Time at={row.last_at || row.opened} />}</span>
          </span>
          <span class="talk-bottom">
            <ChannelIcon channel={row.last_channel || row.channel} />
            <span class="cut" dir="auto">
              {draft ? <><i class="draft">{t("inbox.draft")}</i> {draft}</> : lastWords(row, me.value.id)}
            </span>
            <Tags tags={row.tags ?? []} most={1} />
            {eyes.value.get(row.id)?.slice(0, 2).map((one) => (
              <span class={`talk-eye${one.typing ? " types" : ""}`} key={one.id} role="img" aria-label={t("live.viewing", { name: one.name })}
                data-tip={t(one.typing ? "live.typing" : "live.viewing", { name: one.name })}><Avatar name={one.name} seed={one.operator} size="small" /></span>
            ))}
            {mentions.value.has(row.id) && <span class="count at" role="img" aria-label={t("mention.you")} data-tip={t("mention.you")}>@</span>}
            {unread > 0 ? <span class="count figures" aria-label={t("inbox.unread", { count: unread })}>{unread}</span>
              : onDesk >= 0 && desk.panes.value.length > 1 && <span class="place figures" aria-hidden="true">{onDesk + 1}</span>}
          </span>
        </span>
      </button>
    </li>
  );
}

/** Nothing for what is as usual, and for what is over. */
export function Priority({ row }: { row: ConversationRow }) {
  const { priority = "normal", status } = row;
  return priority === "normal" || status === "closed" ? null : <span class={`tag priority ${priority}`}>{t(`priority.${priority}`)}</span>;
}

function lastWords(row: ConversationRow, me: string): string {
  const last = row.last_text || (row.seq > 0 ? t("inbox.file") : "");
  const text = row.subject ? `${row.subject} · ${last}` : last;
  if (row.status === "closed") return text;
  if (row.last_author === "operator") return t(row.operator === me ? "inbox.you" : "inbox.they", { name: row.operator_name ?? "", text });
  if (row.operator && row.operator !== me) return t("inbox.with", { name: row.operator_name ?? "", text });
  return text;
}

const CHANNELS: Record<string, IconName> = { text: "desk", chat: "desk", email: "mail", mail: "mail", voice: "phone", call: "phone" };

export function ChannelIcon({ channel }: { channel: string }) {
  return <Icon name={CHANNELS[channel] ?? "globe"} />;
}
