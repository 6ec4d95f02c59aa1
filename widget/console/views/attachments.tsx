// Files of a message: pictures in place with a light table behind them, everything else as a row to download.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachment } from "../../wire/console";
import { Button } from "../design/button";
import { size } from "../design/figures";
import { Icon } from "../design/icons";
import { t } from "../text";

const TALLEST = 220;
const WIDEST = 260;

/** Only addresses of this hub are drawn or followed: a message must not make the console fetch from elsewhere. */
const ours = (address: string): boolean => /^\/(?!\/)/.test(address) || address.startsWith("blob:");

export function Attachments({ files }: { files: readonly Attachment[] }) {
  const [open, setOpen] = useState<number | null>(null);
  const pictures = files.filter((file) => file.inline && ours(file.url));
  const others = files.filter((file) => !pictures.includes(file));
  return (
    <div class="attachments">
      {pictures.length > 0 && (
        <div class="pictures">{pictures.map((file, at) => <Picture key={file.id} file={file} alone={pictures.length === 1} onOpen={() => setOpen(at)} />)}</div>
      )}
      {others.map((file) => <FileRow key={file.id} file={file} />)}
      {open !== null && <LightTable pictures={pictures} first={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** Its place is kept from the first moment, so that nothing jumps when the picture comes. */
function Picture({ file, alone, onOpen }: { file: Attachment; alone: boolean; onOpen: () => void }) {
  const [broken, setBroken] = useState(false);
  if (broken) return <FileRow file={file} />;
  const { width = 0, height = 0 } = file;
  const scale = width && height ? Math.min(1, WIDEST / width, TALLEST / height) : 0;
  const room = alone && scale ? { width: `${Math.max(48, Math.round(width * scale))}px`, height: `${Math.max(48, Math.round(height * scale))}px` } : {};
  return (
    <button type="button" class="picture" aria-label={t("picture.open", { name: file.name })} data-tip={`${file.name} · ${size(file.size)}`} style={room} onClick={onOpen}>
      <img src={file.thumb && ours(file.thumb) ? file.thumb : file.url} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
    </button>
  );
}

function FileRow({ file }: { file: Attachment }) {
  const body = (
    <>
      <Icon name="file" />
      <span class="file-words"><bdi class="cut">{file.name}</bdi><span class="quiet figures">{size(file.size)}</span></span>
      <Icon name="save" />
    </>
  );
  if (!ours(file.url)) return <span class="file-row">{body}</span>;
  return <a class="file-row" href={file.url} download={file.name} target="_blank" rel="noopener"><span class="unseen">{t("picture.save")} </span>{body}</a>;
}

/** Arrow keys go on and back, Escape closes, the focus returns to the picture. */
function LightTable({ pictures, first, onClose }: { pictures: readonly Attachment[]; first: number; onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const [at, setAt] = useState(first);
  const file = pictures[at]!;
  const go = (step: number) => setAt((at + step + pictures.length) % pictures.length);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") go(1);
    else if (event.key === "ArrowLeft") go(-1);
  };
  return (
    <dialog class="light-table" ref={box} aria-label={file.name} onClose={onClose} onKeyDown={keys}
      onClick={(event) => (event.target === box.current || (event.target as Element).tagName === "FIGURE") && onClose()}>
      <figure>
        <img src={file.url} alt={file.name} width={file.width || undefined} height={file.height || undefined} />
      </figure>
      <footer>
        <span class="cut"><bdi>{file.name}</bdi></span>
        <span class="figures">{size(file.size)}</span>
        {pictures.length > 1 && (
          <>
            <Button label={t("picture.before")} icon="left" only="icon" kind="plain" onClick={() => go(-1)} />
            <span class="figures" role="status">{t("picture.place", { at: at + 1, count: pictures.length })}</span>
            <Button label={t("picture.next")} icon="right" only="icon" kind="plain" onClick={() => go(1)} />
          </>
        )}
        <a class="button plain" href={file.url} download={file.name} target="_blank" rel="noopener"><Icon name="save" /> {t("picture.save")}</a>
        <Button label={t("close")} icon="cross" only="icon" kind="plain" onClick={onClose} />
      </footer>
    </dialog>
  );
}
