"""What Alembic runs for every command: one transaction around everything, batch mode for SQLite's ALTER TABLE."""

from alembic import context
from sqlalchemy import Connection

from hub.migrations import by_hand
from hub.migrations.rendering import render_item
from hub.tables import metadata


def migrate(connection: Connection) -> None:
    """Run the wanted revisions on a connection the caller opened."""
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_as_batch=True,
        render_item=render_item,
        include_name=by_hand.include_name,
        process_revision_directives=by_hand.append,
        compare_type=True,
        transactional_ddl=True,  # Alembic says no for SQLite because of the driver's own commits; ours makes none
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(
                f"the migration would leave {len(broken)} rows that refer to nothing, first {broken[0]}"
            )


migrate(context.config.attributes["connection"])
