// Canned replies as a place of their own: found, kept, changed and deleted (with a way back), carried in and out as files.

import { useRef, useState } from "preact/hooks";
import type { CannedReply } from "../../wire/console";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { Menu } from "../design/menu";
import { EmptyState } from "../design/surfaces";
import { Time } from "../design/time";
import { useHub } from "../state/hub";
import { KEYS, useKey } from "../state/keys";
import { t } from "../text";
import { dropCanned } from "./acts";
import { Marked } from "./picker";
import { ImportDialog } from "./replyfile";
import { ReplyDialog } from "./replyform";

type Whose = "all" | "own" | "shared";
const WHOSE: readonly Whose[] = ["all", "own", "shared"];

export function Replies() {
  const hub = useHub();
  const [words, setWords] = useState("");
  const [whose, setWhose] = useState<Whose>("all");
  const [editing, setEditing] = useState<CannedReply | "new" | null>(null);
  const [importing, setImporting] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const all = hub.canned.all.value;
  const wanted = (one: CannedReply) => whose === "all" || (whose === "own") === (one.owner != null);
  const found = (words.trim() ? hub.canned.find(words) : all).filter(wanted);
  useKey("replies.find", () => field.current?.focus());
  useKey("replies.add", () => setEditing("new"));
  const add = <Button label={t("canned.add")} icon="plus" kind="first" keyName="replies.add" onClick={() => setEditing("new")} />;
  return (
    <main class="page replies">
      <header class="page-head">
        <h1>{t("nav.replies")}</h1>
        {all.length > 0 && <p class="quiet">{t("canned.count", { count: all.length })}</p>}
        <div class="replies-tools">
          {all.length > 0 && (
            <>
              <label class="find">
                <Icon name="search" />
                <input class="input" type="search" ref={field} value={words} placeholder={t("canned.find")} aria-label={t("canned.find")}
                  aria-keyshortcuts={KEYS["replies.find"]} onInput={(event) => setWords(event.currentTarget.value)} />
                <span class="unseen" role="status">{words ? t("canned.found", { count: found.length }) : ""}</span>
              </label>
              <div class="segments" role="group" aria-label={t("canned.whose")}>
                {WHOSE.map((one) => <Button key={one} label={t(`canned.${one}`)} kind="plain" small pressed={whose === one} onClick={() => setWhose(one)} />)}
              </div>
            </>
          )}
          <Files onImport={() => setImporting(true)} />
          {all.length > 0 && add}
        </div>
      </header>
      {hub.canned.loaded.value && !all.length && (
        <EmptyState icon="canned" title={t("canned.empty")}>
          <p>{t("canned.empty.lead")}</p>
          <div class="actions">{add}</div>
        </EmptyState>
      )}
      {all.length > 0 && !found.length && (
        <EmptyState icon="search" title={t("canned.nothing")}>
          <div class="actions"><Button label={t("floor.clear")} onClick={() => (setWords(""), setWhose("all"))} /></div>
        </EmptyState>
      )}
      <ul class="replies-list scroll">
        {found.map((one) => <Row key={one.id} reply={one} onEdit={() => setEditing(one)} />)}
      </ul>
      {editing && <ReplyDialog reply={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </main>
  );
}

function Row({ reply, onEdit }: { reply: CannedReply; onEdit: () => void }) {
  const hub = useHub();
  const mine = reply.owner != null;
  const may = mine || hub.me.value.role === "admin";
  const queue = reply.queue ? (hub.queues.value.find((one) => one.id === reply.queue)?.name ?? t("queue")) : "";
  return (
    <li class="reply-row">
      <div class="reply-words">
        <p class="reply-name">
          <b dir="auto">/{reply.shortcut}</b>
          {reply.title && <span class="cut" dir="auto">{reply.title}</span>}
          <span class="tag"><Icon name={mine ? "person" : "people"} /> {t(mine ? "canned.own" : "canned.shared")}</span>
          {queue && <span class="tag" dir="auto">{queue}</span>}
        </p>
        <p class="reply-text"><bdi><Marked text={reply.text} /></bdi></p>
      </div>
      <p class="reply-when quiet">{!!reply.at && <Time at={reply.at} />}{reply.by && !mine && <> · <bdi>{reply.by}</bdi></>}</p>
      <div class="reply-acts">
        {may && <Button label={t("canned.edit.of", { shortcut: reply.shortcut })} tip={t("canned.edit")} icon="edit" only="icon" kind="plain" onClick={onEdit} />}
        {may && <Button label={t("canned.drop.of", { shortcut: reply.shortcut })} tip={t("canned.drop")} icon="cross" only="icon" kind="plain" onClick={() => void dropCanned(hub, reply)} />}
      </div>
    </li>
  );
}

/** A link that the browser downloads, from a menu. */
function download(whose: "own" | "shared", form: "json" | "csv"): void {
  const link = document.createElement("a");
  link.href = `/api/canned/${whose}?format=${form}`;
  link.download = `canned-replies-${whose}.${form}`;
  link.click();
}

function Files({ onImport }: { onImport: () => void }) {
  const forms = ["csv", "json"] as const;
  const entries = [
    { label: t("canned.import"), icon: "plus", run: onImport } as const,
    t("canned.export.shared"),
    ...forms.map((form) => ({ label: t(`canned.export.${form}`), icon: "save", run: () => download("shared", form) }) as const),
    t("canned.export.own"),
    ...forms.map((form) => ({ label: t(`canned.export.${form}`), icon: "save", run: () => download("own", form) }) as const),
  ];
  return (
    <Menu entries={entries} label={t("canned.files")}>
      {(open, toggle) => <Button label={t("canned.files")} icon="file" expanded={open} onClick={toggle} />}
    </Menu>
  );
}
