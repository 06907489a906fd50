"""Alembic's way in: runs the migrations on the connection that ``app.store.migrating`` hands over."""

from alembic import context

from app.store.migrating import check_references
from app.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
    on_version_apply=check_references,
)

with context.begin_transaction():
    context.run_migrations()
