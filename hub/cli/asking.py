"""Logins, names and passwords: taken from options, or asked for on a terminal, and checked either way.

A password never stands on the command line, where every user of the machine could read it.
"""

import re
import sys

import typer

from hub.cli.speaking import Refused

SHORTEST = 10
"""Characters of a password. Length is what counts; nothing else is asked of it."""
_LOGIN = re.compile(r"[^\s\x00-\x1f\x7f]{1,80}")


def wanted(value: str | None, option: str, question: str) -> str:
    """The option's value, or the answer to `question`. A wrong call where there is nobody to ask."""
    if value is not None:
        return value.strip()
    if not sys.stdin.isatty():
        raise typer.BadParameter("there is no terminal to ask on, so it must be given", param_hint=option)
    answer: str = typer.prompt(question)
    return answer.strip()


def login(value: str | None) -> str:
    """What an operator signs in with."""
    found = wanted(value, "--login", "Login of the operator")
    if not _LOGIN.fullmatch(found):
        raise Refused(f"{found[:90]!r}: expected a login of 1 to 80 characters without spaces")
    return found


def name(value: str | None) -> str:
    """What customers and colleagues see."""
    found = wanted(value, "--name", "Name that customers see")
    if not 1 <= len(found) <= 80 or not found.isprintable():
        raise Refused(f"{found[:90]!r}: expected a name of 1 to 80 characters")
    return found


def password(from_stdin: bool) -> str:
    """A new password: the first line of stdin, or asked for twice on the terminal."""
    from hub.web.sign_in import LONGEST_PASSWORD

    if not from_stdin and not sys.stdin.isatty():
        raise typer.BadParameter(
            "there is no terminal to ask on: give the password on stdin", param_hint="--password-stdin"
        )
    if from_stdin:
        found = sys.stdin.readline().rstrip("\r\n")
    else:
        found = typer.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    if not SHORTEST <= len(found) <= LONGEST_PASSWORD:
        raise Refused(
            f"the password has {len(found)} characters; expected {SHORTEST} to {LONGEST_PASSWORD}, a sentence is good"
        )
    return found


def hashed(secret: str) -> str:
    """What the database keeps of a password. Made here, so that the password itself never leaves this program."""
    from hub.web.sign_in import password_hasher

    return password_hasher().hash(secret)
