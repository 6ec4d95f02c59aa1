"""The database's tables, one file per stage, declared as SQLModel classes.

They are the one definition of the schema: migrations are made from them (`python -m hub.migrations.make`) and a test
fails when the two differ. Nothing on a hot path builds objects of these classes; stages send plain SQL through
`hub.store`. That is why importing `hub.store` does not import this package: the ORM costs more than a second to load.
"""

import importlib
import pkgutil

from sqlalchemy import MetaData

from hub.tables.base import schema_of


def metadata() -> MetaData:
    """Every table of every stage, as SQLite is to store it; imports all modules of this package.

    Raises TypeError, naming table and column, for a type that a STRICT table cannot hold.
    """
    modules = [info.name for info in pkgutil.iter_modules(__path__, prefix=f"{__name__}.")]
    for module in modules:
        importlib.import_module(module)
    return schema_of(modules)
