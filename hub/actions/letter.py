"""What surrounds an answer that leaves as mail: a subject where the conversation has none, and a foot that says where an answer to it goes
and how to go on on the site.

Only the business's own words: what a customer typed on a page goes to no address that was typed there as well, or a form that anybody
may fill in would send anybody's text to anybody.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import msgspec

from hub.actions.returning import FRAGMENT, Returning
from hub.config import SiteSection
from hub.config.origins import origin_of
from hub.conversations import thread
from hub.conversations.thread import Conversation
from hub.store import Read

SQL_LAST_VISIT = "SELECT id, language FROM visit WHERE visitor = :visitor ORDER BY last_at DESC LIMIT 1"
SQL_LAST_PAGE = "SELECT url FROM page_view WHERE visit = :visit ORDER BY n DESC LIMIT 1"
SQL_BY_MAIL = "SELECT 1 FROM leg l JOIN outlet o ON o.connection = l.connection AND o.addresses = 'email' WHERE l.id = :leg"

WORDS: Mapping[str, tuple[str, str, str]] = {
    "en": (
        "Your conversation with {name}",
        "You can simply answer this e-mail: it reaches us in the same conversation.",
        "Go on on our site:",
    ),
    "de": (
        "Ihr Gespräch mit {name}",
        "Antworten Sie einfach auf diese E-Mail: Sie erreicht uns im selben Gespräch.",
        "Auf unserer Seite weiterschreiben:",
    ),
    "fr": (
        "Votre conversation avec {name}",
        "Vous pouvez simplement répondre à cet e-mail : votre réponse nous parvient dans la même conversation.",
        "Continuer sur notre site :",
    ),
    "es": (
        "Su conversación con {name}",
        "Puede responder a este correo: su respuesta nos llega en la misma conversación.",
        "Continuar en nuestro sitio:",
    ),
    "pt": (
        "A sua conversa com {name}",
        "Pode simplesmente responder a este e-mail: chega-nos na mesma conversa.",
        "Continuar no nosso site:",
    ),
    "it": (
        "La sua conversazione con {name}",
        "Può semplicemente rispondere a questa e-mail: ci arriva nella stessa conversazione.",
        "Continuare sul nostro sito:",
    ),
    "nl": (
        "Uw gesprek met {name}",
        "U kunt gewoon op deze e-mail antwoorden: uw antwoord komt in hetzelfde gesprek aan.",
        "Verder op onze site:",
    ),
    "pl": (
        "Rozmowa z {name}",
        "Wystarczy odpowiedzieć na tę wiadomość: odpowiedź trafi do tej samej rozmowy.",
        "Kontynuuj na naszej stronie:",
    ),
    "tr": (
        "{name} ile görüşmeniz",
        "Bu e-postayı yanıtlamanız yeterli: yanıtınız bize aynı görüşmede ulaşır.",
        "Sitemizde devam edin:",
    ),
    "ar": (
        "محادثتك مع {name}",
        "يمكنك ببساطة الرد على هذه الرسالة: سيصلنا ردك في المحادثة نفسها.",
        "المتابعة على موقعنا:",
    ),
    "he": (
        "השיחה שלך עם {name}",
        "אפשר פשוט להשיב לדואר הזה: התשובה תגיע אלינו באותה שיחה.",
        "להמשך באתר שלנו:",
    ),
    "ja": (
        "{name} とのお問い合わせ",
        "このメールにそのままご返信ください。同じ会話に届きます。",
        "サイトで続ける:",
    ),
    "zh": (
        "您与{name}的对话",
        "直接回复此邮件即可。您的回复会进入同一对话。",
        "在我们的网站上继续:",
    ),
}
"""Subject, where an answer goes, and what stands before the link."""


class Letter(msgspec.Struct, frozen=True):
    """What stands around the text; empty where the message is no mail, or belongs to no site."""

    subject: str = ""
    foot: str = ""
    language: str = ""


class Letters:
    """Those of one hub. `sites` as they work now."""

    def __init__(self, sites: Mapping[str, SiteSection], returning: Returning) -> None:
        self._sites, self._returning = sites, returning

    def around(self, read: Read, conversation: bytes, leg: bytes, author: str) -> Letter:
        """What surrounds a message of this conversation that leaves by this leg."""
        talk = thread.get(read, conversation)
        site = self._sites.get(talk.site)
        if site is None or read.one(SQL_BY_MAIL, {"leg": leg}) is None:
            return Letter()
        language, page = _where(read, talk)
        language = language or site.languages[0]
        subject, answer, go_on = WORDS.get(language[:2].lower(), WORDS["en"])
        lines = ["", "-- ", ", ".join(filter(None, (author, site.name))), answer]
        if site.origins:
            lines.append(f"{go_on} {_own(page, site)}{FRAGMENT}{self._returning.code(leg)}")
        return Letter(subject.format(name=site.name), "\n".join(lines), language)


def _where(read: Read, talk: Conversation) -> tuple[str, str]:
    """The language and the page that the customer's browser showed last."""
    visit = read.one(SQL_LAST_VISIT, {"visitor": talk.visitor}) if talk.visitor else None
    if visit is None:
        return "", ""
    page = read.one(SQL_LAST_PAGE, {"visit": visit[0]})
    return visit[1], page[0] if page else ""


def _own(page: str, site: SiteSection) -> str:
    """The page if it is one of the site's, without what may stand behind its path; else the site's first."""
    if origin_of(page) not in site.origins:
        return f"{site.origins[0]}/"
    parts = urlsplit(page)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", "", ""))
