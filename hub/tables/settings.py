"""What admins set in the console, as the history of its changes: the last one of a setting is what counts."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class SettingChange(SQLModel, table=True):
    """One setting of one site was given a value, or given back to the default. Rows of one `change` were made together."""

    __tablename__ = "setting_change"
    __table_args__ = (
        Index("setting_change_by_name", "site", "name", "n"),
        Index("setting_change_by_change", "change"),
    )

    n: int = Field(primary_key=True)
    change: bytes
    site: str
    name: str
    value: str | None = None
    """JSON; NULL: not set here any longer."""
    before: str | None = None
    """What it was until then."""
    at: int
    author: bytes


class RulesChange(SQLModel, table=True):
    """The settings by which people are told apart, from a moment on; the last row is what counts where there is any."""

    __tablename__ = "rules_change"

    n: int = Field(primary_key=True)
    id: bytes
    rules: str
    """JSON, whole."""
    before: str
    """What they were until then, likewise."""
    at: int
    author: str
    """An operator's id in hex, or a word where nobody was signed in."""
