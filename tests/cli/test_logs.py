"""The log: one line per event, and no stranger's line break passes for another line."""

import json
import logging
import sys

from hub.cli.logs import Lines, Words


def record(message: str, error: bool = False) -> logging.LogRecord:
    info = None
    if error:
        try:
            raise ValueError("bad")
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord("hub.web", logging.ERROR, __file__, 1, message, (), info)


def test_a_line_break_in_a_message_stays_inside_its_line():
    line = Words().format(record("said: a\n12:00:00 error hub  forged\u2028\x1b[31m"))
    assert "\n" not in line
    assert "\x1b" not in line
    assert "\\x0a" in line


def test_a_collector_gets_one_object_a_line_even_for_a_bug():
    line = Lines().format(record("it broke\nbadly", error=True))
    assert "\n" not in line
    event = json.loads(line)
    assert event["message"] == "it broke\nbadly"
    assert "ValueError: bad" in event["traceback"]
