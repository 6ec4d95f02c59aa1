"""The shop's customers, and how its server vouches for them.

This is all a shop has to write: when somebody is logged in, sign a short-lived token with the site's key and hand it to the page, which
calls `hub("identify", {token})`. Nobody has a password here, because it is a demo on your own machine.
"""

import time
from collections.abc import Mapping
from types import MappingProxyType

import jwt
import msgspec

SITE = "demo-shop"
LIFE = 30 * 60
"""Seconds a token lives; the hub takes an hour at most."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who has bought here before."""

    user_id: str
    name: str
    email: str
    town: str = ""


ACCOUNTS: Mapping[str, Account] = MappingProxyType(
    {
        "lena": Account(user_id="c-1007", name="Lena Vogel", email="lena.vogel@mail.example", town="Hamburg"),
        "ana": Account(user_id="c-1031", name="Ana Ribeiro", email="ana.ribeiro@mail.example", town="Porto"),
    }
)


def sign(account: Account, key: str, now: float | None = None) -> str:
    """An identity token for the hub: HS256, this site as audience."""
    at = int(time.time() if now is None else now)
    claims = {
        "aud": SITE,
        "sub": account.user_id,
        "name": account.name,
        "email": account.email,
        "iat": at,
        "exp": at + LIFE,
    }
    return jwt.encode(claims, key, algorithm="HS256")
