"""A whole population: candidates, learning without labels, files in and out."""

import csv
import os
import random
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.identity.matching import link, person
from hub.identity.matching.blocking import keys, pairs
from hub.identity.matching.clustering import clusters
from hub.identity.matching.person import Person, day, email, fold, phone, split_name, words
from hub.identity.matching.reading import NoPeople, read

SURNAMES = sorted(
    words(
        "Berg Kuhn Stein Vogel Winter Roth Adler Busch Haas Frank Lenz Horn Kraft Moser Nagel Pohl Reuter Sommer Thiel Wolf"
    )
)
GIVEN = sorted(
    words(
        "Anna Jonas Lena Paul Marie Felix Clara Emil Greta Oskar Ida Anton Nora Hugo Ella Bruno Frieda Karl Lotte Otto"
    )
)


def town(households: int, seed: int = 1) -> tuple[list[Person], list[int]]:
    """Couples at one address with one telephone, two records each, now and then with a slip; and who is who."""
    dice, people, truth = random.Random(seed), [], []
    for n in range(households):
        surname, street, number = (
            dice.choice(SURNAMES),
            f"{dice.choice(SURNAMES)}weg",
            str(dice.randint(1, 90)),
        )
        telephone = f"0711{dice.randint(1000000, 9999999)}"
        for m, given_name in enumerate(dice.sample(GIVEN, 2)):
            born = f"{dice.randint(1940, 2000)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            for _ in range(2):
                slip = given_name[:-1] + "x" if dice.random() < 0.1 else given_name
                said = {
                    "name": [f"{slip} {surname}"],
                    "street": [street],
                    "number": [number],
                    "phone": [telephone],
                }
                if dice.random() < 0.97:
                    said["dob"] = [born]
                people.append(person(str(len(people)), said))
                truth.append(2 * n + m)
    return people, truth


def test_couples_are_told_apart_without_a_label():
    people, truth = town(250)
    labels = link(people).labels
    together = {(a, b) for b in range(len(people)) for a in range(b) if labels[a] == labels[b]}
    right = {(a, b) for a, b in together if truth[a] == truth[b]}
    assert len(right) >= 0.97 * len(together)
    assert len(right) >= 0.85 * len(people) / 2


def test_a_crowd_behind_one_key_is_left_out():
    crowd = [
        person(str(n), {"phone": ["0711234567"], "name": [f"{GIVEN[n % 20]}{'abcdefgh'[n // 20]} X{n}"]})
        for n in range(100)
    ]
    assert len(pairs(crowd, keys)) < 200


def test_one_slip_in_an_address_still_shares_a_key():
    one = person("a", {"email": ["katharina.berg@gmx.de"]})
    for slip in ("katharina.brg@gmx.de", "katharinna.berg@gmx.de", "katharima.berg@web.de"):
        assert keys(one) & keys(person("b", {"email": [slip]})), slip


def test_a_single_person_and_nobody_link():
    assert link([]).labels == ()
    assert link([person("a", {"name": ["Anna Berg"]})]).labels == (0,)


def test_clusters_are_what_pairs_connect():
    assert clusters(5, [(3, 4), (0, 3)]) == [0, 1, 2, 0, 0]


@pytest.mark.parametrize(
    ("raw", "folded"),
    [("1971-06-24", "19710624"), ("19710624", "19710624"), ("24.06.1971", "19710624"), ("06/24/1971", "19710624"),
     ("1971", "19710000"), ("1971-06-24T00:00:00Z", "19710624"), ("yesterday", ""), ("", "")],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(raw, folded):
    assert day(raw) == folded


def test_values_are_folded_once():
    assert fold("  Straße-Ñandú ") == "strasse nandu"
    assert phone("+49 (0) 711/234567-8") == phone("0711 2345678") == "112345678"
    assert split_name("Dr. Berg, Anna") == split_name("Anna Berg") == ("anna", "berg")
    assert email("A.B+x@GoogleMail.com").address == "ab@gmail.com"
    assert email("nobody") is None


# --- files


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_files_of_any_header_are_scored(tmp_path):
    file, out = tmp_path / "kunden.csv", tmp_path / "out" / "pairs.csv"
    out.parent.mkdir()
    file.write_text(
        "Vorname; Nachname; E-Mail; Geburtsdatum; Truth\n"
        "Anna; Berg; anna.berg@gmx.de; 14.03.1980; 1\nAna; Berg; anna.berg@gmx.de; 1980-03-14; 1\nOtto; Wolf; ; 01.02.1950; 2\n",
        encoding="utf-8",
    )
    answer = CliRunner().invoke(app, ["identity", "score", str(file), "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    assert "Left aside: Truth." in answer.output
    first = rows(out)[0]
    assert (first["id_a"], first["id_b"]) == ("1", "2")
    assert float(first["probability"]) > 0.95
    assert rows(tmp_path / "out" / "pairs.clusters.csv") == [
        {"id": "1", "cluster": "1"}, {"id": "2", "cluster": "1"}, {"id": "3", "cluster": "3"},
    ]  # fmt: skip


def test_two_files_are_one_population(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("id,name,dob\n1,Anna Berg,1980-03-14\n")
    assert [who.key for who in read([tmp_path / "a.csv", tmp_path / "b.csv"]).people] == ["a:1", "b:1"]


def test_a_column_that_names_people_is_no_record_id(tmp_path):
    (tmp_path / "a.csv").write_text("id,rec_id,name\n7,r1,Anna Berg\n7,r2,Anna Berg\n")
    assert [who.key for who in read([tmp_path / "a.csv"]).people] == ["r1", "r2"]


COUPLE = [
    ["Jürgen", "Groß", "j@shop.org", "030 1234567"],
    ["Юрий", "Иванов", "y@shop.org", ""],
    ["Jürgen", "Groß", "j@shop.org", ""],
]


@pytest.mark.parametrize(
    ("header", "delimiter", "coding", "before"),
    [
        ("Vorname ,NACHNAME,E-Mail-Adresse,Telefonnummer (mobil)", ";", "utf-8-sig", ""),
        ("FirstName,LastName,EmailAddress,PhoneNumber", "\t", "utf-16", ""),
        ("given_name_1,sur-name,E-Mail 1,tel.", "|", "utf-8", ""),
        ("prénom,Nom de famille,Courriel,Telephone", ",", "utf-8", "sep=,\n"),
    ],
)
def test_odd_headers_codings_and_commas_are_read(tmp_path, header, delimiter, coding, before):
    lines = [header.split(","), *COUPLE]
    text = before + "".join(delimiter.join(line) + "\r\n" for line in lines)
    (tmp_path / "a.csv").write_bytes(text.encode(coding))
    found = read([tmp_path / "a.csv"])
    assert list(found.columns.values()) == ["given", "surname", "email", "phone"]
    assert found.people[0].names == (("jurgen", "gross"),) and found.people[0].phones
    assert found.people[0].emails == found.people[2].emails != found.people[1].emails
    assert link(found.people).labels == (0, 1, 0), "three records are enough to see it"


def test_what_windows_wrote_is_read(tmp_path):
    (tmp_path / "a.csv").write_bytes("Vorname;Nachname\nJürgen;Groß\n".encode("cp1252"))
    assert read([tmp_path / "a.csv"]).people[0].names == (("jurgen", "gross"),)


def test_two_columns_of_one_name_are_both_read_and_ragged_lines_are_records(tmp_path):
    (tmp_path / "a.csv").write_text(
        "name,email,email\nAnn Berg,,a@b.org\nAnn Berg,a@b.org\n,,\nAnn,a@b.org,,more\n"
    )
    people = read([tmp_path / "a.csv"]).people
    assert [who.key for who in people] == ["1", "2", "3", "4"]
    assert len(people[0].emails) == len(people[1].emails) == 1


def test_an_absurd_cell_is_read_and_more_than_that_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text(f"name,email\nAnn Berg,{'x' * 200_000}\nAnn Berg,a@b.org\n")
    assert len(link(read([tmp_path / "a.csv"]).people).labels) == 2
    monkeypatch.setattr("hub.identity.matching.reading.LONGEST_CELL", 1000)
    answer = CliRunner().invoke(
        app, ["identity", "score", str(tmp_path / "a.csv"), "--out", str(tmp_path / "o.csv")]
    )
    assert (answer.exit_code, "line 2: expected cells" in answer.output) == (1, True)


@pytest.mark.parametrize("out", ["none/pairs.csv", "."])
def test_where_pairs_cannot_be_written_is_said(tmp_path, out):
    (tmp_path / "a.csv").write_text("name\nAnn Berg\n")
    answer = CliRunner().invoke(
        app, ["identity", "score", str(tmp_path / "a.csv"), "--out", str(tmp_path / out)]
    )
    assert (answer.exit_code, "folder" in answer.output) == (1, True)


def test_the_same_file_twice_gives_the_same_bytes_whatever_the_seed_of_hashes(tmp_path):
    people, _ = town(40, seed=5)
    rows = "".join(f"{who.key},{' '.join(who.names[0])},{who.phones[0]}\n" for who in people)
    (tmp_path / "a.csv").write_text("id,name,phone\n" + rows)
    for seed in "12":
        command = "from hub.cli import app; app()"
        arguments = ["identity", "score", "a.csv", "--out", f"{seed}.csv"]
        subprocess.run([sys.executable, "-c", command, *arguments], cwd=tmp_path, check=True, capture_output=True,
                       env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    for ending in (".csv", ".clusters.csv"):
        assert (tmp_path / f"1{ending}").read_bytes() == (tmp_path / f"2{ending}").read_bytes()


def test_a_file_without_people_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "a.csv").write_text("colour,price\nred,1\n")
    with pytest.raises(NoPeople, match="expected a header"):
        read([tmp_path / "a.csv"])
    answer = CliRunner().invoke(app, ["identity", "score", str(tmp_path / "none.csv")])
    assert answer.exit_code == 1
    assert "there is no such file" in answer.output
