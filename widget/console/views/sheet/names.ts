// What kinds of facts and their sources are called.

import type { SheetFact } from "../../../wire/sheet";
import { t } from "../../text";

export const kindName = (kind: string): string => t(`sheet.kind.${kind}` as "sheet.kind.order");

/** Who said it, on which way: "a note by Ann", "e-mail", "the record (shop)". */
export const sourceName = (fact: SheetFact): string => t(`sheet.source.${fact.source}`, { where: fact.where });
