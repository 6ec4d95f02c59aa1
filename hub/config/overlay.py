"""What the console may set of a site, and how that meets hub.toml: the file over the console over the default.

A setting that stands in hub.toml is the file's: whoever wrote it there wants it kept with the rest of the machine's configuration,
and a click must not overrule it. What the file leaves out may be set in the console. Who may load the widget, how tokens are signed
and whether consent is asked are never the console's: a stolen session must not be able to open the site to strangers.
"""

from collections.abc import Mapping
from typing import Any

from hub.config.parse import checked
from hub.config.problems import ConfigError, join
from hub.config.sections import SiteSection

CONSOLE = (
    "name",
    "accent",
    "greeting",
    "languages",
    "zone",
    "hours",
    "exceptions",
    "answers",
    "lingering",
    "target_seconds",
    "alarm_seconds",
    "rating",
    "region",
)
"""Settings of a site that the console may set where the file leaves them out."""


def of_file(site: SiteSection) -> frozenset[str]:
    """The settings that the file gives this site."""
    return frozenset(site.model_fields_set)


def overlay(key: str, site: SiteSection, kept: Mapping[str, Any]) -> SiteSection:
    """The site as it works: `site` as the file has it, with what the console keeps (JSON values by name) of the rest.

    Raises ConfigError with every problem, in the words of hub.toml.
    """
    wanted = {name: value for name, value in kept.items() if name in CONSOLE and name not in of_file(site)}
    found, problems = checked(wanted, SiteSection, "sites", key)
    if found is None:
        raise ConfigError(problems)
    return site.model_copy(update={name: getattr(found, name) for name in wanted})


def overlay_known(key: str, site: SiteSection, kept: Mapping[str, Any]) -> tuple[SiteSection, list[str]]:
    """As `overlay`, leaving out what is not valid any longer; returns what was left out, in words.

    A value that was good when it was kept may be wrong for a later version, and must not keep the hub from starting.
    """
    try:
        return overlay(key, site, kept), []
    except ConfigError as error:
        paths = [problem.path for problem in error.problems]
        wrong = {name for name in kept for path in paths if _within(path, join("sites", key, name))}
        rest = {name: value for name, value in kept.items() if name not in wrong}
        return overlay(key, site, rest), [str(problem) for problem in error.problems]


def _within(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}.", f"{place}["))


def plain(site: SiteSection, name: str) -> Any:
    """A setting's value as JSON has it; secrets as `***`."""
    return site.model_dump(mode="json", include={name})[name]
