"""Other people's linkers on our people: exact rules, Splink 5 (DuckDB) and recordlinkage's ECM, all without labels.

Splink and recordlinkage come with the extra `bench` and are never imported by the hub. All of them get the values as we fold them, so that
what differs is the linking. Splink is set up as its documentation shows: its ready comparisons, u by sampling, m by expectation
maximisation over three blockings, and candidates about as many as ours.
"""

import logging
import warnings
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any

from hub.identity.matching import Person

Pair = tuple[int, int, float]
"""Two places and the probability that they are one person."""
TEXTS = (
    "given",
    "surname",
    "dob",
    "street",
    "number",
    "line",
    "postcode",
    "city",
    "email",
    "phone",
    "birthplace",
    "occupation",
    "gender",
)


def rows(people: Sequence[Person]) -> list[dict[str, Any]]:
    """Plain columns; None where nothing is known."""
    found = []
    for at, who in enumerate(people):
        given, surname = who.names[0] if who.names else ("", "")
        row: dict[str, Any] = {name: getattr(who, name, "") for name in TEXTS}
        row |= {"unique_id": at, "given": given, "surname": surname}
        row |= {
            "email": who.emails[0].address if who.emails else "",
            "phone": who.phones[0] if who.phones else "",
        }
        row["dob"] = (
            f"{who.dob[:4]}-{who.dob[4:6]}-{who.dob[6:]}"
            if who.dob and "00" not in (who.dob[4:6], who.dob[6:])
            else ""
        )
        found.append({name: None if value == "" else value for name, value in row.items()})
    return found


def exact(people: Sequence[Person]) -> list[Pair]:
    """What a shop does by hand: one address of mail, or one whole name with one birthday, telephone, postcode or town."""
    blocks: dict[tuple[object, ...], list[int]] = {}
    for at, row in enumerate(rows(people)):
        name = (row["given"], row["surname"])
        keys: list[tuple[object, ...]] = [("email", row["email"])] if row["email"] else []
        if all(name):
            keys += [
                (field, row[field], *name) for field in ("dob", "phone", "postcode", "city") if row[field]
            ]
        for key in keys:
            blocks.setdefault(key, []).append(at)
    return [(a, b, 1.0) for members in blocks.values() for a, b in combinations(members, 2)]


def splink(people: Sequence[Person]) -> list[Pair]:
    """Splink 5 on DuckDB."""
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    for name in list(logging.root.manager.loggerDict):
        if name.startswith("splink"):
            logging.getLogger(name).setLevel(logging.ERROR)
    table = pd.DataFrame(rows(people))
    there = [name for name in TEXTS if table[name].notna().sum() > 20]
    ready: dict[str, Callable[[], Any]] = {
        "dob": lambda: cl.DateOfBirthComparison("dob", input_is_string=True),
        "email": lambda: cl.EmailComparison("email"),
        "postcode": lambda: cl.LevenshteinAtThresholds("postcode", 1).configure(
            term_frequency_adjustments=True
        ),
        "number": lambda: cl.ExactMatch("number"),
        "gender": lambda: cl.ExactMatch("gender"),
        "phone": lambda: cl.DamerauLevenshteinAtThresholds("phone", 1),
    }
    comparisons: list[Any] = []
    if {"given", "surname"} <= set(there):
        comparisons.append(cl.ForenameSurnameComparison("given", "surname"))
    for name in there:
        if name in ("given", "surname"):
            continue
        text = lambda name=name: cl.JaroWinklerAtThresholds(name, [0.9]).configure(
            term_frequency_adjustments=True
        )
        comparisons.append(ready.get(name, text)())
    if "given" in there:
        table["given_surname_concat"] = table["given"].fillna("") + " " + table["surname"].fillna("")
    wide = [names for names in WIDE if set(names) <= set(there)]
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=[block_on(*names) for names in wide],
        retain_intermediate_calculation_columns=False,
    )  # fmt: skip
    api = DuckDBAPI()
    linker = Linker(
        api.register(table) if hasattr(api, "register") else table,
        settings,
        **({} if hasattr(api, "register") else {"db_api": api}),
    )
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*names) for names in SURE if set(names) <= set(there)], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for names in TRAINED:
        if set(names) <= set(there):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*names))
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    return [
        (min(a, b), max(a, b), float(p))
        for a, b, p in zip(found.unique_id_l, found.unique_id_r, found.match_probability, strict=True)
    ]


SURE = (("given", "surname", "dob"), ("email",))
TRAINED = (("given", "surname"), ("dob",), ("postcode", "surname"), ("email",))
WIDE = (
    ("given", "surname"), ("dob",), ("email",), ("phone",), ("surname", "postcode"), ("given", "postcode"), ("surname", "city"),
    ("given", "city"), ("street", "number"), ("postcode", "number"), ("surname", "birthplace"), ("surname", "street"), ("given", "street"),
)  # fmt: skip


def ecm(people: Sequence[Person], candidates: Iterable[tuple[int, int]]) -> list[Pair]:
    """recordlinkage's expectation / conditional maximisation, on our candidates."""
    import pandas as pd
    import recordlinkage

    table = pd.DataFrame(rows(people)).set_index("unique_id")
    compare = recordlinkage.Compare()
    for name in TEXTS:
        if table[name].notna().sum() <= 20:
            continue
        if name in ("number", "gender"):
            compare.exact(name, name, label=name)
        else:
            compare.string(name, name, method="jarowinkler", threshold=0.88, label=name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        vectors = compare.compute(pd.MultiIndex.from_tuples(sorted(candidates)), table)
        classifier = recordlinkage.ECMClassifier(binarize=0.5)
        classifier.fit(vectors)
        shares = classifier.prob(vectors)
    return [(a, b, float(p)) for (a, b), p in shares.items()]
