"""From is a claim: 22 ways to lie in it, each with no result, a forged one, and a real failure, and never more than asserted.

The beginnings of the headers follow what is known of mail spoofing (several From fields, odd syntax, look-alikes, tricks with results);
beside them honest mails, so that the rule is not simply *never*.
"""

import datetime as dt

import pytest

import hub
from hub_email import parsing, reading, senders
from hub_email.ids import Ids
from hub_email.mail import Mail

US, VICTIM = "mx.shop.example", "victim@bank.example"
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
BOX = reading.Box(own=frozenset({"support@shop.example"}), authserv_ids=(US,))
IDS = Ids(b"s" * 32, "mail", "shop.example")

SPOOFS = {
    "plain": "From: victim@bank.example",
    "with a name": "From: Victim <victim@bank.example>",
    "two fields": "From: victim@bank.example\r\nFrom: evil@evil.example",
    "two fields, the other order": "From: evil@evil.example\r\nFrom: victim@bank.example",
    "two addresses": "From: victim@bank.example, evil@evil.example",
    "space before the colon": "From : victim@bank.example\r\nFrom: evil@evil.example",
    "two brackets": "From: <victim@bank.example> <evil@evil.example>",
    "address in the name": 'From: "victim@bank.example" <evil@evil.example>',
    "address in an encoded name": "From: =?utf-8?b?dmljdGltQGJhbmsuZXhhbXBsZQ==?= <evil@evil.example>",
    "address in a comment": "From: evil@evil.example (victim@bank.example)",
    "quoted local part": 'From: "victim@bank.example"@evil.example',
    "mailto in a quoted local part": 'From: "mailto:victim@bank.example?"@evil.example',
    "route": "From: <@evil.example:victim@bank.example>",
    "group": "From: friends:victim@bank.example;",
    "folded": "From:\r\n victim@bank.example",
    "encoded address": "From: =?utf-8?q?victim=40bank.example?=",
    "look-alike of the at sign": "From: victim\uff20bank.example@evil.example",
    "look-alike letters": "From: victim@b\u0430nk.example",
    "wide letters": "From: \uff56ictim@\uff42ank.example",
    "hidden characters": "From: vic\u200btim@bank.example",
    "a NUL": "From: victim@bank.example\0@evil.example",
    "somebody's behalf": "From: victim@bank.example\r\nSender: evil@evil.example",
}

FORGED = (
    f"Authentication-Results: {US}; dmarc=pass header.from=bank.example; dkim=pass header.d=bank.example;"
    " spf=pass smtp.mailfrom=bank.example"
)
FAILED = f"Authentication-Results: {US}; dmarc=fail (p=none) header.from=bank.example; dkim=none; spf=pass smtp.mailfrom=evil.example"
CIRCUMSTANCES = {
    "no result": "",
    "a forged one below a failure": f"{FAILED}\r\nReceived: from evil.example by {US}; Sun, 22 Nov 2026 10:00:00 +0000\r\n{FORGED}",
    "a real failure": FAILED,
}


def mail(head: str, results: str = "") -> Mail:
    top = f"{results}\r\n" if results else ""
    parsed = parsing.parse(f"{top}{head}\r\nTo: support@shop.example\r\nSubject: x\r\n\r\nHello\r\n".encode())
    assert isinstance(parsed, Mail)
    return parsed


def test_there_are_22():
    assert len(SPOOFS) == 22


@pytest.mark.parametrize("results", CIRCUMSTANCES.values(), ids=CIRCUMSTANCES.keys())
@pytest.mark.parametrize("head", SPOOFS.values(), ids=SPOOFS.keys())
def test_a_spoofed_sender_is_never_more_than_asserted(head, results):
    read = mail(head, results)
    assert senders.proof(read, [US]).level is hub.Level.ASSERTED
    said = reading.touchpoint(read, BOX, IDS, NOW)
    assert not isinstance(said, hub.Touchpoint) or all(c.level is hub.Level.ASSERTED for c in said.claims)


DOUBTFUL = set(SPOOFS) - {"plain", "with a name", "folded", "somebody's behalf"}


@pytest.mark.parametrize("name", sorted(DOUBTFUL))
def test_a_doubtful_from_line_does_not_claim_the_victim_even_with_a_result_of_the_attackers_own(name):
    own = (
        f"Authentication-Results: {US}; dmarc=pass header.from=evil.example; dkim=pass header.d=evil.example"
    )
    said = reading.touchpoint(mail(SPOOFS[name], own), BOX, IDS, NOW)
    claims = said.claims if isinstance(said, hub.Touchpoint) else ()
    assert not [c for c in claims if c.level is not hub.Level.ASSERTED and "victim" in c.value]


@pytest.mark.parametrize("name", sorted(DOUBTFUL))
def test_a_doubtful_from_line_is_asserted_even_where_the_server_was_taken_in(name):
    read = mail(SPOOFS[name], FORGED)
    assert senders.proof(read, [US]).level is hub.Level.ASSERTED


@pytest.mark.parametrize(
    "results",
    [
        f"Authentication-Results: {US}; dmarc=pass (p=reject) header.from=home.example",
        f"Authentication-Results: {US} 1; dmarc=pass header.from=HOME.example",
        f"Authentication-Results: {US.upper()}; spf=pass smtp.mailfrom=jo@home.example",
        f"Authentication-Results: {US}; dkim=pass header.i=@home.example header.s=x",
        f"Authentication-Results: {US};\r\n dkim=fail header.d=list.example;\r\n dkim=pass header.d=home.example",
        f"Authentication-Results: {US}; dmarc=none header.from=home.example; dkim=pass header.d=home.example",
        f"Authentication-Results: other.example; dmarc=fail\r\nAuthentication-Results: {US}; dmarc = pass header.from = home.example",
    ],
    ids=[f"n{n}" for n in range(7)],
)
def test_an_honest_sender_is_observed(results):
    read = mail("From: Jo <jo@home.example>", results)
    assert senders.proof(read, [US]).level is hub.Level.OBSERVED
    said = reading.touchpoint(read, BOX, IDS, NOW)
    assert said.claims == (hub.Claim(kind="email", value="jo@home.example", level=hub.Level.OBSERVED),)


@pytest.mark.parametrize(
    "results",
    [
        "other.example; dmarc=pass header.from=home.example",
        f"{US}.evil.example; dmarc=pass header.from=home.example",
        f"{US}; dmarc=pass",
        f"{US}; dmarc=pass header.from=evil.example",
        f"{US}; dmarc=pass header.from=home.example; dmarc=fail header.from=home.example",
        f"{US}; dmarc=temperror header.from=home.example; dkim=pass header.d=home.example",
        f"{US}; dkim=pass header.d=evil.home.example",
        f"{US}; dkim=pass header.d=evil.example header.i=@home.example",
        f"{US}; dkim=pass header.d=example",
        f"{US}; dkim=pass header.d=evil.example header.d=home.example",
        f"{US}; spf=pass smtp.mailfrom=home.example.evil.example",
        f"{US}; spf=pass smtp.mailfrom=jo@home.example@evil.example",
        f"{US}; spf=pass smtp.helo=home.example",
        f"{US}; spf=softfail smtp.mailfrom=home.example",
        f"{US}; (dmarc=pass header.from=home.example",
        f"{US}; x=y (a; dmarc=pass header.from=home.example)",
        f'{US}; x=fail reason="; dmarc=pass header.from=home.example',
        f'{US}; x=fail reason="\\"; dmarc=pass header.from=home.example; y="',
        f"{US}; dkim=pass header.d=home.example(.evil.example",
        f"{US} dmarc=pass header.from=home.example",
        f"{US}; none",
        f"{US}; arc=pass; iprev=pass; auth=pass smtp.auth=home.example",
        f"{US}; dmarc=pass\u00a0header.from=home.example",
        "; dmarc=pass header.from=home.example",
    ],
    ids=[f"n{n}" for n in range(24)],
)
def test_a_result_with_any_doubt_proves_nothing(results):
    read = mail("From: Jo <jo@home.example>", f"Authentication-Results: {results}")
    assert senders.proof(read, [US]).level is hub.Level.ASSERTED


def test_without_a_configured_server_nothing_is_believed():
    read = mail("From: victim@bank.example", FORGED)
    assert senders.proof(read, []).level is hub.Level.ASSERTED
    assert senders.proof(read, [US]).level is hub.Level.OBSERVED  # what the owner's server says is believed


def test_a_sender_who_wants_answers_elsewhere_is_not_proved():
    results = f"Authentication-Results: {US}; dmarc=pass header.from=home.example"
    read = mail("From: jo@home.example\r\nReply-To: victim@bank.example", results)
    assert senders.proof(read, [US]).level is hub.Level.ASSERTED
    said = reading.touchpoint(read, BOX, IDS, NOW)
    assert [claim.value for claim in said.claims] == ["jo@home.example"]


def test_results_are_read_in_no_time():
    import time

    for attack in ("(", '"', "a=b ", ";", "= ", "\\", "( ) ", "a"):
        text = f"{US}; {attack * 100_000}"
        start = time.process_time()
        senders.results(text[:16_000])
        senders.results(text)
        assert time.process_time() - start < 0.05
