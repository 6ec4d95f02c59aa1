"""The words mail programs use, in the languages of the product and of its neighbours.

Data, kept apart from the rules that use it (`replies`, `automatic`, `composing`). Everything but `WROTE` is casefolded, so
that what is compared has to be casefolded too.
"""

from typing import Final

WROTE: Final = {
    "ar": "كتبتم:", "de": "Sie schrieben:", "en": "You wrote:", "es": "Usted escribió:", "fr": "Vous avez écrit :",
    "he": "כתבתם:", "it": "Ha scritto:", "ja": "いただいたメッセージ:", "nl": "U schreef:", "pl": "Napisano:",
    "pt": "Escreveu:", "tr": "Şöyle yazmıştınız:", "zh": "您写道：",
}  # fmt: skip
"""What stands above our own quote of the customer."""


def _folded(*phrases: str) -> tuple[str, ...]:
    return tuple(folded(phrase) for phrase in phrases)


def folded(text: str) -> str:
    """Casefolded; the dot that Turkish İ leaves behind goes as well."""
    return text.casefold().replace("\u0307", "")


VERBS: Final = _folded(
    "wrote", "writes", "schrieb", "schreef", "geschreven", "escribió", "escribio", "ha escrito", "a écrit", "a ecrit",
    "ha scritto", "scrisse", "escreveu", "napisał", "napisała", "napisał(a)", "napisana przez", "pisze", "yazdı", "yazmış", "şunu yazdı", "şunları yazdı",
    "כתב", "כתבה", "מאת", "كتب", "كتبت", "كتابة", "写道", "寫道", "写到", "さんは書きました", "書きました", "wrote", "skrev", "kirjoitti",
    "napsal", "napsala", "написал", "написала", "пишет", "написав", "a scris", "írta", "έγραψε", "viết", "작성",
)  # fmt: skip
"""One of them is in the line above a quote: "On Monday, Ann wrote:"."""

OPENERS: Final = _folded(
    "on", "am", "op", "el", "le", "il", "em", "a", "w dniu", "dnia", "pada", "den", "dne", "den", "il giorno", "în", "vào",
    "في", "ב-", "בתאריך", "ביום", "在", "於", "于", "le", "em", "no dia", "date:",
)  # fmt: skip
"""How that line begins, if not with a date or a name."""

ORIGINAL: Final = _folded(
    "original message", "original appointment", "ursprüngliche nachricht", "originalnachricht", "original-nachricht",
    "oorspronkelijk bericht", "origineel bericht", "mensaje original", "message d'origine", "message d’origine", "message original",
    "messaggio originale", "mensagem original", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość źródłowa",
    "özgün ileti", "özgün mesaj", "orijinal ileti", "orijinal mesaj", "הודעה מקורית", "ההודעה המקורית", "الرسالة الأصلية",
    "رسالة أصلية", "元のメッセージ", "原始邮件", "原始郵件", "邮件原件", "原邮件", "原郵件", "reply message", "回复的原邮件",
    "ursprungligt meddelande", "oprindelig meddelelse", "opprinnelig melding", "alkuperäinen viesti", "původní zpráva",
    "исходное сообщение", "reply above this line", "antworten sie oberhalb dieser zeile",
)  # fmt: skip
"""Between two rows of dashes."""

FORWARDED: Final = _folded(
    "forwarded message", "begin forwarded message", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
    "doorgestuurd bericht", "begin doorgestuurd bericht", "mensaje reenviado", "inicio del mensaje reenviado", "message transféré",
    "début du message transféré", "début du message réexpédié", "messaggio inoltrato", "inizio messaggio inoltrato",
    "mensagem encaminhada", "início da mensagem encaminhada", "wiadomość przekazana dalej", "przekazana wiadomość",
    "treść przekazanej wiadomości", "iletilen mesaj", "yönlendirilmiş ileti", "iletilmiş mesaj", "הודעה שהועברה", "הודעה מועברת",
    "رسالة معاد توجيهها", "رسالة محولة", "転送されたメッセージ", "転送メッセージ", "转发的邮件", "转发邮件", "轉寄的郵件", "轉寄郵件",
    "vidarebefordrat meddelande", "videresendt meddelelse", "přeposlaná zpráva", "пересылаемое сообщение",
)  # fmt: skip
"""What follows is no repetition: it is what the customer wants to show."""

FORWARDED_SUBJECTS: Final = _folded(
    "fwd:", "fw:", "wg:", "tr:", "rv:", "doorst:", "i:", "enc:", "pd:", "podaj dalej:", "ilt:", "转发:", "转发：", "轉寄:", "轉寄：",
    "הועבר:", "إعادة توجيه:", "vs:", "vb:", "videresend:", "転送:",
)  # fmt: skip

FROM: Final = frozenset(
    _folded("from", "von", "de", "da", "van", "od", "kimden", "gönderen", "מאת", "من", "差出人", "送信者", "发件人", "寄件者", "寄件人",
            "från", "fra", "lähettäjä", "от", "від", "expéditeur", "remitente", "mittente")
)  # fmt: skip
OTHERS: Final = frozenset(
    _folded(
        "sent", "date", "to", "cc", "subject", "reply-to", "gesendet", "datum", "an", "kopie", "betreff", "verzonden", "aan",
        "onderwerp", "enviado", "enviado el", "enviada em", "enviado em", "fecha", "data", "para", "asunto", "assunto", "envoyé",
        "envoyé le", "envoyé par", "à", "objet", "inviato", "inviato il", "a", "oggetto", "wysłano", "wysłane", "data", "do", "dw",
        "temat", "gönderildi", "gönderme tarihi", "gönderilen", "tarih", "kime", "bilgi", "konu", "נשלח", "תאריך", "אל", "עותק",
        "נושא", "تم الإرسال", "أُرسلت", "أرسلت", "التاريخ", "إلى", "نسخة", "الموضوع", "送信日時", "日時", "宛先", "件名", "発送日",
        "发送时间", "发送日期", "日期", "收件人", "抄送", "主题", "寄件日期", "傳送時間", "收件者", "副本", "主旨", "主題", "skickat",
        "till", "ämne", "sendt", "til", "emne", "odesláno", "komu", "předmět", "отправлено", "дата", "кому", "тема", "lähetetty",
        "vastaanottaja", "aihe", "cópia", "copia", "copie",
    )
)  # fmt: skip
"""The lines of a header that Outlook and others put above a quote."""

SENT_FROM: Final = _folded(
    "sent from my", "sent from mobile", "sent from outlook", "sent from yahoo mail", "sent from mail for", "sent from samsung",
    "sent from proton", "sent with proton", "sent via", "sent on the go", "get outlook for", "download outlook", "enviado desde mi",
    "enviado desde outlook", "enviado desde correo", "obtener outlook para", "gesendet von meinem", "gesendet von mail", "gesendet von outlook", "gesendet mit",
    "gesendet aus", "von meinem iphone gesendet", "von meinem ipad gesendet", "diese nachricht wurde von meinem", "verzonden vanaf mijn",
    "verzonden vanuit", "verstuurd vanaf mijn", "verzonden met", "download outlook voor", "outlook voor", "envoyé de mon",
    "envoyé depuis mon", "envoyé depuis", "envoyé à partir de", "envoyé avec", "télécharger outlook pour", "obtenir outlook pour",
    "inviato da iphone", "inviato da ipad", "inviato dal mio", "inviato da outlook", "inviato da libero", "inviato da posta",
    "scarica outlook per", "ottieni outlook per", "enviado do meu", "enviado a partir do meu", "enviado do outlook", "enviado do correio",
    "obter o outlook para", "baixe o outlook para", "wysłane z mojego", "wysłano z mojego", "wysłane z iphone", "wysłane z programu",
    "wysłane z aplikacji", "pobierz outlook", "iphone'umdan gönderildi", "ipad'imden gönderildi", "iphone’umdan gönderildi",
    "ipad’imden gönderildi", "android cihazımdan gönderildi", "outlook for", "נשלח מה-iphone", "נשלח מה-ipad", "נשלח מהiphone",
    "נשלח מה‑iphone", "נשלח מ-", "קבל את outlook", "أُرسلت من", "أرسلت من", "تم الإرسال من", "مرسل من", "احصل على outlook",
    "iphoneから送信", "ipadから送信", "androidから送信", "outlook for ios", "从我的", "發自我的", "发自我的", "发自", "從我的",
    "skickat från min", "skickat från", "sendt fra min", "sendt fra", "lähetetty", "odesláno z", "отправлено с", "отправлено из",
)  # fmt: skip
"""What telephones and programs put below. It is only taken away from the end."""

AWAY: Final = _folded(
    "automatic reply", "auto reply", "auto-reply", "autoreply", "autoresponse", "auto response", "auto:", "out of office",
    "out of the office", "out-of-office", "vacation reply", "on vacation", "away from", "automatische antwort", "abwesenheitsnotiz",
    "abwesenheit", "abwesend", "automatisch antwoord", "afwezig", "afwezigheid", "respuesta automática", "respuesta automatica",
    "fuera de la oficina", "fuera de oficina", "réponse automatique", "reponse automatique", "absence du bureau", "absent du bureau",
    "risposta automatica", "fuori sede", "fuori ufficio", "assente", "resposta automática", "resposta automatica", "ausência temporária",
    "fora do escritório", "ausente", "odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź", "nieobecność",
    "poza biurem", "otomatik yanıt", "otomatik cevap", "ofis dışında", "תשובה אוטומטית", "מענה אוטומטי", "הודעת היעדרות",
    "رد تلقائي", "خارج المكتب", "自動返信", "自動応答", "不在通知", "自动回复", "自动答复", "自動回覆", "外出", "不在办公室",
    "autosvar", "automatiskt svar", "frånvaro", "automaattinen vastaus", "automatická odpověď", "автоответ", "автоматический ответ",
)  # fmt: skip

UNDELIVERED: Final = _folded(
    "undelivered mail returned to sender", "undeliverable", "mail delivery failed", "mail delivery failure", "failure notice",
    "delivery status notification", "delivery failure", "delivery failed", "delivery notification", "returned mail", "mail system error",
    "mail delivery system", "message undeliverable", "non recapitabile", "unzustellbar", "zustellung fehlgeschlagen",
    "fehler bei der zustellung", "onbestelbaar", "non remis", "non délivrable", "échec de la remise", "no se puede entregar",
    "imposible entregar", "impossibile recapitare", "recapito non riuscito", "mancato recapito", "não é possível entregar",
    "não foi possível entregar", "nie można dostarczyć", "niedostarczalna", "niedostarczona", "teslim edilemedi", "teslim edilemiyor",
    "לא ניתן למסירה", "לא ניתן למסור", "يتعذر التسليم", "غير قابل للتسليم", "配信不能", "配信できません", "無法傳遞", "无法传递",
    "未送达", "warning: message", "delayed mail", "message delayed", "delivery delayed", "zustellung verzögert", "olevererbart",
    "kan inte leverera", "не доставлено", "nelze doručit", "kunne ikke leveres",
)  # fmt: skip
"""Subjects of delivery reports: only believed of a mail without a return path, or from a daemon."""

DELAYED: Final = _folded(
    "delayed", "delay", "still trying", "will be retried", "will continue to try", "will keep trying", "not yet been delivered",
    "temporarily", "this is a warning message only", "you do not need to resend", "verzögert", "wird weiterhin versucht", "retardé",
    "retrasado", "ritardo", "atrasad", "opóźnion", "gecikti", "vertraagd", "遅延", "延迟", "延遲",
)  # fmt: skip
