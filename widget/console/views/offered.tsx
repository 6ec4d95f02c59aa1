// What visitors of each site are offered now, and why no more of it: so that nobody has to guess why the widget asks for a message.

import { useEffect, useState } from "preact/hooks";
import type { OfferRow } from "../../wire/console";
import { Icon } from "../design/icons";
import "../parts/offers/words";
import { useHub } from "../state/hub";
import { itemsOf } from "../state/topics";
import { t } from "../text";

const TOPIC = "offers";
const WAYS = ["voice", "chat", "mail", "callback", "faq"] as const;

export function Offered() {
  const { feed } = useHub();
  const [topic] = useState(() => feed.follow(TOPIC));
  useEffect(() => () => feed.unfollow(TOPIC), [feed]);
  const rows = itemsOf(topic.value, "offer").sort((a, b) => a.name.localeCompare(b.name));
  if (!rows.length) return null;
  return (
    <section aria-labelledby="team-offers">
      <h2 id="team-offers">{t("offers.title")}</h2>
      <ul class="people-list">
        {rows.map((row) => (
          <li key={row.id} class="team-queue">
            <p class="people-name"><b class="cut" dir="auto">{row.name}</b></p>
            <ul class="team-offers">{WAYS.filter((way) => there(row, way)).map((way) => <Way key={way} way={way} on={!!row[way]} />)}</ul>
            <p class="quiet">{why(row)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Calls and chat are shown while they are not offered, too: that they are missing is what somebody wants to know. */
const there = (row: OfferRow, way: (typeof WAYS)[number]): boolean => way === "chat" || row[way] === true || (way === "voice" && row.voice === false);

function Way({ way, on }: { way: (typeof WAYS)[number]; on: boolean }) {
  const name = t(`offers.${way}`);
  return (
    <li class={`tag${on ? "" : " off"}`}>
      <Icon name={on ? "check" : "cross"} />
      <span role="img" aria-label={t(on ? "offers.on" : "offers.off", { way: name })}>{name}</span>
    </li>
  );
}

function why({ why, free = 0, waiting = 0, wait }: OfferRow): string {
  return t(`offers.why.${why}`, { free: Math.max(0, free), waiting, seconds: wait ?? 0 });
}
