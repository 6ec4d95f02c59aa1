// The words of the evidence: why records are one, and deciding that they are not.

import { addWords, type Words } from "../../language";
import en from "./en.json";

addWords({ en, load: (language) => import(`./texts/${language}.json`) as Promise<{ default: Words }> });
