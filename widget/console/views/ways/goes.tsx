// Over the composer: where the answer goes, which follows the customer, and the choice of another way for once.

import { useEffect, useState } from "preact/hooks";
import type { ConversationRow } from "../../../wire/console";
import type { Ways, WayThere } from "../../../wire/ways";
import { Icon } from "../../design/icons";
import { Menu, type MenuEntry } from "../../design/menu";
import { relative } from "../../design/time";
import "../../parts/ways/words";
import { api } from "../../state/api";
import { now } from "../../state/clock";
import { useVisitor } from "../../state/hub";
import { chooseWay, chosenWays } from "../../state/ways";
import { t } from "../../text";
import { nameOf } from "../acts";
import { ChannelIcon } from "../talkrow";
import "../ways.css";

/** Milliseconds after which it is asked again who is there: pages that are not tracked are on no board. */
const AGAIN = 15_000;

export function Goes({ row }: { row: ConversationRow }) {
  const found = useWays(row);
  const chosen = chosenWays.value.get(row.id);
  if (!found?.ways?.length) return null;
  const taken = found.ways.find((way) => way.name === (chosen ?? found.best)) ?? found.ways[0]!;
  const entries: MenuEntry[] = found.ways.map((way) => ({
    label: [wayName(way), sureness(way, found.here ?? false)].filter(Boolean).join(" · "), mark: <ChannelIcon channel={way.channel} />, chosen: way === taken,
    run: () => way.takes !== false && chooseWay(row.id, way.name === found.best ? "" : way.name),
  }));
  const words = <>
    <ChannelIcon channel={taken.channel} />
    <span class="cut" dir="auto">{wayName(taken)}{taken.name === "site" || !chosen ? ` · ${whereNow(row, found)}` : ""}</span>
  </>;
  if (found.ways.length < 2) return <p class="goes">{words}</p>;
  return (
    <div class={`goes${chosen ? " chosen" : ""}`}>
      <Menu entries={[t("ways.label"), ...entries]} label={t("ways.choose")} side="up start">
        {(open, toggle) => (
          <button type="button" class="goes-button" aria-haspopup="menu" aria-expanded={open} data-tip={t("ways.choose")} onClick={toggle}>
            {words}<Icon name="down" />
          </button>
        )}
      </Menu>
    </div>
  );
}

/** How sure it is that this reaches them, and nobody else. */
function sureness({ name, takes = true, proven }: WayThere, here: boolean): string {
  if (!takes) return t("ways.shut");
  if (name !== "site") return t(proven ? "ways.proven" : "ways.typed");
  return !here ? t("ways.keeps") : proven ? "" : t("ways.unsure");
}

function wayName({ name, channel, address = "" }: WayThere): string {
  if (name === "site") return t("ways.site");
  return isMail(channel) ? t("ways.mail", { address }) : t("ways.other", { channel, address });
}

function whereNow(row: ConversationRow, { here, left }: Ways): string {
  const name = nameOf(row);
  if (here) return t("ways.here", { name });
  return left ? t("ways.left", { name, when: relative(left, now.value) }) : t("ways.away", { name });
}

const isMail = (channel: string): boolean => channel === "email" || channel === "mail";

function useWays(row: ConversationRow): Ways | null {
  const [found, setFound] = useState<Ways | null>(null);
  const visitor = useVisitor(row.visitor);
  useEffect(() => {
    let over = false;
    const look = () => document.visibilityState === "visible" && api.ways(row.id).then((ways) => over || setFound(ways), () => {
      // the line of the console tells when there is no answer
    });
    look();
    const timer = setInterval(look, AGAIN);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [row.id, row.last_at, row.legs, row.answer_by, !visitor]);
  return found;
}

/** Under a message: the way it took, where a conversation has several. */
export function WayMark({ channel, to }: { channel: string; to: string }) {
  const page = channel === "text" || channel === "chat";
  const words = page ? t("ways.on.site")
    : to ? t(isMail(channel) ? "ways.on.mail" : "ways.on.other", { channel, address: to })
    : t(isMail(channel) ? "ways.by.mail" : "ways.by.other", { channel });
  return <span class="said-way"><ChannelIcon channel={channel} /> <span class="cut">{words}</span></span>;
}
