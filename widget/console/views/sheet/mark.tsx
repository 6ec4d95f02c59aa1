// Over the composer: the customer has said this already. One click puts it into the text; sending anyway takes a second Enter.

import { Button } from "../../design/button";
import { Icon } from "../../design/icons";
import { Time } from "../../design/time";
import "../../parts/sheet/words";
import type { Again } from "../../state/asking";
import { useHub } from "../../state/hub";
import { t } from "../../text";
import { kindName, sourceName } from "./names";
import "../sheet.css";

interface Props {
  found: readonly Again[];
  held: boolean;
  onInsert: (value: string) => void;
}

export function AgainMark({ found, held, onInsert }: Props) {
  const { desk } = useHub();
  return (
    <div class={`again${held ? " held" : ""}`} role="alert">
      <ul>
        {found.map(({ kind, fact, answered }) => {
          const place = fact ?? answered!;
          const { conversation, seq } = place;
          return (
            <li key={kind}>
              <Icon name="check" />
              <span class="again-words">
                <b>{kindName(kind)}</b>{" "}
                {fact && !fact.value ? t("sheet.team", { team: fact.where }) : <bdi>{fact ? fact.value : answered!.answer}</bdi>}{" "}
                <span class="quiet">{fact?.value ? sourceName(fact) : ""} <Time at={place.at} /></span>
              </span>
              {fact?.value && <Button label={t("sheet.insert")} small kind="plain" onClick={() => onInsert(fact.value)} />}
              {conversation && seq != null && <Button label={t("sheet.show")} small kind="plain" onClick={() => desk.openAt(conversation, seq)} />}
            </li>
          );
        })}
      </ul>
      <p class="quiet">{t(held ? "sheet.held" : "sheet.known")}</p>
    </div>
  );
}
