// What a search found: customers first, then messages, best first, with the words marked. Opening one goes to the message.

import type { CustomerHit, TalkHit } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { Time } from "../design/time";
import { TrustDot } from "../design/trust";
import { useHub } from "../state/hub";
import { lookAt } from "../state/looking";
import { useSearch } from "../state/seeking";
import { t } from "../text";
import { nameOf } from "./acts";
import { Pieces } from "./pieces";
import { Row } from "./talkrow";

export function Hits({ words }: { words: string }) {
  const { page, state, more } = useSearch(words);
  const found = page.value;
  const customers = found?.customers ?? [];
  const talks = found?.talks ?? [];
  const tagged = found?.tagged ?? [];
  return (
    <div aria-busy={state.value === "loading"}>
      <p class="unseen" role="status">{found && state.value === "idle" ? t("find.count", { count: customers.length + tagged.length + talks.length }) : ""}</p>
      {customers.length > 0 && (
        <section class="inbox-section">
          <h2>{t("find.customers")}</h2>
          <ul>{customers.map((hit) => <Somebody key={hit.id} hit={hit} />)}</ul>
        </section>
      )}
      {tagged.length > 0 && (
        <section class="inbox-section">
          <h2>{t("find.tagged")}</h2>
          <ul>{tagged.map((row) => <Row key={row.id} row={row} />)}</ul>
        </section>
      )}
      {talks.length > 0 && (
        <section class="inbox-section">
          <h2>{t("find.talks")}</h2>
          <ul>{talks.map((hit) => <Said key={`${hit.conversation.id}-${hit.seq}`} hit={hit} />)}</ul>
        </section>
      )}
      {found && state.value === "idle" && !talks.length && !customers.length && !tagged.length && <p class="inbox-none">{t("find.none")}</p>}
      {!found && state.value === "loading" && <p class="inbox-none">{t("loading")}</p>}
      {state.value === "failed" && <p class="inbox-none" role="alert">{t("find.failed")}</p>}
      {found?.next && <div class="inbox-more"><Button label={t("find.more")} kind="plain" small disabled={state.value === "loading"} onClick={more} /></div>}
    </div>
  );
}

function Somebody({ hit }: { hit: CustomerHit }) {
  const { desk } = useHub();
  const talk = hit.conversations?.[0];
  return (
    <li>
      <button type="button" class="talk-row hit" onClick={() => (talk ? desk.open(talk.id) : (lookAt(hit.id), desk.go("visitors")))}>
        <Avatar name={hit.name} seed={hit.id} />
        <span class="talk-words">
          <span class="talk-top"><b class="cut" dir="auto">{nameOf(hit)}</b><TrustDot level={hit.level} /></span>
          <span class="hit-text" dir="auto"><Pieces text={hit.text} /></span>
        </span>
      </button>
    </li>
  );
}

function Said({ hit }: { hit: TalkHit }) {
  const { desk } = useHub();
  const row = hit.conversation;
  return (
    <li>
      <button type="button" class="talk-row hit" onClick={() => desk.openAt(row.id, hit.seq)}>
        <Avatar name={row.name} seed={row.customer} />
        <span class="talk-words">
          <span class="talk-top">
            <b class="cut" dir="auto">{nameOf(row)}</b>
            {hit.note && <Icon name="note" />}
            <span class="talk-time"><Time at={hit.at} /></span>
          </span>
          <span class="hit-text" dir="auto"><Pieces text={hit.text} /></span>
        </span>
      </button>
    </li>
  );
}
