"""What a text asks for: in every language the product speaks, and never where it only mentions the thing."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.conversations.asking import KINDS, asks

CASES = json.loads(Path(__file__).with_name("asking_cases.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "kinds"), CASES, ids=range(len(CASES)))
def test_what_a_text_asks_for(text, kinds):
    assert list(asks(text)) == kinds


@given(st.text(max_size=400))
def test_any_text_can_be_asked_about(text):
    assert set(asks(text)) <= set(KINDS)


@pytest.mark.parametrize("piece", ["order number ", "?", "a", "your name, ", "\n", "ا"], ids=range(6))
def test_no_text_takes_long(piece):
    started = time.process_time()
    asks(piece * 100_000)
    assert time.process_time() - started < 0.2
