"""Our signed Message-IDs: the right ones are known wherever they stand, and nobody can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub_email.ids import Ids, new_secret

IDS = Ids(b"s" * 32, "mail", "shop.example")
MESSAGE = "0123456789abcdef" * 2


def test_an_id_is_the_same_each_time_and_proves_itself():
    assert IDS.made(MESSAGE) == IDS.made(MESSAGE)
    assert IDS.made(MESSAGE).startswith(f"<hub.{MESSAGE}.")
    assert IDS.made(MESSAGE).endswith("@shop.example>")
    assert IDS.proved([IDS.made(MESSAGE)]) == (MESSAGE,)
    assert IDS.is_ours(IDS.made(MESSAGE).strip("<>"))


def test_an_id_is_found_among_other_words():
    other = IDS.made("f" * 32)
    texts = [
        f"> Message-ID: {IDS.made(MESSAGE)}\n> X: y",
        f"<a@b> {other}\t{other}",
        IDS.made(MESSAGE).upper(),
    ]
    assert IDS.proved(texts) == (MESSAGE, "f" * 32)


@pytest.mark.parametrize(
    "ids",
    [Ids(b"t" * 32, "mail", "shop.example"), Ids(b"s" * 32, "other", "shop.example")],
    ids=["another secret", "another connection"],
)
def test_ids_of_others_prove_nothing(ids):
    assert IDS.proved([ids.made(MESSAGE)]) == ()


def test_the_domain_may_move():
    assert IDS.proved([Ids(b"s" * 32, "mail", "new.example").made(MESSAGE)]) == (MESSAGE,)


@given(
    st.text(alphabet="0123456789abcdef", min_size=1, max_size=64),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26),
)
def test_nobody_guesses(message, proof):
    assert IDS.proved([f"<hub.{message}.{proof}@shop.example>"]) == ()


def test_a_proof_of_one_message_is_none_of_another():
    assert IDS.proved([IDS.made(MESSAGE).replace("0123", "0124", 1)]) == ()
    assert IDS.proved([IDS.made(MESSAGE)[:-15] + "@shop.example>"]) == ()


@pytest.mark.parametrize("secret", [b"", b"short"])
def test_a_short_secret_is_refused(secret):
    with pytest.raises(ValueError, match="at least 16 bytes"):
        Ids(secret, "mail", "shop.example")


@pytest.mark.parametrize("message", ["", "x", "AB", "a" * 65, "a>\r\nBcc: x"])
def test_only_ids_of_the_hub_are_signed(message):
    with pytest.raises(ValueError, match="hex digits"):
        IDS.made(message)


def test_secrets_differ():
    assert new_secret() != new_secret()
    assert len(new_secret()) == 32
