"""Signing in: passwords, session cookies, and who a request is by.

Hashing is argon2id at OWASP's smaller setting, in threads, at most two at a time: it is dear on purpose, and forty parallel attempts
must slow each other down, not the chats. An unknown login costs the same hash as a known one. The cookie is `__Host-`: never sent to
another host, only over https (or to localhost), never readable by scripts.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

import argon2

from hub.actions import people
from hub.store import Store
from hub.web.limits import SIGN_INS, Limits
from hub.web.origins import header
from hub.web.sockets import Scope
from hub.wire import Refusal

COOKIE = "__Host-hub"
AT_ONCE = 2
TOUCH = 60 * 1_000_000
"""Microseconds after which a session in use is written down as used."""
SHORTEST_PASSWORD = 10
"""Characters of a new password. Length is what counts; nothing else is asked of it."""
LONGEST_PASSWORD = 1_000


class Hasher(Protocol):
    """What `argon2.PasswordHasher` offers; tests pass one that is cheap."""

    def hash(self, password: str, /) -> str: ...

    def verify(self, known: str, password: str, /) -> bool: ...

    def check_needs_rehash(self, known: str, /) -> bool: ...


def password_hasher() -> argon2.PasswordHasher:
    """OWASP's argon2id setting with 19 MiB: two at once cost 38 MiB."""
    return argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class SignIn:
    """Sessions of operators."""

    def __init__(
        self, store: Store, limits: Limits, clock: Callable[[], int], public_url: str, hasher: Hasher
    ) -> None:
        self._store, self._limits, self._clock, self._hasher = store, limits, clock, hasher
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None
        parts = urlsplit(public_url)
        self._safe = parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")

    async def sign_in(
        self, login: str, password: str, address: str, agent: str = ""
    ) -> tuple[people.Operator, str]:
        """The operator and a new session's secret. Refusals: wrong_password, rate_limited, forbidden (plain http)."""
        self.demand_safe()
        self._limits.take("sign-in", address, SIGN_INS)
        self._limits.take("sign-in", f"login {login[:200]}", SIGN_INS)
        found = await self._store.read(people.by_login, login)
        good = await self._verified(found[1] if found else None, password)
        if found is None or not good or not found[0].active:
            raise Refusal("wrong_password", "the login or the password is wrong")
        operator, known = found
        if self._hasher.check_needs_rehash(known):
            await self._store.write(people.rehash, operator.id, await self.hashed(password))
        return await self.begin(operator.id, agent)

    async def begin(self, operator: bytes, agent: str) -> tuple[people.Operator, str]:
        """A new session of somebody whose word was good: they, and its secret."""
        secret = secrets.token_urlsafe(32)
        await self._store.write(people.sign_in, operator, secret, agent)
        return await self._store.read(people.one, operator), secret

    def demand_safe(self) -> None:
        """Refusals: forbidden, where a password would travel in the clear."""
        if not self._safe:
            raise Refusal(
                "forbidden",
                "passwords are not taken over plain http; put a certificate before the hub and set hub.public_url to https",
            )

    async def demand_password(self, login: str, password: str) -> None:
        """Refusals: wrong_password, where it is not that of this login."""
        found = await self._store.read(people.by_login, login)
        if not await self._verified(found[1] if found else None, password):
            raise Refusal("wrong_password", "the password is wrong")

    async def signed_in(self, scope: Scope) -> tuple[people.Operator, str] | None:
        """Who sent this request, by its cookie."""
        secret = _cookie(scope)
        if not secret:
            return None
        found = await self._store.read(people.signed_in, secret)
        if found is None:
            return None
        operator, used_at = found
        if self._clock() - used_at > TOUCH:
            await self._store.write_background(people.used, secret)
        return operator, secret

    async def sign_out(self, secret: str) -> None:
        """End the session and its sockets."""
        await self._store.write(people.sign_out, secret)

    async def hashed(self, password: str) -> str:
        """A hash to store, made beside the loop."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _verified(self, known: str | None, password: str) -> bool:
        if len(password) > LONGEST_PASSWORD:
            return False
        if self._nobodys is None:
            # At the first attempt of all, whoever it is for: known and unknown logins must cost the same.
            self._nobodys = await self.hashed(secrets.token_urlsafe(16))
        async with self._turns:
            return await asyncio.to_thread(self._verify, known or self._nobodys or "", password)

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False


def cookie(secret: str) -> str:
    """The Set-Cookie header of a new session; with an empty secret, of an ended one."""
    age = people.AGE_END // 1_000_000 if secret else 0
    return f"{COOKIE}={secret}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Lax"


def _cookie(scope: Scope) -> str | None:
    # By hand: the library's parser gives up at the first cookie of another application that it finds odd.
    for part in (header(scope, b"cookie") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return None
