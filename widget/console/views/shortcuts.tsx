// All keys on one sheet, from the same table that binds them.

import { Keys } from "../design/button";
import { Dialog } from "../design/dialog";
import { KEYS, type KeyName } from "../state/keys";
import { t } from "../text";

const GROUPS = ["desk", "talk", "floor", "replies", "pairs", "area", "all"] as const;
const names = Object.keys(KEYS) as KeyName[];

export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("keys.title")} lead={t("keys.lead")} wide onClose={onClose}>
      <div class="sheet">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(`keys.${group}`)}</h3>
            <dl>
              {names.filter((name) => name.startsWith(`${group}.`)).map((name) => (
                <div key={name}><dt>{t(`key.${name}`)}</dt><dd><Keys keys={KEYS[name]} /></dd></div>
              ))}
              {group === "talk" && WRITING.map(([key, text]) => (
                <div key={key}><dt>{t(text)}</dt><dd><Keys keys={key} /></dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** Keys of the composer, which stand apart because they work while typing. */
const WRITING = [["enter", "key.send"], ["shift enter", "key.line"], ["alt n", "key.note.typing"], ["esc", "key.leave"]] as const;
