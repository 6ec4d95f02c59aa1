"""From an empty folder to a hub: init, check, plugins, doctor, operators; and what they say when something is wrong."""

import json
import sqlite3
import stat
import tomllib
from contextlib import closing

import pytest

from tests.cli.conftest import PASSWORD


def test_init_writes_a_commented_configuration_that_is_good(hub, made):
    text = (made / "hub.toml").read_text()
    assert text.count("\n# ") > 20
    assert hub("check").exit_code == 0
    assert stat.S_IMODE((made / "data").stat().st_mode) == 0o700


def test_init_names_the_snippet_and_the_next_command(hub):
    result = hub("init", "shop", "--login", "a", "--name", "A", "--password-stdin", typed=PASSWORD)
    assert '<script async src="http://localhost:8400/widget.js" data-site="main"></script>' in result.output
    assert "hub serve --config shop/hub.toml" in result.output
    assert "origins" in result.output


def test_init_fills_in_the_shop_however_it_is_called(hub, tmp_path):
    name = 'Töpferei "Zum blauen Krug" \\ Söhne'
    result = hub(
        "init", "--shop", name, "--origin", "https://krug.example", "--origin", "https://www.krug.example",
        "--login", "a", "--name", "A", "--password-stdin", typed=PASSWORD,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    site = tomllib.loads((tmp_path / "hub.toml").read_text())["sites"]["main"]
    assert site["origins"] == ["https://krug.example", "https://www.krug.example"]
    # The name is kept where the console can change it: what stands in the file is locked there.
    with closing(sqlite3.connect(tmp_path / "data" / "hub.db")) as database:
        ((kept,),) = database.execute(
            "SELECT value FROM setting_change WHERE site = 'main' AND name = 'name'"
        )
    assert json.loads(kept) == name
    assert "name" not in site


def test_init_refuses_a_name_that_no_site_can_have(hub, tmp_path):
    result = hub(
        "init", "--shop", "x" * 90, "--login", "a", "--name", "A", "--password-stdin", typed=PASSWORD
    )
    assert result.exit_code == 1
    assert "sites.main.name: expected" in result.output
    assert not (tmp_path / "hub.toml").exists()


def test_check_says_which_lines_overrule_what_was_set_in_the_console(hub, tmp_path):
    result = hub("init", "--shop", "Krug", "--login", "a", "--name", "A", "--password-stdin", typed=PASSWORD)
    assert result.exit_code == 0, result.output
    assert "was set in the console" not in hub("check").output
    text = (tmp_path / "hub.toml").read_text().replace('# name = "My shop"', 'name = "Vase"')
    (tmp_path / "hub.toml").write_text(text)
    line = 1 + text.splitlines().index('name = "Vase"')
    said = hub("check").output
    assert (
        f"sites.main.name was set in the console, and hub.toml, line {line}, overrules that"
        in said.replace("\n", " ")
    )


def test_init_never_overwrites(hub, made):
    before = (made / "hub.toml").read_text()
    result = hub("init", "--login", "b", "--name", "B", "--password-stdin", typed=PASSWORD)
    assert result.exit_code == 1
    assert "left as it is" in result.output
    assert (made / "hub.toml").read_text() == before


def test_init_leaves_nothing_half_made(hub, tmp_path):
    result = hub(
        "init", "--origin", "shop.example/", "--login", "b", "--name", "B", "--password-stdin", typed=PASSWORD
    )
    assert result.exit_code == 1
    assert "sites.main.origins[1]" in result.output
    assert not (tmp_path / "hub.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "typed", "code", "said"),
    [
        (["--name", "B", "--password-stdin"], PASSWORD, 2, "--login"),
        (["--login", "b", "--password-stdin"], PASSWORD, 2, "--name"),
        (["--login", "b", "--name", "B"], "", 2, "--password-stdin"),
        (["--login", "b", "--name", "B", "--password-stdin"], "short\n", 1, "has 5 characters"),
        (["--login", "a b", "--name", "B", "--password-stdin"], PASSWORD, 1, "without spaces"),
        (["--login", "b", "--name", "", "--password-stdin"], PASSWORD, 1, "expected a name"),
    ],
)
def test_init_says_what_is_missing_or_wrong(hub, tmp_path, arguments, typed, code, said):
    result = hub("init", *arguments, typed=typed)
    assert (result.exit_code, said in result.output) == (code, True), result.output
    assert not (tmp_path / "hub.toml").exists()


def test_check_names_every_mistake_with_its_place(hub, made):
    (made / "hub.toml").write_text(
        '[hub]\nprot = 80\ndata = 7\n[sites.a]\norigins = ["x"]\n[channels.text]\nmax_lenght = 3\n'
    )
    result = hub("check")
    assert result.exit_code == 1
    for said in (
        "hub.prot",
        'mean "port"',
        "hub.data",
        "sites.a.origins[1]",
        "channels.text.max_lenght",
    ):
        assert said in result.output, said
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_site_whose_mail_would_leave_by_something_that_sends_none_is_a_mistake(hub, made, command):
    (made / "hub.toml").write_text('[sites.shop]\nmail = "text"\n\n[channels.text]\n')
    result = hub(command)
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert "sites.shop.mail: expected the name of a connection that sends e-mail" in said
    assert "“text”, which sends no e-mail (line 2)" in said


DOOR = """
import hub
class DoorSettings(hub.Settings):
    key: str = ""
class Door(hub.Channel):
    kind = "door"
    settings = DoorSettings
    async def knock(self, settings):
        if settings.key != "right":
            raise hub.AuthFailed("the door does not know the key")
        return "the door opens"
@hub.hookimpl
def hub_register_channels(register):
    register(Door)
"""


def test_check_knocks_at_the_other_sides_when_it_is_asked_to(hub, made):
    (made / "door.py").write_text(DOOR)
    text = (made / "hub.toml").read_text().replace("files = []", 'files = ["door.py"]')
    (made / "hub.toml").write_text(
        text + '[channels.one]\nkind = "door"\n[channels.two]\nkind = "door"\nkey = "right"\n'
    )
    assert hub("check").exit_code == 0
    result = hub("check", "--connect")
    assert result.exit_code == 1
    assert "channels.one: the door does not know the key" in result.output
    assert "channels.two: the door opens" in result.output


def test_check_notes_what_is_allowed_and_hardly_meant(hub, made):
    text = (made / "hub.toml").read_text().replace("http://localhost:8400", "http://hub.example")
    (made / "hub.toml").write_text(text)
    result = hub("check")
    assert result.exit_code == 0
    assert "origins is empty" in result.output
    assert "cannot sign in over plain http" in result.output


@pytest.mark.parametrize("command", [["check"], ["serve"], ["plugins"], ["doctor"], ["operator", "list"]])
def test_without_a_configuration_every_command_says_how_to_get_one(hub, command):
    result = hub(*command)
    assert result.exit_code == 1
    assert "hub init" in result.output


def test_a_broken_plugin_is_listed_with_its_reason_and_fails_the_check(hub, made):
    (made / "acme.py").write_text("1 / 0\n")
    text = (made / "hub.toml").read_text().replace("files = []", 'files = ["acme.py"]')
    (made / "hub.toml").write_text(text)
    listed = hub("plugins")
    assert listed.exit_code == 1
    assert "ZeroDivisionError" in listed.output
    assert "text" in listed.output
    checked = hub("check")
    assert checked.exit_code == 1
    assert "acme" in checked.output
    strict = hub("serve", "--strict")
    assert strict.exit_code == 1
    assert "not well" in strict.output


def test_doctor_tells_of_the_ground_the_hub_stands_on(hub, made):
    result = hub("doctor")
    assert result.exit_code == 0, result.output
    for said in ("Python", "SQLite", "disk free", "open files", "clock", "whole", "hub running"):
        assert said in result.output


def test_doctor_fails_when_the_database_is_damaged(hub, made):
    (made / "data" / "hub.db").write_bytes(b"not a database" * 1000)
    result = hub("doctor")
    assert result.exit_code == 1


def test_operators_come_and_go(hub, made):
    added = hub("operator", "add", "bo", "--name", "Bo", "--limit", "2", "--password-stdin", typed=PASSWORD)
    assert added.exit_code == 0, added.output
    assert hub("operator", "add", "bo", "--name", "Bo", "--password-stdin", typed=PASSWORD).exit_code == 1
    assert hub("operator", "deactivate", "bo").exit_code == 0
    listed = hub("operator", "list").output
    assert "deactivated" in listed
    assert "admin" in listed
    assert hub("operator", "activate", "bo").exit_code == 0
    assert "deactivated" not in hub("operator", "list").output
    assert hub("operator", "password", "bo", "--password-stdin", typed="another long password").exit_code == 0
    for verb in (["password", "nobody", "--password-stdin"], ["deactivate", "nobody"]):
        refused = hub("operator", *verb, typed=PASSWORD)
        assert refused.exit_code == 1
        assert "no operator 'nobody'" in refused.output


def test_a_wrong_call_is_told_apart_from_a_problem(hub):
    assert hub("no-such-command").exit_code == 2
    assert hub("serve", "--port", "many").exit_code == 2


def test_the_last_admin_is_put_out_by_force_only(hub, made):
    refused = hub("operator", "deactivate", "ana")
    assert refused.exit_code == 1
    assert "only admin who can sign in" in refused.output
    hub("operator", "add", "bo", "--name", "Bo", "--password-stdin", typed=PASSWORD)
    assert hub("operator", "deactivate", "bo").exit_code == 0
    assert hub("operator", "deactivate", "ana", "--force").exit_code == 0
    assert hub("operator", "activate", "ana").exit_code == 0
    hub("operator", "add", "cy", "--name", "Cy", "--admin", "--password-stdin", typed=PASSWORD)
    assert hub("operator", "deactivate", "ana").exit_code == 0


def test_doctor_fails_for_a_database_that_serve_would_refuse(hub, made):
    with closing(sqlite3.connect(made / "data" / "hub.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    result = hub("doctor")
    assert result.exit_code == 1
    assert "9999_from_the_future" in result.output
    assert "whole" not in result.output


@pytest.mark.parametrize(
    ("command", "said"),
    [(["serve"], "[hub] host"), (["serve"], "[hub] port"), (["operator", "add"], "[hub]")],
)
def test_the_help_names_the_section_of_a_setting(hub, command, said):
    assert said in " ".join(hub(*command, "--help").output.replace("│", " ").split())


@pytest.mark.parametrize("command", ["check", "plugins"])
def test_a_broken_plugin_takes_one_line_and_more_only_when_asked(hub, made, command):
    (made / "acme.py").write_text("raise ValueError('first ' + 'and so on ' * 40)\n")
    text = (made / "hub.toml").read_text().replace("files = []", 'files = ["acme.py"]')
    (made / "hub.toml").write_text(text)
    brief = hub(command).output
    (line,) = [line for line in brief.splitlines() if "ValueError" in line]
    assert len(line) < 250
    assert "--verbose" in line
    full = hub(command, "--verbose").output
    assert "Traceback" in full
    assert "and so on " * 39 in full


def test_a_backup_is_made_and_gone_back_to(hub, made):
    made_one = hub("backup")
    assert made_one.exit_code == 0, made_one.output
    assert "read back whole" in made_one.output
    (taken,) = (made / "backups").iterdir()
    hub("operator", "add", "ben", "--name", "Ben", "--password-stdin", typed=PASSWORD)
    assert "ben" in hub("operator", "list").output
    back = hub("restore", str(taken.relative_to(made)))
    assert back.exit_code == 0, back.output
    assert "ben" not in hub("operator", "list").output
    assert hub("doctor").exit_code == 0
