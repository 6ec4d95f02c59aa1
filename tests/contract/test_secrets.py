"""Secrets come from references and show nowhere."""

import json

import pytest
from pydantic import ValidationError

import hub


class Keyed(hub.Settings):
    key: hub.Secret


def read(text: str, **context) -> Keyed:
    return Keyed.model_validate_json(json.dumps({"key": text}), context=context)


def test_a_secret_from_the_environment():
    assert read("env:KEY", environ={"KEY": "hunter2"}).key.reveal() == "hunter2"


def test_a_secret_from_a_file_loses_one_line_break(tmp_path):
    (tmp_path / "a.key").write_text("hunter2 \n")
    assert read("file:a.key", folder=tmp_path).key.reveal() == "hunter2 "


def test_a_secret_shows_in_no_repr_dump_or_format():
    keyed = read("env:KEY", environ={"KEY": "hunter2"})
    shown = f"{keyed} {keyed!r} {keyed.key} {keyed.model_dump()} {keyed.model_dump_json()} {vars(keyed)}"
    assert "hunter2" not in shown


@pytest.mark.parametrize("text", ["hunter2", "", "env:", "env:NONE", "env:EMPTY", "file:none", "file:."])
def test_what_is_no_reference_or_leads_nowhere_is_refused_without_being_shown(text, tmp_path):
    with pytest.raises(ValidationError) as refused:
        read(text, environ={"EMPTY": "  "}, folder=tmp_path)
    messages = [error["msg"] for error in refused.value.errors(include_input=False)]
    assert not any("hunter2" in message for message in messages)


@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_an_empty_secret_cannot_exist(value):
    with pytest.raises(ValueError, match="cannot be empty"):
        hub.Secret(value)


def test_secrets_compare_by_value_and_only_with_secrets():
    assert hub.Secret("a") == hub.Secret("a")
    assert hub.Secret("a") != hub.Secret("b")
    assert hub.Secret("a") != "a"
    assert len({hub.Secret("a"), hub.Secret("a")}) == 1
