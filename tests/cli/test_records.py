"""`hub identity replay` and `rebuild`: from a file to links, and a hub's own records anew."""

import csv
import gzip
import json

import pytest

FILE = [
    {"id": "t1", "at": "2025-09-01T10:00:00+00:00", "source": "web", "channel": "page", "region": "DE",
     "claims": [["device", "d1", "observed"], ["session", "s1", "observed"]], "name": None, "attrs": {}, "truth": "A"},
    {"id": "t2", "at": "2025-09-01T10:01:00+00:00", "received": "2025-09-03T10:01:00+00:00", "source": "account", "channel": "login",
     "claims": [["device", "d1", "observed"], ["account", "U", "verified"]], "name": "Ann Berg", "truth": "A"},
    {"id": "t3", "at": "2025-09-02T09:00:00+00:00", "source": "crm", "channel": "crm",
     "claims": [["ext", "crm:7", "observed"], ["email", "ANN@shop.org", "asserted"]], "attrs": {"city": "Ulm"}, "truth": "B"},
    {"id": "t4", "at": "2025-09-02T10:00:00+00:00", "source": "form", "claims": [["email", "ann@shop.org", "asserted"]], "truth": "B"},
]  # fmt: skip


def written(path):
    with path.open() as file:
        return list(csv.reader(file))


def replayed(hub, tmp_path, lines, name="file.jsonl"):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    return hub("identity", "replay", str(path), "--out", str(tmp_path / "links.csv"))


def test_a_file_becomes_links_in_any_order_and_compressed_or_not(hub, tmp_path):
    result = replayed(hub, tmp_path, FILE)
    assert result.exit_code == 0, result.output
    rows = written(tmp_path / "links.csv")
    assert rows[0] == ["touch_id", "customer_id"]
    links = dict(rows[1:])
    assert links["t1"] == links["t2"] != links["t3"] == links["t4"]
    assert "4 touchpoints are 2 customers" in result.output
    assert "precision 1.0000, recall 1.0000" in result.output
    assert replayed(hub, tmp_path, FILE[::-1], "again.jsonl.gz").exit_code == 0
    assert dict(written(tmp_path / "links.csv")[1:]) == links


def test_a_line_that_is_no_touchpoint_is_named(hub, tmp_path):
    result = replayed(hub, tmp_path, [FILE[0], {"id": "t5"}])
    assert result.exit_code == 1
    assert "line 2: expected a touchpoint" in result.output


def line(id_, *claims, **more):
    return {"id": id_, "at": "2025-09-01T10:00:00Z", "claims": list(claims), **more}


def test_a_strangers_file_is_read_in_good_faith(hub, tmp_path):
    lines = [
        line(1, ["Account", 42, "Verified"], ["device", None, "observed"], source=None, channel=None, region="germany"),
        line(2, ["account", "42", "VERIFIED"], ["ext", "My CRM:7", "observed"], at=1756720800),
        {"id": "nobody", "at": "2025-09-01T10:00:00", "received": "2025-09-01T10:00:00", "claims": None, "attrs": None},
        line("李明", ["email", "李明@例子.中国", "asserted"], name="李明", attrs={"tags": ["a", "b"], "vip": True, "": "x", "note": "z" * 9000}),
        line("late", ["ext:my-crm", "7", "observed"], at="2038-01-19T03:14:08Z"),
    ]  # fmt: skip
    result = replayed(hub, tmp_path, lines)
    assert result.exit_code == 0, result.output
    links = dict(written(tmp_path / "links.csv")[1:])
    assert set(links) == {"1", "2", "nobody", "李明", "late"}
    assert links["1"] == links["2"] == links["late"] and len(set(links.values())) == 3


def test_what_is_left_aside_of_a_file_is_told(hub, tmp_path):
    lines = [
        line("a", ["shoe", "44", "observed"], ["email", "a@shop.org", "asserted"]),
        line("a", ["email", "b@shop.org", "asserted"]),
        line("i" * 5000, ["email", "a@shop.org", "asserted"]),
    ]
    result = replayed(hub, tmp_path, lines)
    assert "1 touchpoints are 1 customers" in result.output
    assert "1 claims or values were left aside, the first: a: claims[0]: unknown kind" in result.output
    assert "1 lines bear the id of another line" in result.output
    assert "1 were refused, the first: iii" in result.output and len(result.output) < 2000


def test_the_same_file_twice_gives_the_same_bytes(hub, tmp_path):
    lines = [
        line(f"t{n}", ["device", f"d{n % 40}", "observed"], ["email", f"m{n % 29}@shop.org", "asserted"], name=f"{'ABC'[n % 3]}nna Berg")
        for n in range(300)
    ]  # fmt: skip
    assert replayed(hub, tmp_path, lines).exit_code == 0
    once = (tmp_path / "links.csv").read_bytes()
    assert replayed(hub, tmp_path, lines).exit_code == 0
    assert (tmp_path / "links.csv").read_bytes() == once


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (json.dumps(line("a", ["email", "a@b.org", "seen"])).encode(), "level is 'seen'; expected verified, observed"),
        (json.dumps(line("a", ["email", "a@b.org"])).encode(), "line 1: expected a touchpoint"),
        (b"[]\n", "line 1: expected a touchpoint"),
        (b'{"id": "a", "at": "2025-09-01T10:00:00Z", "attrs": {"x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}}", "line 1: expected a touchpoint: it is nested"),
        (b"\xff\xfe\x00", "line 1: expected a touchpoint"),
        (gzip.compress(b"{}" * 5000, mtime=0)[:30], "damaged or cut off"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_sentence(hub, tmp_path, content, sentence):
    (tmp_path / "bad.jsonl").write_bytes(content)
    result = hub("identity", "replay", str(tmp_path / "bad.jsonl"), "--out", str(tmp_path / "links.csv"))
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert sentence in result.output


def test_a_mark_at_the_beginning_and_a_wrong_ending_are_no_matter(hub, tmp_path):
    text = b"\xef\xbb\xbf" + json.dumps(FILE[0]).encode()
    for name, content in (("plain.gz", text), ("packed.jsonl", gzip.compress(text))):
        (tmp_path / name).write_bytes(content)
        result = hub("identity", "replay", str(tmp_path / name), "--out", str(tmp_path / "links.csv"))
        assert "1 touchpoints are 1 customers" in result.output


def test_where_nothing_can_be_written_is_said_before_the_work(hub, tmp_path):
    (tmp_path / "file.jsonl").touch()
    for out, why in ((tmp_path / "none" / "links.csv", "there is no folder"), (tmp_path, "is a folder")):
        result = hub("identity", "replay", str(tmp_path / "file.jsonl"), "--out", str(out))
        assert result.exit_code == 1
        assert why in result.output


def test_what_is_to_be_read_is_never_written_over(hub, tmp_path):
    for verb, name, text in (
        ("replay", "told.jsonl", json.dumps(FILE[0])),
        ("score", "people.csv", "id,name\n1,Ann Berg\n"),
    ):
        file = tmp_path / name
        file.write_text(text)
        result = hub("identity", verb, str(file), "--out", str(tmp_path / "." / name))
        assert (result.exit_code, "is the file to read" in result.output) == (1, True), result.output
        assert file.read_text() == text


def test_figures_count_what_is_told_twice_once(hub, tmp_path):
    lines = [line(n, ["email", f"{n}@shop.org", "asserted"], truth="A") for n in "abc"]
    assert "recall 0.0000" in replayed(hub, tmp_path, [*lines, lines[0]]).output


def test_a_file_that_is_not_there_and_a_database_that_is_are_refused(hub, tmp_path):
    assert "there is no such file" in hub("identity", "replay", "nothing.jsonl").output
    (tmp_path / "kept.db").touch()
    (tmp_path / "file.jsonl").touch()
    result = hub("identity", "replay", "file.jsonl", "--database", "kept.db")
    assert result.exit_code == 1
    assert "begins with a fresh database" in result.output


def test_a_hubs_records_are_computed_anew_and_compared(hub, made):
    assert "0 touchpoints are all where the rule puts them." in hub("identity", "rebuild", "--verify").output
    result = hub("identity", "rebuild")
    assert result.exit_code == 0, result.output
    assert "nobody moved" in result.output


def test_other_limits_are_tried_before_they_are_switched_on(hub, made):
    assert "--limits email=8" in hub("identity", "rules").output
    tried = hub("identity", "rules", "--limits", "email=3", "--others", "phone=2")
    assert tried.exit_code == 0, tried.output
    assert "0 customers would be 0." in tried.output
    assert "Nothing has changed." in tried.output
    assert "--limits email=8" in hub("identity", "rules").output
    assert "Switched on." in hub("identity", "rules", "--limits", "email=3", "--apply").output
    assert "--limits email=3" in hub("identity", "rules").output
    assert "Switched on." in hub("identity", "rules", "--reset", "--apply").output
    assert "--limits email=8" in hub("identity", "rules").output


def test_a_limit_of_nothing_known_is_refused(hub, made):
    for wrong in ("email", "email=0", "email=many", "Shoe Size=3"):
        result = hub("identity", "rules", "--limits", wrong)
        assert result.exit_code == 1, wrong
        assert wrong.partition("=")[0] in result.output
