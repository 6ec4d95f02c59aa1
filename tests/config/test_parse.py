"""hub.toml: every mistake at once, each with its path, what was expected, what came and a hint."""

import re
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from pydantic import Field

import hub
from hub.config import (
    Config,
    ConfigError,
    HubSection,
    IdentitySection,
    PluginsSection,
    SiteSection,
    default_text,
    parse,
    wanted_plugins,
)


class Text(hub.Settings):
    max_length: int = Field(default=4000, ge=1)


class Mail(hub.Settings):
    host: str = Field(description="the mail server")
    password: hub.Secret
    folders: tuple[str, ...] = ()
    pause: float = 1.0


TYPES = {"text": Text, "mail": Mail}


def problems(text: str, **kwargs) -> dict[str, str]:
    """Path → the problem as a sentence."""
    with pytest.raises(ConfigError) as error:
        parse(text, TYPES, strict=True, **kwargs)
    return {problem.path: str(problem) for problem in error.value.problems}


def test_an_empty_file_is_a_whole_configuration():
    config = parse("", {})
    assert config.hub == HubSection()
    assert (config.sites, config.connections) == ({}, ())


def test_all_mistakes_come_together():
    found = problems(
        """
        hubb = 1
        [hub]
        prot = 8
        port = "8400"
        synchronous = "of"
        trusted_proxies = "10.0.0.0/8"
        [sites.Shop]
        [sites.shop]
        name = 3
        zone = "Mars"
        origins = ["https://x.example/", "*"]
        orgins = []
        hours = { mon = ["9-5"], someday = [] }
        [channels.text]
        max_lenght = 3
        [channels.txt]
        [plugins]
        files = [3]
        """
    )
    assert set(found) == {
        "hubb", "hub.prot", "hub.port", "hub.synchronous", "hub.trusted_proxies", "sites.Shop", "sites.shop.name",
        "sites.shop.zone", "sites.shop.origins[1]", "sites.shop.origins[2]", "sites.shop.orgins",
        "sites.shop.hours.mon[1]", "sites.shop.hours.someday", "channels.text.max_lenght", "channels.txt.kind",
        "plugins.files[1]",
    }  # fmt: skip
    assert found["hub.prot"] == 'hub.prot: expected a known setting, got “prot”. Did you mean "port"?'
    assert found["hub.port"] == 'hub.port: expected a whole number, got "8400".'
    assert found["hubb"].endswith('Did you mean "hub"?')
    assert 'Did you mean "text"?' in found["channels.txt.kind"]
    assert 'write "https://x.example"' in found["sites.shop.origins[1]"]


@pytest.mark.parametrize(
    "wrong", ["true", "7", "7.5", '"x"', "[1]", "[[1]]", "{ a = 1 }", "2026-12-25", "inf"]
)
@pytest.mark.parametrize(
    ("section", "model"),
    [
        ("hub", HubSection),
        ("sites.shop", SiteSection),
        ("plugins", PluginsSection),
        ("identity", IdentitySection),
    ],
)
def test_a_wrong_type_anywhere_is_a_problem_with_the_path_of_that_setting(section, model, wrong):
    for name in model.model_fields:
        text = f"[{section}]\n{name} = {wrong}\n" + (
            'name = "Shop"' if model is SiteSection and name != "name" else ""
        )
        try:
            parse(text, TYPES)
        except ConfigError as error:
            assert all(problem.path.startswith(f"{section}.{name}") for problem in error.problems), str(error)


@pytest.mark.parametrize("section", ["hub", "sites", "channels", "plugins"])
@pytest.mark.parametrize("wrong", ["true", "7", '"x"', "[1]", "[{}]"])
def test_a_section_that_is_no_table_is_a_problem(section, wrong):
    assert any(path.startswith(section) for path in problems(f"{section} = {wrong}"))


@pytest.mark.parametrize("section", ["sites", "channels"])
def test_a_named_table_that_is_no_table_is_a_problem(section):
    assert list(problems(f"[{section}]\nshop = 3")) == [f"{section}.shop"]


def test_text_that_is_no_toml_says_where():
    assert "line 2" in problems("[hub]\nport = = 3")[""]


def test_brackets_nested_too_deeply_are_a_problem_not_a_crash():
    assert problems("a = " + "[" * 100_000)


def test_a_missing_setting_says_what_it_is():
    found = problems('[channels.mail]\npassword = "env:P"', environ={"P": "x"})
    assert (
        found["channels.mail.host"]
        == "channels.mail.host: expected the mail server, got nothing. Add this line."
    )


@pytest.mark.parametrize("value", ['"hunter2"', '["hunter2"]', '"env:hunter2"'])
def test_a_secret_in_the_wrong_form_is_not_repeated(value):
    found = problems(f'[channels.mail]\nhost = "h"\npassword = {value}', environ={})
    assert set(found) == {"channels.mail.password"}
    assert "hunter2" not in found["channels.mail.password"] or "env:" in value


def test_a_mistake_in_one_connection_concerns_that_connection():
    config = parse("[channels.text]\n[channels.mail]\nhost = 3\n[channels.fax]", TYPES)
    by_name = {connection.name: connection for connection in config.connections}
    assert by_name["text"].settings == Text()
    assert by_name["mail"].settings is None
    assert {problem.path for problem in by_name["mail"].problems} == {
        "channels.mail.host",
        "channels.mail.password",
    }
    assert [problem.path for problem in by_name["fax"].problems] == ["channels.fax.kind"]


def test_a_connection_may_be_named_apart_from_its_kind_and_rest():
    (connection,) = parse(
        '[channels.chat]\nkind = "text"\nenabled = false\nmax_length = 5', TYPES
    ).connections
    assert (connection.name, connection.kind, connection.enabled) == ("chat", "text", False)
    assert connection.settings == Text(max_length=5)


def test_toml_lists_fill_tuples_and_whole_numbers_fill_numbers():
    text = '[channels.mail]\nhost = "h"\npassword = "env:P"\nfolders = ["a", "b"]\npause = 2'
    (connection,) = parse(text, TYPES, environ={"P": "x"}).connections
    assert isinstance(connection.settings, Mail)
    assert (connection.settings.folders, connection.settings.pause) == (("a", "b"), 2.0)


def test_identity_keys_are_at_most_two_and_long_enough():
    environ = {"A": "a" * 32, "B": "b" * 32, "C": "c" * 32, "SHORT": "x" * 31}
    site = '[sites.shop]\nname = "Shop"\nidentity_keys = '
    (one, two) = parse(f'{site}["env:A", "env:B"]', {}, environ=environ).sites["shop"].identity_keys
    assert (one.reveal(), two.reveal()) == ("a" * 32, "b" * 32)
    assert "sites.shop.identity_keys" in problems(f'{site}["env:A", "env:B", "env:C"]', environ=environ)
    assert (
        "at least 32 bytes"
        in problems(f'{site}["env:SHORT"]', environ=environ)["sites.shop.identity_keys[1]"]
    )


@pytest.mark.parametrize(
    ("origin", "good"),
    [
        ("https://shop.example", True),
        ("http://localhost:8000", True),
        ("http://[::1]:8000", True),
        ("https://xn--mnchen-3ya.example", True),
        ("https://münchen.example", False),
        ("https://shop.example:443", False),
        ("https://Shop.example", False),
        ("https://shop.example/", False),
        ("https://u@shop.example", False),
        ("https://*.example", False),
        ("https://shop.example:99999", False),
        ("null", False),
        ("*", False),
        ("", False),
        ("ftp://shop.example", False),
    ],
)
def test_origins_are_exactly_what_browsers_send(origin, good):
    text = f'[sites.shop]\nname = "Shop"\norigins = ["{origin}"]'
    if good:
        assert parse(text, {}).sites["shop"].origins == [origin]
    else:
        assert list(problems(text)) == ["sites.shop.origins[1]"]


def test_the_data_folder_counts_from_the_file(tmp_path):
    assert parse('[hub]\ndata = "d"', {}, folder=tmp_path).data == tmp_path / "d"
    assert parse('[hub]\ndata = "/srv/hub"', {}, folder=tmp_path).data == Path("/srv/hub")


def test_the_embedded_default_is_valid_and_names_every_setting_with_its_default():
    text = default_text()
    config = parse(text, TYPES, strict=True)
    assert isinstance(config, Config)
    for section, model in (
        ("hub", HubSection),
        ("sites.main", SiteSection),
        ("plugins", PluginsSection),
        ("identity", IdentitySection),
    ):
        part = re.search(rf"^\[{re.escape(section)}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
        assert part is not None
        missing = [
            name for name in model.model_fields if not re.search(rf"^(# )?{name} = ", part[1], re.MULTILINE)
        ]
        assert not missing, f"config/hub.toml lacks {missing} in [{section}]"
    assert config.hub == HubSection()
    assert config.plugins == PluginsSection()
    assert config.sites["main"] == SiteSection(name=config.sites["main"].name)


def test_wanted_plugins_are_read_before_the_rest_can_be_checked():
    wanted = wanted_plugins('[hub]\nport = "x"\n[plugins]\nfiles = ["a.py"]\ndisabled = ["b"]')
    assert (wanted.files, wanted.disabled) == (["a.py"], ["b"])
    assert wanted_plugins("[plugins]\nfiles = 3") == PluginsSection()
    assert wanted_plugins("not toml") == PluginsSection()
    assert wanted_plugins("plugins = 3") == PluginsSection()


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="[]={}\"'.,#\n abhubsites10", max_size=60))
def test_no_text_makes_it_raise_anything_but_its_own_error(text):
    try:
        parse(text, TYPES)
    except ConfigError as error:
        assert error.problems


def test_a_broken_rule_is_told_in_the_words_of_its_setting():
    found = problems(
        """
        [hub]
        port = 70000
        host = ""
        [sites.shop]
        name = "Shop"
        accent = "red"
        region = "england"
        languages = []
        answers = []
        """
    )
    assert found["sites.shop.accent"] == 'sites.shop.accent: expected a colour such as "#2563eb", got "red".'
    assert "a country code" in found["sites.shop.region"]
    assert "language tags, the preferred first: at least 1 in the list" in found["sites.shop.languages"]
    assert found["hub.port"] == "hub.port: expected the port to listen on: at most 65535, got 70000."
    for sentence in found.values():
        assert not re.search("pattern|validation|string should|list should", sentence)


def test_a_section_is_proposed_only_when_it_is_near():
    assert 'Did you mean "channels"?' in problems("[chanels.text]")["chanels"]
    assert "Did you mean" not in problems("[nonsense]")["nonsense"]


def test_the_mailbox_of_a_site_is_one_that_there_is():
    text = '[sites.shop]\nmail = "suport"\n[channels.support]\nkind = "text"\n'
    with pytest.raises(ConfigError, match=r"sites.shop.mail: .*suport” \(line 2\).*support"):
        parse(text, {"text": hub.Settings})


def test_the_mailbox_of_a_site_sends_mail():
    text = '[sites.shop]\nmail = "chat"\n[channels.chat]\nkind = "text"\n'
    kinds = {"text": hub.Settings, "email": hub.Settings}
    none = r"sites.shop.mail: .*“chat”, which sends no e-mail \(line 2\)\. There is none"
    with pytest.raises(ConfigError, match=none):
        parse(text, kinds, mailers={"email"})
    text += '[channels.post]\nkind = "email"\n'
    with pytest.raises(ConfigError, match=r"which sends no e-mail \(line 2\).*post"):
        parse(text, kinds, mailers={"email"})
    assert parse(text.replace('"chat"', '"post"'), kinds, mailers={"email"}).sites["shop"].mail == "post"


def test_a_mailbox_whose_plugin_has_not_loaded_stops_nothing_else():
    text = '[sites.shop]\nmail = "post"\n[channels.post]\nkind = "email"\n'
    assert parse(text, {"text": hub.Settings}, mailers=set()).connections[0].problems
