"""The contract's version, and whether a plugin written for one version can live with another.

Minor versions add; a major version may remove, after two minor versions of warning. A plugin may say which
version it was written for, `hub_contract = "1.0"` at module level, and then runs on 1.0, 1.1, …, never on 2.0.
"""

from __future__ import annotations

import re

CONTRACT_VERSION = "1.1"

REMOVED: dict[str, str] = {}
"""Names that have left the contract → what to use instead. Names stay here for good."""


def mismatch(wanted: object, offered: str = CONTRACT_VERSION) -> str | None:
    """Why a plugin that declares `wanted` cannot run on `offered`, as a sentence; None when it can."""
    if not isinstance(wanted, str) or not re.fullmatch(r"[0-9]{1,4}\.[0-9]{1,4}", wanted):
        return f'hub_contract must be a version such as "{offered}", got {wanted!r}'
    major, minor = (int(part) for part in wanted.split("."))
    our_major, our_minor = (int(part) for part in offered.split("."))
    if major != our_major:
        return f"it is written for contract {wanted}, this hub offers {offered}: get a release of it for {our_major}.x"
    if minor > our_minor:
        return f"it needs contract {wanted}, this hub offers {offered}: upgrade the hub"
    return None
