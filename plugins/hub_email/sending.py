"""From the hub to a mail server: one mail, one answer, and never a mail too many.

What can go wrong before the content has begun to leave is tried again. Once it has, a line that ends before the server's answer leaves
two possibilities, and the hub is told just that (`NotReady.doubtful`): the mail goes out once more at most, with the same Message-ID,
by which the other side can tell.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

import aiosmtplib
from aiosmtplib import SMTPResponse

import hub
from hub_email.composing import Composed
from hub_email.imap import trusted
from hub_email.settings import EmailSettings

LOG_IN = frozenset({530, 534, 535, 538})
"""Answers that are about our credentials, whatever they answer to."""
GO_ON = 354
_DOT = re.compile(rb"^\.", re.MULTILINE)


async def send(composed: Composed, settings: EmailSettings) -> None:
    """Hand a mail over. Returns when the server has taken it; raises what the hub is to do otherwise."""
    async with _connected(settings) as smtp:
        await _asked(settings, lambda: _envelope(smtp, composed, settings))
        await _content(smtp, composed.raw, settings)


async def knock(settings: EmailSettings) -> None:
    """Log in, and leave. Raises as `send`."""
    async with _connected(settings):
        pass


@asynccontextmanager
async def _connected(settings: EmailSettings) -> AsyncIterator[aiosmtplib.SMTP]:
    host, port = settings.smtp
    smtp = aiosmtplib.SMTP(
        hostname=host,
        port=port,
        local_hostname=settings.address.rpartition("@")[2].encode("idna").decode(),
        timeout=settings.patience,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        tls_context=None if settings.smtp_security == "none" else trusted(settings),
    )
    try:
        await _asked(settings, smtp.connect)
        await _asked(settings, lambda: _log_in(smtp, settings))
        yield smtp
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await smtp.quit(timeout=2)  # what was to be done is done, whatever the server says to a farewell
    finally:
        smtp.close()


async def _asked(settings: EmailSettings, step: Callable[[], Awaitable[object]]) -> None:
    """One step before the content. Every failure of it leaves the mail unsent for sure."""
    host = settings.sending_host
    try:
        await step()
    except aiosmtplib.SMTPAuthenticationError as error:
        raise _answer(host, error.code, error.message, settings) from None
    except (aiosmtplib.SMTPConnectResponseError, aiosmtplib.SMTPHeloError) as error:
        raise hub.NotReady(f"{host} does not want to talk: {_plain(error.message, settings)}") from None
    except aiosmtplib.SMTPResponseException as error:
        raise _answer(host, error.code, error.message, settings) from None
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise hub.NotReady(
            f"{host} cannot be reached: {_plain(str(error), settings) or 'no answer'}"
        ) from None


async def _log_in(smtp: aiosmtplib.SMTP, settings: EmailSettings) -> None:
    if settings.smtp_login is not None:
        await smtp.login(*settings.smtp_login)


async def _envelope(smtp: aiosmtplib.SMTP, composed: Composed, settings: EmailSettings) -> None:
    if smtp.is_ehlo_or_helo_needed:
        await smtp.ehlo()
    if composed.utf8 and not smtp.supports_extension("smtputf8"):
        raise hub.Rejected(
            f"the mail server cannot send to {composed.envelope_to}: it takes plain addresses only"
        )
    options = [b"SIZE=%d" % len(composed.raw)] if smtp.supports_extension("size") else []
    options += (
        [b"BODY=8BITMIME"] if not composed.raw.isascii() and smtp.supports_extension("8bitmime") else []
    )
    options += [b"SMTPUTF8"] if composed.utf8 else []
    sender = f"FROM:<{composed.envelope_from}>".encode()
    answer = await smtp.execute_command(b"MAIL", sender, *options)
    if answer.code >= 500 and not composed.envelope_from and answer.code not in LOG_IN:
        # Some servers let nobody send without an address; then an automatic mail is known by its header alone.
        await smtp.rset()
        answer = await smtp.execute_command(b"MAIL", f"FROM:<{settings.address}>".encode(), *options)
    _expect(answer, 250)
    answer = await smtp.execute_command(b"RCPT", f"TO:<{composed.envelope_to}>".encode())
    if answer.code not in (250, 251):
        raise aiosmtplib.SMTPResponseException(answer.code, answer.message)
    _expect(await smtp.execute_command(b"DATA"), GO_ON)


async def _content(smtp: aiosmtplib.SMTP, raw: bytes, settings: EmailSettings) -> None:
    host = settings.sending_host
    body = _DOT.sub(b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n") + b".\r\n"
    try:
        transport, protocol = cast("asyncio.WriteTransport", smtp.transport), smtp.protocol
        if transport is None or protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("it ended the connection")
        transport.write(body)
        answer = await protocol.read_response(timeout=settings.patience)
    except aiosmtplib.SMTPResponseException as error:
        raise _answer(host, error.code, error.message, settings) from None
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        why = f"{host} had the mail and ended without an answer: {_plain(str(error), settings)}"
        raise hub.NotReady(why, doubtful=True) from None
    if answer.code != 250:
        raise _answer(host, answer.code, answer.message, settings)


def _expect(answer: SMTPResponse, code: int) -> None:
    if answer.code != code:
        raise aiosmtplib.SMTPResponseException(answer.code, answer.message)


def _answer(host: str, code: int, text: str, settings: EmailSettings) -> hub.HubError:
    """What the hub is to do about a server's no."""
    said = f"{host}: {code} {_plain(text, settings)}"
    if code in LOG_IN:
        return hub.AuthFailed(said)
    return hub.Rejected(said) if 500 <= code < 600 else hub.NotReady(said)


def _plain(text: str, settings: EmailSettings) -> str:
    """A server's words on one line, without a secret that it may repeat."""
    login = settings.smtp_login
    if login is not None:
        text = text.replace(login[1], "***")
    return "".join(c if c.isprintable() else " " for c in text)[:300].strip()
