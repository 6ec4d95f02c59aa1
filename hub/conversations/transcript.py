"""The transcript of a conversation as plain text, for the one who was on the customer's side of it."""

import datetime as dt
from zoneinfo import ZoneInfo

from hub.conversations import thread, view
from hub.store import Read
from hub.wire.visitor import Said

LONGEST = 5_000
"""Messages in one transcript."""

WORDS = {
    "en": ("You", "Team", "Automatic answer"),
    "de": ("Sie", "Team", "Automatische Antwort"),
    "fr": ("Vous", "Équipe", "Réponse automatique"),
    "es": ("Usted", "Equipo", "Respuesta automática"),
    "pt": ("Você", "Equipe", "Resposta automática"),
    "it": ("Lei", "Assistenza", "Risposta automatica"),
    "nl": ("U", "Team", "Automatisch antwoord"),
    "pl": ("Ty", "Zespół", "Odpowiedź automatyczna"),
    "tr": ("Siz", "Ekip", "Otomatik yanıt"),
    "ar": ("أنت", "الفريق", "رد تلقائي"),
    "he": ("את/ה", "הצוות", "תשובה אוטומטית"),
    "ja": ("あなた", "担当者", "自動応答"),
    "zh": ("您", "客服", "自动回复"),
}
"""What the visitor, an operator without a name and a bot without one are called, by language."""


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; what is none is UTC."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder of the zones
        return ZoneInfo("UTC")


def text(read: Read, conversation: bytes, language: str, zone: str) -> str:
    """What was said on its customer's page, in the words of a language and at the times of a zone."""
    talk, at_home = thread.get(read, conversation), zone_of(zone)
    said, _ = view.said_after(read, thread.leg_of(read, talk.id).id, 0, LONGEST)
    names = dict(zip(("visitor", "operator", "bot"), WORDS.get(language, WORDS["en"]), strict=True))
    return "".join(
        f"{_when(one.at, at_home)}  {one.name or names.get(one.author, one.author)}\n{_words(one)}\n\n"
        for one in said
        if one.kind != "system"
    )


def _when(at: int, zone: ZoneInfo) -> str:
    return dt.datetime.fromtimestamp(at / 1000, zone).strftime("%Y-%m-%d %H:%M %Z")


def _words(said: Said) -> str:
    files = "".join(f"\n[{file.name}]" for file in said.attachments)
    return f"{said.push.url if said.push else said.text}{files}"
