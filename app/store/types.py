"""Column types that mean the same on SQLite and PostgreSQL."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, ForeignKey, Integer, String, TypeDecorator
from sqlalchemy.orm import MappedColumn, mapped_column

PUBLIC_ID_LENGTH = 22
KEY = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment: kept in UTC, given back in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; SQLite has no zones, so the zone is left out there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive moment cannot be kept: {value}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def word(kind: type[StrEnum]) -> Enum:
    """Return a text column's type whose CHECK admits the values of ``kind`` only."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


def new_public_id() -> str:
    """Return ``PUBLIC_ID_LENGTH`` url-safe characters nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)


def refers(target: str, *, index: bool = False, cascade: bool = False, **options: Any) -> MappedColumn[Any]:
    """Return a column that points at ``target``'s id; ``cascade`` lets the row go when its target goes."""
    key = ForeignKey(f"{target}.id", ondelete="CASCADE" if cascade else None)
    return mapped_column(key, index=index, **options)


Id = Annotated[int, mapped_column(KEY, primary_key=True)]
PublicId = Annotated[str, mapped_column(String(PUBLIC_ID_LENGTH), unique=True, default=new_public_id)]
Json = dict[str, Any]
JSON_TYPE = JSON(none_as_null=True)
