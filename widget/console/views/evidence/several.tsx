// Touchpoints that are not this person's, or that are nothing at all: seen before it is decided, for one or for many at once.

import type { Deciding } from "../../../wire/evidence";
import { t } from "../../text";
import { DecideDialog } from "./decide";

interface Props {
  op: "detach" | "retract";
  touches: readonly string[];
  /** Of whose record they are. */
  name: string;
  onClose: () => void;
}

export function SeveralDialog({ op, touches, name, onClose }: Props) {
  const count = touches.length;
  const wish: Deciding = { op, touches: [...touches] };
  const ask = {
    wish,
    title: op === "detach" ? t("several.detach.title", { count, name }) : t("several.retract.title", { count }),
    lead: t(`several.${op}.lead`),
    yes: t(`several.${op}.yes`),
    done: t(`several.${op}.done`, { count }),
  };
  return <DecideDialog ask={ask} onClose={onClose} />;
}
