// The words of letters: what stands around what was said.

import { addWords, type Words } from "../../language";
import en from "./en.json";

addWords({ en, load: (language) => import(`./texts/${language}.json`) as Promise<{ default: Words }> });
