"""Signed identity: what a site's own server says about the visitor in front of it.

A JWT (RFC 7519) by HS256 with one of the site's keys (two may be live, so that keys can be changed without a gap), whose audience
is the site's key and whose life is at most an hour. Everything else is refused with the reason, because the person who reads it is
the shop's developer: other algorithms (`none` above all), another site's audience, no or too far an expiry, unknown `crit`.
"""

import hashlib

import jwt
import msgspec

from hub.actions.arrive import Vouched
from hub.config import SiteSection
from hub.intake import normalise
from hub.wire import Refusal

LIFE = 3_600
"""Longest life of a token, in seconds."""
LEEWAY = 60
"""Seconds by which the two clocks may differ."""


class _Claims(msgspec.Struct):
    sub: str
    exp: int
    iat: int | None = None
    nbf: int | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None


def verify(token: str, site: SiteSection, key: str, now: float) -> Vouched:
    """What the token says, when it is good; else `Refusal` bad_token with the reason. `now` is in seconds."""
    if not site.identity_keys:
        raise Refusal("bad_token", f"[sites.{key}] has no identity_keys, so no identity can be signed for it")
    payload = _decode(token, site, key)
    try:
        claims = msgspec.convert(payload, _Claims)
    except msgspec.ValidationError as error:
        raise Refusal("bad_token", f"identity token: {error}") from None
    _timely(claims, now)
    if not claims.sub.strip() or len(claims.sub) > 200:
        raise Refusal("bad_token", "identity token: `sub` must be the user's id, 1 to 200 characters")
    if normalise.identifier("user_id", claims.sub) is None:
        # A shop that signs its guests as "null" would make one customer of all of them.
        raise Refusal(
            "bad_token",
            f"identity token: `sub` {claims.sub[:40]!r} is nobody's id; sign only who is logged in",
        )
    nonce = hashlib.blake2b(token.encode(), digest_size=12).hexdigest()
    return Vouched(user_id=claims.sub, nonce=nonce, email=claims.email, phone=claims.phone, name=claims.name)


def _decode(token: str, site: SiteSection, key: str) -> dict[str, object]:
    reason = "its signature does not fit any of the site's keys"
    for secret in site.identity_keys:
        try:
            # Times are checked below against the hub's own clock, which tests can move.
            options = {
                "require": ["exp", "aud", "sub"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "strict_aud": True,  # one audience, not a list of whoever else may use it
            }
            payload: dict[str, object] = jwt.decode(
                token,
                secret.reveal(),
                algorithms=["HS256"],
                audience=key,
                options=options,  # type: ignore[arg-type]  # the library's TypedDict is not exported in all versions
            )
            return payload
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            reason = str(error) or type(error).__name__
            break
    raise Refusal("bad_token", f"identity token refused: {reason}")


def _timely(claims: _Claims, now: float) -> None:
    if claims.exp <= now - LEEWAY:
        raise Refusal("bad_token", "identity token: it has expired; make a new one for each page")
    if claims.exp > now + LIFE + LEEWAY:
        raise Refusal("bad_token", "identity token: `exp` must be at most one hour from now")
    if max(claims.iat or 0, claims.nbf or 0) > now + LEEWAY:
        raise Refusal(
            "bad_token", "identity token: it is not valid before a time to come; compare the clocks"
        )
