// Which conversations are listed: a few ready lists, the operator's own filters, and the question that makes one.

import { useEffect, useState } from "preact/hooks";
import { Button } from "../design/button";
import { Dialog } from "../design/dialog";
import { Menu, type MenuEntry } from "../design/menu";
import { useHub } from "../state/hub";
import type { Filter } from "../state/inbox";
import { inUse, learnTags, LONGEST_TAG, tidy } from "../state/tags";
import { t } from "../text";

export function FilterMenu() {
  const { inbox, me } = useHub();
  const [asking, setAsking] = useState(false);
  const now = inbox.filter.value;
  const ready: Filter[] = [
    { name: t("filter.all"), status: "all" },
    { name: t("filter.mine"), status: "open", operator: me.value.id },
    { name: t("filter.mentioned"), status: "all", mentioned: true },
    { name: t("filter.late"), status: "all", unanswered: 5 },
    { name: t("inbox.closed"), status: "closed" },
    { name: t("filter.rated"), status: "closed", rated: true },
  ];
  const entry = (filter: Filter): MenuEntry => ({ label: filter.name, chosen: now?.name === filter.name, run: () => (inbox.filter.value = filter) });
  const kept = inbox.saved.value;
  const entries: MenuEntry[] = [
    { label: t("filter.now"), chosen: now === null, run: () => (inbox.filter.value = null) },
    ...ready.map(entry),
    ...(kept.length ? [null, t("filter.own"), ...kept.map(entry)] : []),
    null,
    { label: t("filter.make"), icon: "plus", run: () => setAsking(true) },
    ...(now && kept.some((one) => one.name === now.name) ? [{ label: t("filter.drop"), icon: "cross", run: () => inbox.drop(now.name) } as const] : []),
  ];
  return (
    <>
      <Menu entries={entries} side="end" label={t("filter")}>
        {(open, toggle) => <Button label={t("filter")} icon="rows" only="icon" kind="plain" expanded={open} onClick={toggle} />}
      </Menu>
      {asking && <FilterDialog onClose={() => setAsking(false)} />}
    </>
  );
}

const STATES = ["all", "waiting", "open", "closed"] as const;
const OUTCOMES = ["resolved", "unresolved", "spam"] as const;

function FilterDialog({ onClose }: { onClose: () => void }) {
  const { inbox, sites, me } = useHub();
  const [made, setMade] = useState<Filter>({ name: "", status: "all" });
  const set = (part: { [K in keyof Filter]?: Filter[K] | undefined }) => setMade({ ...made, ...part } as Filter);
  const ready = made.name.trim() !== "";
  useEffect(() => learnTags(), []);
  const yes = () => {
    inbox.save({ ...made, name: made.name.trim() });
    onClose();
  };
  return (
    <Dialog title={t("filter.make")} lead={t("filter.lead")} yes={t("filter.save")} ready={ready} onYes={yes} onClose={onClose}>
      <label class="field"><span>{t("filter.name")}</span>
        <input class="input" value={made.name} maxLength={40} dir="auto" onInput={(event) => set({ name: event.currentTarget.value })} /></label>
      <div class="filter-parts">
        <Pick label={t("filter.status")} value={made.status} options={STATES.map((one) => [one, t(`filter.status.${one}`)])} onChange={(status) => set({ status: status as Filter["status"] })} />
        <Pick label={t("queue")} any value={made.queue} options={(me.value.queues ?? []).map((one) => [one.id, one.name])} onChange={(queue) => set({ queue })} />
        <Pick label={t("filter.site")} any value={made.site} options={sites.value.map((one) => [one, one])} onChange={(site) => set({ site })} />
        <Pick label={t("filter.channel")} any value={made.channel} options={["text", "email", "phone", "faq"].map((one) => [one, one])} onChange={(channel) => set({ channel })} />
        <Pick label={t("close.outcome")} any value={made.outcome} options={OUTCOMES.map((one) => [one, t(`outcome.${one}`)])} onChange={(outcome) => set({ outcome: (outcome || undefined) as Filter["outcome"] })} />
        <label class="field"><span>{t("tag")}</span>
          <input class="input" value={made.tag ?? ""} maxLength={LONGEST_TAG} dir="auto" list="filter-tags" onInput={(event) => set({ tag: tidy(event.currentTarget.value) || undefined })} /></label>
        <datalist id="filter-tags">{inUse.value.map(({ tag }) => <option key={tag} value={tag} />)}</datalist>
        <label class="field"><span>{t("filter.unanswered")}</span>
          <input class="input" type="number" min={0} max={10_000} value={made.unanswered ?? ""} onInput={(event) => set({ unanswered: event.currentTarget.valueAsNumber || undefined })} /></label>
      </div>
      <label class="choice"><input type="checkbox" checked={made.rated ?? false} onChange={(event) => set({ rated: event.currentTarget.checked || undefined })} />{t("filter.rated")}</label>
    </Dialog>
  );
}

function Pick({ label, value, options, any = false, onChange }: {
  label: string;
  value: string | undefined;
  options: readonly (readonly [string, string])[];
  any?: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select class="input" value={value ?? ""} onChange={(event) => onChange(event.currentTarget.value)}>
        {any && <option value="">{t("filter.any")}</option>}
        {options.map(([one, name]) => <option key={one} value={one}>{name}</option>)}
      </select>
    </label>
  );
}
