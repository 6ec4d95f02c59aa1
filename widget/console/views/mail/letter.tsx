// What a letter has besides its words: subject, marks, its layout in a frame that can do nothing, what it repeats, what was not kept.
// The frame asks the hub for the layout itself; no word of it is ever part of this page.

import { useState } from "preact/hooks";
import type { Mail, Message } from "../../../wire/console";
import { Button } from "../../design/button";
import { size } from "../../design/figures";
import { Icon } from "../../design/icons";
import { exact } from "../../design/time";
import "../../parts/mail/words";
import { ask } from "../../state/api";
import { toast } from "../../state/toasts";
import { t } from "../../text";
import { sentence } from "../acts";
import "../mail.css";

/** Milliseconds between its writing and its arrival here, from which on both are said. The order is that of arrival. */
const LATE = 15 * 60_000;

const placeOf = ({ conversation, seq }: Message): string => `/api/conversations/${conversation}/messages/${seq}`;

/** What stands around a message, and a second try where it failed. */
export function Letter({ of }: { of: Message }) {
  return (
    <>
      {of.mail && <Around of={of} mail={of.mail} />}
      {of.delivery === "failed" && <Again of={of} />}
    </>
  );
}

function Around({ of, mail }: { of: Message; mail: Mail }) {
  const [laidOut, setLaidOut] = useState(false);
  const [pictures, setPictures] = useState(false);
  const [quoted, setQuoted] = useState<string | null>(null);
  const place = placeOf(of);
  const look = () =>
    quoted !== null ? setQuoted(null) : void ask<{ text: string }>(`${place}/quoted`).then((found) => setQuoted(found.text), () => toast(t("letter.failed"), { bad: true }));
  return (
    <div class="letter">
      {mail.subject && <p class="letter-subject"><Icon name="mail" /> <span class="unseen">{t("letter.subject", { subject: "" })}</span><b dir="auto">{mail.subject}</b></p>}
      <p class="letter-marks">
        {mail.automatic && <span class="tag">{t(`letter.automatic.${mail.automatic}`)}</span>}
        {mail.ours && <span class="tag">{t("letter.ours")}</span>}
        {of.at - (mail.at ?? of.at) > LATE && <span class="quiet">{t("letter.written", { at: exact(mail.at!) })}</span>}
        {of.author === "visitor" && <Proof verified={mail.proof === "verified"} />}
      </p>
      {mail.strange && <p class="letter-strange" role="note"><Icon name="alert" /> {t("letter.strange")}</p>}
      {mail.unproven && <p class="letter-strange" role="note"><Icon name="alert" /> {t("letter.unproven")}</p>}
      {(mail.left_out ?? []).map((one) => (
        <p class="letter-strange" key={one.name}><Icon name="file" /> {t("letter.left.lead", { name: one.name, size: size(one.size), why: t(`letter.left.${one.why}`) })}</p>
      ))}
      {(mail.html || mail.quoted) && (
        <p class="actions">
          {mail.html && <Button small kind="plain" icon="page" label={t(laidOut ? "letter.layout.hide" : "letter.layout")} onClick={() => setLaidOut(!laidOut)} />}
          {laidOut && !pictures && (mail.pictures ?? 0) > 0 && (
            <Button small kind="plain" icon="eye" label={t("letter.pictures", { count: mail.pictures ?? 0 })} onClick={() => setPictures(true)} />
          )}
          {mail.quoted && <Button small kind="plain" icon="rows" label={t(quoted === null ? "letter.quoted" : "letter.quoted.hide")} onClick={look} />}
        </p>
      )}
      {laidOut && !pictures && (mail.pictures ?? 0) > 0 && <p class="quiet">{t("letter.pictures.lead")}</p>}
      {laidOut && (
        <iframe class="letter-frame" title={t("letter.layout.frame")} sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"
          src={`${place}/body${pictures ? "?pictures=1" : ""}`} />
      )}
      {quoted !== null && <blockquote class="letter-quoted" dir="auto" tabIndex={0}>{quoted}</blockquote>}
    </div>
  );
}

function Proof({ verified }: { verified: boolean }) {
  return <span class={`letter-proof${verified ? " good" : ""}`}><Icon name={verified ? "check" : "alert"} /> {t(verified ? "letter.verified" : "letter.unverified")}</span>;
}

function Again({ of }: { of: Message }) {
  const [asked, setAsked] = useState(false);
  const again = () => {
    setAsked(true);
    ask(`${placeOf(of)}/again`, {}).then(
      () => toast(t("letter.again.done")),
      (error: Error) => (setAsked(false), toast(sentence(error.message || t("letter.failed")), { bad: true })),
    );
  };
  return <p class="letter-again"><Button small icon="back" label={t("letter.again")} disabled={asked} onClick={again} /></p>;
}
