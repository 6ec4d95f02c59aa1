// The questions about an operator: whom to invite, what they may, and the link that is shown this once.

import { useState } from "preact/hooks";
import type { MadeLink, MemberRow } from "../../wire/console";
import { Button } from "../design/button";
import { Choices, Dialog } from "../design/dialog";
import { exact } from "../design/time";
import { api, ApiError } from "../state/api";
import { useHub } from "../state/hub";
import { t } from "../text";
import { act } from "./acts";
import { Ticks } from "./ticks";

const ROLES = ["operator", "admin"] as const;
type Role = (typeof ROLES)[number];

/** A link and where it leads. */
export interface Made extends MadeLink {
  readonly path: "join" | "reset";
  readonly name: string;
}

interface Draft {
  role: Role;
  queues: ReadonlySet<string>;
  limit: string;
}

function Fields({ draft, onChange }: { draft: Draft; onChange: (next: Draft) => void }) {
  const hub = useHub();
  const queues = hub.queueRows.value.filter((one) => one.archived == null);
  return (
    <>
      <div class="field">
        <span aria-hidden="true">{t("role")}</span>
        <Choices name="role" label={t("role")} value={draft.role} onChange={(role) => onChange({ ...draft, role })}
          options={ROLES.map((one) => ({ value: one, body: <><b>{t(`role.${one}`)}</b><span class="more">{t(`role.${one}.means`)}</span></> }))} />
      </div>
      <Ticks label={t("operators.serves")} all={queues} on={draft.queues} none={t("queues.empty")} onChange={(on) => onChange({ ...draft, queues: on })} />
      <label class="field">
        <span>{t("operators.limit")}</span>
        <input class="input" type="number" min={1} max={100} inputMode="numeric" value={draft.limit} placeholder={t("operators.limit.house")}
          onInput={(event) => onChange({ ...draft, limit: event.currentTarget.value })} />
      </label>
    </>
  );
}

const limitOf = ({ limit }: Draft): number | null => (/^\d+$/.test(limit) ? Math.min(100, Math.max(1, Number(limit))) : null);

export function InviteDialog({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const hub = useHub();
  const all = hub.queueRows.value.filter((one) => one.archived == null);
  const [note, setNote] = useState("");
  const [draft, setDraft] = useState<Draft>({ role: "operator", queues: new Set(all.length === 1 ? [all[0]!.id] : []), limit: "" });
  const [problem, setProblem] = useState("");
  const yes = async () => {
    try {
      const made = await api.invite({ role: draft.role, queues: [...draft.queues], note, limit: limitOf(draft) });
      onMade({ ...made, path: "join", name: note.trim() });
    } catch (error) {
      setProblem(error instanceof ApiError && error.message ? error.message : t("act.refused"));
    }
  };
  return (
    <Dialog title={t("operators.invite.title")} lead={t("operators.invite.lead")} yes={t("operators.invite.yes")} onYes={() => void yes()} onClose={onClose}>
      <label class="field">
        <span>{t("operators.note")}</span>
        <input class="input" value={note} maxLength={200} dir="auto" autofocus placeholder={t("operators.note.hint")} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <Fields draft={draft} onChange={setDraft} />
      {problem && <p class="field-wrong" role="alert">{problem}</p>}
    </Dialog>
  );
}

export function EditDialog({ member, onClose }: { member: MemberRow; onClose: () => void }) {
  const hub = useHub();
  const serves = hub.queueRows.value.filter((queue) => queue.archived == null && queue.members?.includes(member.id)).map((queue) => queue.id);
  const [draft, setDraft] = useState<Draft>({ role: member.role, queues: new Set(serves), limit: member.limit == null ? "" : String(member.limit) });
  const yes = () => {
    onClose();
    void act(hub, { t: "operator_change", operator: member.id, role: draft.role, limit: limitOf(draft), queues: [...draft.queues] });
  };
  return (
    <Dialog title={t("operators.edit.title", { name: member.name })} lead={t("operators.edit.lead")} yes={t("canned.save")} onYes={yes} onClose={onClose}>
      <Fields draft={draft} onChange={setDraft} />
    </Dialog>
  );
}

/** Said this once: the hub itself keeps only a hash of it. */
export function LinkDialog({ made, onClose }: { made: Made; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const link = `${location.origin}/#${made.path}/${made.token}`;
  const copy = () =>
    void navigator.clipboard?.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <Dialog title={made.name ? t("operators.link.for", { name: made.name }) : t("operators.link.title")} lead={t("operators.link.lead")} onClose={onClose}>
      <div class="once">
        <input class="input" readOnly dir="ltr" value={link} aria-label={t("operators.link.title")} onFocus={(event) => event.currentTarget.select()} />
        <Button label={copied ? t("copied") : t("copy")} icon={copied ? "check" : "copy"} kind="first" onClick={copy} />
      </div>
      <p class="quiet">{t("operators.link.until", { time: exact(made.ends) })}</p>
    </Dialog>
  );
}
