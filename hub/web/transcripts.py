"""The transcript of a conversation as a download, in the words and at the times of the one who was on the customer's side of it.

Its address is its own permission: it says which conversation, until when, in which language and zone, and is signed.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable

from starlette.responses import Response

from hub import media
from hub.conversations import transcript
from hub.store import Store
from hub.wire import Refusal, hex_id

PREFIX = "/transcript/"


class Transcripts:
    """Links and downloads of one hub. `clock` in UTC microseconds."""

    def __init__(self, store: Store, secret: bytes, clock: Callable[[], int]) -> None:
        self._store, self._secret, self._clock = store, secret, clock

    def link(self, conversation: str, language: str, zone: str) -> str:
        """Where a conversation can be downloaded for half an hour or more. What names no language or zone of ours is English, UTC."""
        until = media.Links.until(self._clock())
        spoken = language[:2].lower()
        asked = f"{spoken if spoken in transcript.WORDS else 'en'} {transcript.zone_of(zone).key}"
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
        text = await self._store.read(transcript.text, hex_id(conversation), language, zone)
        headers = {
            "content-disposition": media.serving.disposition("conversation.txt", inline=False),
            "cache-control": "private, no-store",
            "content-language": language,
        }
        return Response(text, 200, headers, "text/plain; charset=utf-8")

    def _sign(self, said: str) -> str:
        digest = hmac.digest(self._secret, f"transcript\0{said}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
