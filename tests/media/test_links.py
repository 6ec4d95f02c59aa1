"""Links: good for one file and part until their end, and for nothing else."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.media import Links, links, secret
from hub.wire import Refusal

LINKS = Links(bytes(range(32)))
NOW = 1_700_000_000_000_000
IDS = st.binary(min_size=16, max_size=16)
PARTS = st.sampled_from(["file", "thumb"])
MINUTE = 60_000_000


def tail(path: str) -> str:
    assert path.startswith(links.PREFIX)
    return path.removeprefix(links.PREFIX)


@given(IDS, PARTS, st.integers(0, 10**17))
def test_a_link_is_good_for_half_an_hour_to_an_hour(attachment, part, now):
    end = LINKS.until(now)
    assert 30 * MINUTE < end - now <= 60 * MINUTE
    asked = LINKS.check(tail(LINKS.path(attachment, end, part)), end - 1)
    assert (asked.id, asked.part, asked.expires) == (attachment, part, end)


@given(IDS, st.integers(0, 200), st.characters(codec="utf-8"))
def test_any_changed_character_is_refused(attachment, at, other):
    link = tail(LINKS.path(attachment, LINKS.until(NOW)))
    at %= len(link)
    changed = link[:at] + other + link[at + 1 :]
    if changed != link:
        with pytest.raises(Refusal, match="link: expected"):
            LINKS.check(changed, NOW)


@given(st.text())
def test_what_was_never_a_link_is_refused(link):
    with pytest.raises(Refusal):
        LINKS.check(link, NOW)


def test_a_link_ends():
    link = tail(LINKS.path(bytes(16), LINKS.until(NOW)))
    with pytest.raises(Refusal) as over:
        LINKS.check(link, LINKS.until(NOW))
    with pytest.raises(Refusal) as never:
        LINKS.check("nonsense", NOW)
    assert over.value.code == never.value.code == "not_found"
    assert over.value.message == never.value.message


@pytest.mark.parametrize("change", [lambda p: p.replace(".file.", ".thumb."), lambda p: p + "A", lambda p: p.replace(".", ".0", 1), str.upper, lambda p: p + "\n"])  # fmt: skip
def test_a_link_is_not_good_for_another_part_or_spelling(change):
    link = tail(LINKS.path(b"\xab" * 16, LINKS.until(NOW)))
    with pytest.raises(Refusal):
        LINKS.check(change(link), NOW)


def test_a_link_of_another_hub_is_refused():
    with pytest.raises(Refusal):
        LINKS.check(tail(Links(bytes(32)).path(bytes(16), LINKS.until(NOW))), NOW)


def test_links_made_within_the_same_half_hour_are_the_same_address():
    start = NOW // links.STEP * links.STEP
    assert len({LINKS.path(bytes(16), LINKS.until(start + n * 5 * MINUTE)) for n in range(6)}) == 1


def test_the_secret_is_made_once_and_readable_by_nobody_else(tmp_path):
    first = secret(tmp_path)
    path = tmp_path / links.KEY_FILE
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert secret(tmp_path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (other := tmp_path / "other").mkdir()
    assert secret(other) != first


@pytest.mark.parametrize("content", [b"", b"x" * 31, bytes(32), b"change-me"])
def test_a_secret_that_cannot_be_one_is_refused_with_its_path(tmp_path, content):
    (tmp_path / links.KEY_FILE).write_bytes(content)
    with pytest.raises(ValueError, match=r"media\.key: expected 32 random bytes"):
        secret(tmp_path)
