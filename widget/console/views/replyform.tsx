// Writing a canned reply: whose it is, how it is called, what it says, and what a customer would read.

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import type { CannedReply, Variable } from "../../wire/console";
import { Choices, Dialog } from "../design/dialog";
import { Button } from "../design/button";
import { filled, gaps, type Known, VARIABLES } from "../state/canned";
import { useHub } from "../state/hub";
import { RefusedError } from "../state/outbox";
import { t } from "../text";
import { Marked } from "./picker";

/** 128 random bits, as ids are written. */
const freshId = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function ReplyDialog({ reply, onClose }: { reply: CannedReply | null; onClose: () => void }) {
  const hub = useHub();
  const admin = hub.me.value.role === "admin";
  const [shared, setShared] = useState(reply ? reply.owner == null : admin);
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? "");
  const [title, setTitle] = useState(reply?.title ?? "");
  const [text, setText] = useState(reply?.text ?? "");
  const [queue, setQueue] = useState(reply?.queue ?? "");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const id = useRef(reply?.id ?? freshId());
  const area = useRef<HTMLTextAreaElement>(null);

  const save = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await hub.outbox.run({ t: shared ? "shared_save" : "canned_save", reply: id.current, shortcut, title, text, queue: queue || null });
      onClose();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const fields = error.frame.fields ?? {};
      setWrong(Object.keys(fields).length ? fields : { other: error.message });
      setBusy(false);
    }
  };
  const put = (name: Variable) => {
    const { current } = area;
    if (!current) return;
    current.focus();
    current.setRangeText(`{{${name}}}`, current.selectionStart, current.selectionEnd, "end");
    setText(current.value);
  };
  const whose = [
    { value: "shared", body: <><b>{t("canned.shared")}</b><span class="more">{t("canned.shared.means")}</span></> },
    { value: "own", body: <><b>{t("canned.own")}</b><span class="more">{t("canned.own.means")}</span></> },
  ];
  return (
    <Dialog title={t(reply ? "canned.edit.title" : "canned.add")} yes={t("canned.save")} wide ready={!busy && !!shortcut.trim() && !!text.trim()} onYes={() => void save()} onClose={onClose}>
      {!reply && admin && <Choices name="whose" label={t("canned.whose")} value={shared ? "shared" : "own"} options={whose} onChange={(one) => setShared(one === "shared")} />}
      <div class="reply-line">
        <Field label={t("canned.shortcut")} wrong={wrong["shortcut"]}>
          <span class="slashed"><span aria-hidden="true">/</span>
            <input class="input" value={shortcut} maxLength={32} dir="auto" autofocus autocomplete="off" aria-label={t("canned.shortcut")} aria-invalid={!!wrong["shortcut"]}
              onInput={(event) => setShortcut(event.currentTarget.value.replace(/[\s/]/g, ""))} />
          </span>
        </Field>
        <Field label={t("canned.title")} wrong={wrong["title"]}>
          <input class="input" value={title} maxLength={100} dir="auto" placeholder={t("canned.title.hint")} aria-label={t("canned.title")} onInput={(event) => setTitle(event.currentTarget.value)} />
        </Field>
        <Field label={t("queue")} wrong={wrong["queue"]}>
          <select class="input" value={queue} aria-label={t("queue")} onChange={(event) => setQueue(event.currentTarget.value)}>
            <option value="">{t("canned.queue.all")}</option>
            {hub.queues.value.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        </Field>
      </div>
      <Field label={t("canned.text")} wrong={wrong["text"]}>
        <textarea class="input" ref={area} rows={5} maxLength={8000} value={text} dir="auto" aria-label={t("canned.text")} aria-invalid={!!wrong["text"]} onInput={(event) => setText(event.currentTarget.value)} />
      </Field>
      <div class="variables" role="group" aria-label={t("canned.variables")}>
        <span class="quiet">{t("canned.variables")}</span>
        {VARIABLES.map((name) => <Button key={name} label={t(`variable.${name}`)} tip={`{{${name}}}`} small onClick={() => put(name)} />)}
      </div>
      <p class="quiet variables-lead">{t("canned.variables.lead", { example: "{{customer.first_name|there}}" })}</p>
      <Preview text={text} />
      {wrong["other"] && <p class="field-wrong" role="alert">{wrong["other"]}</p>}
    </Dialog>
  );
}

function Field({ label, wrong, children }: { label: string; wrong: string | undefined; children: ComponentChildren }) {
  return (
    <div class="field">
      <span>{label}</span>
      {children}
      {wrong && <p class="field-wrong" role="alert">{wrong}</p>}
    </div>
  );
}

/** As somebody known would read it, and, where that differs, somebody of whom nothing is known. */
function Preview({ text }: { text: string }) {
  const hub = useHub();
  if (!text.trim() || !gaps(text).length) return null;
  const site = hub.sites.value[0] ?? "";
  const base = { operator: hub.me.value.name, siteNames: { ...hub.siteNames.value, "": t("canned.sample.site") } };
  const somebody: Known = { ...base, row: { name: t("canned.sample.name"), site }, visitor: { title: t("canned.sample.title"), url: "https://shop.example/vase" } };
  const nobody: Known = { ...base, row: { name: "", site }, visitor: null };
  const stranger = filled(text, nobody);
  return (
    <div class="reply-preview">
      <p class="quiet">{t("canned.preview")}</p>
      <p class="bubble-like" dir="auto"><Marked text={filled(text, somebody)} /></p>
      <p class="quiet">{t(gaps(stranger).length ? "canned.preview.open" : "canned.preview.nobody")}</p>
      <p class="bubble-like" dir="auto"><Marked text={stranger} /></p>
    </div>
  );
}
