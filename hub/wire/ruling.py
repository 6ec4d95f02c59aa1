"""What the console's page about telling people apart reads and writes, over plain HTTP, for admins.

Three sorts of numbers, by kind of identifier: `limits`, how many values one customer may hold; `others`, an identifier whose own
touchpoints name more other personal ones than so many is shared; `crowds`, so is one that rivals name and more claim than so many.
"""

from typing import Literal

from hub.wire.common import Count, Id, Level, Part

Name = Literal["limits", "others", "crowds"]


class RuleNumber(Part):
    """One of the numbers in force, and the one the hub ships with (null: with none)."""

    name: Name
    kind: str
    value: Count
    default: Count | None = None


class RulesChange(Part):
    """Numbers that were changed together: name, kind, before, after; null where there was or is none."""

    id: Id
    at: int
    by: str
    numbers: list[tuple[Name, str, Count | None, Count | None]]
    may_undo: bool = False


class RulesPerson(Part):
    """A customer of today."""

    id: Id
    name: str
    level: Level


class RulesApart(Part):
    """A customer who would be several; so many touchpoints each would have, the most first, and how many more there would be."""

    who: RulesPerson
    touches: list[Count]
    more: Count = 0


class RulesTogether(Part):
    """Customers who would be one; `more` of them are not listed."""

    who: list[RulesPerson]
    more: Count = 0


class RulesTrial(Part):
    """What other numbers would make of everything there is. Until `state` is done, `share` says how far it has been counted.

    `numbers`: what was asked. `moved`: touchpoints that would belong to another customer. `split`, `joined`: how many customers would
    be several, and of how many several would be made one; with a few of them.
    """

    numbers: dict[str, dict[str, Count | None]]
    state: Literal["counting", "done", "failed"]
    since: int
    share: float = 0.0
    customers: Count = 0
    would_be: Count = 0
    moved: Count = 0
    split: Count = 0
    joined: Count = 0
    apart: list[RulesApart] = []
    together: list[RulesTogether] = []


class RulesPage(Part):
    """`GET /api/identity/rules`; every write answers with it as well. `renewing`: what is there is being read anew by these numbers.
    `n`: number of the last change, which a change is based on."""

    numbers: list[RuleNumber]
    changes: list[RulesChange] = []
    trial: RulesTrial | None = None
    renewing: bool = False
    n: Count = 0


class TryRules(Part):
    """`POST /api/identity/rules/try`: by name and kind; null is the number the hub ships with. Begins counting, and answers at once."""

    numbers: dict[str, dict[str, int | None]]


class KeepRules(Part):
    """`POST /api/identity/rules`. `seen` is the page's `n`."""

    numbers: dict[str, dict[str, int | None]]
    seen: Count


class UndoRules(Part):
    """`POST /api/identity/rules/undo`: of the last change."""

    change: Id
