"""The transcript of a conversation as a download, in the words and at the times of the one who was on the customer's side of it.

Its address is its own permission: it says which conversation, until when, in which language and zone, and is signed.
"""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from zoneinfo import ZoneInfo

from starlette.responses import Response

from hub import media
from hub.conversations import thread, view
from hub.store import Read, Store
from hub.wire import Refusal, hex_id
from hub.wire.visitor import Said

PREFIX = "/transcript/"
LONGEST = 5_000
"""Messages in one download."""

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


class Transcripts:
    """Links and downloads of one hub. `clock` in UTC microseconds."""

    def __init__(self, store: Store, secret: bytes, clock: Callable[[], int]) -> None:
        self._store, self._secret, self._clock = store, secret, clock

    def link(self, conversation: str, language: str, zone: str) -> str:
        """Where a conversation can be downloaded for half an hour or more. What names no language or zone of ours is English, UTC."""
        until = media.Links.until(self._clock())
        spoken = language[:2].lower()
        asked = f"{spoken if spoken in WORDS else 'en'} {_zone(zone).key}"
        said = f"{conversation}.{until}.{base64.urlsafe_b64encode(asked.encode()).rstrip(b'=').decode()}"
        return f"{PREFIX}{said}.{self._sign(said)}"

    async def answer(self, link: str) -> Response:
        """What was said, as plain text. Refusals: not_found."""
        said, _, signature = link.rpartition(".")
        if not hmac.compare_digest(self._sign(said).encode(), signature.encode()):
            raise Refusal("not_found", "link: expected one this hub has given out within the hour")
        conversation, until, asked = said.split(".")
        if int(until) <= self._clock():
            raise Refusal("not_found", "link: this one is over; ask for the transcript again")
        language, _, zone = base64.urlsafe_b64decode(asked + "=" * (-len(asked) % 4)).decode().partition(" ")
        text = await self._store.read(_transcript, hex_id(conversation), WORDS[language], _zone(zone))
        headers = {
            "content-disposition": media.serving.disposition("conversation.txt", inline=False),
            "cache-control": "private, no-store",
            "content-language": language,
        }
        return Response(text, 200, headers, "text/plain; charset=utf-8")

    def _sign(self, said: str) -> str:
        digest = hmac.digest(self._secret, f"transcript\0{said}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder of the zones
        return ZoneInfo("UTC")


def _transcript(read: Read, conversation: bytes, words: tuple[str, str, str], zone: ZoneInfo) -> str:
    talk = thread.get(read, conversation)
    said, _ = view.said_after(read, thread.leg_of(read, talk.id).id, 0, LONGEST)
    names = dict(zip(("visitor", "operator", "bot"), words, strict=True))
    return "".join(
        f"{_when(one.at, zone)}  {one.name or names.get(one.author, one.author)}\n{_words(one)}\n\n"
        for one in said
        if one.kind != "system"
    )


def _when(at: int, zone: ZoneInfo) -> str:
    return dt.datetime.fromtimestamp(at / 1000, zone).strftime("%Y-%m-%d %H:%M %Z")


def _words(said: Said) -> str:
    files = "".join(f"\n[{file.name}]" for file in said.attachments)
    return f"{said.push.url if said.push else said.text}{files}"
