// Files that wait beside the words: how far each one is, the way to take it off, and how they come in.

import type { Ref } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../design/button";
import { size } from "../design/figures";
import { Icon } from "../design/icons";
import { useHub } from "../state/hub";
import { toast } from "../state/toasts";
import { MOST_FILES, type Upload } from "../state/uploads";
import { t } from "../text";

export function Tray({ conversation }: { conversation: string }) {
  const { uploads } = useHub();
  const all = uploads.of(conversation);
  if (!all.length) return null;
  return (
    <ul class="tray" aria-label={t("tray.label")}>
      {all.map((one) => (
        <One key={one.key} one={one} onDrop={() => uploads.drop(conversation, one.key)} onAgain={() => uploads.again(conversation, one.key)} />
      ))}
    </ul>
  );
}

function One({ one, onDrop, onAgain }: { one: Upload; onDrop: () => void; onAgain: () => void }) {
  const { name } = one.file;
  const share = Math.round(one.sent * 100);
  return (
    <li class={`upload ${one.state}`}>
      {one.preview ? <img src={one.preview} alt="" /> : <Icon name="file" />}
      <span class="file-words">
        <bdi class="cut">{name}</bdi>
        {one.state === "failed" ? <span class="upload-problem" role="alert">{one.problem}</span>
          : <span class="quiet figures">{one.state === "sending" ? t("tray.share", { share }) : size(one.file.size)}</span>}
      </span>
      {one.state === "failed" && <Button label={t("again")} icon="undo" only="icon" kind="plain" small onClick={onAgain} />}
      <Button label={t(one.state === "sending" ? "tray.cancel" : "tray.drop", { name })} icon="cross" only="icon" kind="plain" small onClick={onDrop} />
      {one.state === "sending" && (
        <span class="upload-bar" role="progressbar" aria-label={name} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share}><i style={{ transform: `scaleX(${one.sent})` }} /></span>
      )}
    </li>
  );
}

/** Files by the button, out of the clipboard, or dropped onto the pane. */
export function useFiles(conversation: string, on: boolean) {
  const { uploads } = useHub();
  const [over, setOver] = useState(false);
  const take = (list: FileList | null | undefined): boolean => {
    const files = [...(list ?? [])];
    if (!on || !files.length) return false;
    const left = uploads.add(conversation, files);
    if (left) toast(t("tray.full", { count: MOST_FILES }), { bad: true });
    return true;
  };
  const carriesFiles = (event: DragEvent): boolean => on && [...(event.dataTransfer?.types ?? [])].includes("Files");
  return {
    over,
    take,
    onPaste: (event: ClipboardEvent) => take(event.clipboardData?.files) && event.preventDefault(),
    onDragOver: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => !(event.currentTarget as Element).contains(event.relatedTarget as Node | null) && setOver(false),
    onDrop: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer?.files);
    },
  };
}

export function FileButton({ input, onFiles }: { input: Ref<HTMLInputElement>; onFiles: (files: FileList | null) => void }) {
  const chosen = (event: Event) => {
    const field = event.currentTarget as HTMLInputElement;
    onFiles(field.files);
    field.value = "";
  };
  return <input ref={input} class="unseen" type="file" multiple tabIndex={-1} aria-hidden="true" onChange={chosen} />;
}
