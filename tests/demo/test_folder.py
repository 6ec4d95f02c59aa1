"""The demo's folder: kept between runs, begun anew on demand, and never somebody else's."""

import stat

import pytest

from hub.demo.folder import Folder, NotOurs
from hub.demo.personas import Memory


def test_a_second_run_finds_what_the_first_left(tmp_path):
    first = Folder(tmp_path / "demo", fresh=False)
    first.keep_visitors({"mia": Memory(token="t", asked=1)})
    again = Folder(tmp_path / "demo", fresh=False)
    assert (again.key, again.password) == (first.key, first.password)
    assert again.visitors()["mia"].token == "t"


def test_secrets_are_readable_by_their_owner_alone(tmp_path):
    folder = Folder(tmp_path / "demo", fresh=False)
    for name in ("shop.key", "password"):
        assert stat.S_IMODE((folder.path / name).stat().st_mode) == 0o600


def test_fresh_forgets_and_makes_new_secrets(tmp_path):
    first = Folder(tmp_path / "demo", fresh=False)
    (first.path / "data").mkdir()
    (first.path / "data" / "hub.db").write_text("old")
    again = Folder(tmp_path / "demo", fresh=True)
    assert not (again.path / "data").exists()
    assert again.key != first.key


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path, fresh: bool):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotOurs, match="choose another with --data"):
        Folder(tmp_path, fresh=fresh)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_damaged_memories_are_no_reason_to_stop(tmp_path):
    folder = Folder(tmp_path / "demo", fresh=False)
    (folder.path / "visitors.json").write_text("{")
    assert folder.visitors() == {}
