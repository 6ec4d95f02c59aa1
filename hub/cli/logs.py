"""The log of a serving hub: one line per event on stderr, for people or, with --log-json, for collectors.

Control characters in messages are escaped: part of what is logged was written by strangers, and a line break in it must not
pass for another line.
"""

import logging
import re
import sys
from datetime import UTC, datetime

import msgspec

from hub.registry.health import traceback_of

QUIET = ("alembic", "apscheduler", "asyncio", "httpcore", "httpx", "uvicorn", "uvicorn.error", "websockets")
"""Libraries whose ordinary progress is not ours to report."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def begin(level: str, *, json: bool) -> None:
    """Send the log of this program to stderr, from `level` up."""
    target = logging.StreamHandler(sys.stderr)
    target.addFilter(in_words)
    target.setFormatter(Lines() if json else Words())
    root = logging.getLogger()
    root.handlers[:] = [target]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def in_words(record: logging.LogRecord) -> bool:
    """Put a record into words before it is written.

    What is logged may be a plugin's object, whose `__str__` may raise or sleep for a minute. A handler's filters run before its lock is
    taken, on the thread of whoever logs, so that nobody else waits for it.
    """
    try:
        record.msg, record.args = record.getMessage(), ()
    except BaseException as error:
        record.msg, record.args = f"a record that cannot be written: {type(error).__name__}", ()
    if record.exc_info and record.exc_info[1] is not None and not record.exc_text:
        record.exc_text = traceback_of(record.exc_info[1]).rstrip()
    return True


class Words(logging.Formatter):
    """`12:00:01 info  hub.web  sentence`, and for a bug its traceback, indented below."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        line = f"{at} {record.levelname.lower():7} {record.name}  {_escaped(record.getMessage())}"
        if told := record.exc_text or (self.formatException(record.exc_info) if record.exc_info else ""):
            line += "\n    " + told.replace("\n", "\n    ")
        return line


class Lines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and for a bug its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if told := record.exc_text or (self.formatException(record.exc_info) if record.exc_info else ""):
            event["traceback"] = told
        return msgspec.json.encode(event).decode()


def _escaped(message: str) -> str:
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", message)
