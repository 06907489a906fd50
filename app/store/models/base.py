"""What every table shares: how constraints are named and which column type stands for which annotation."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Date, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase

from app.store.types import JSON_TYPE, UtcDateTime, word

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The mother of all tables; rows carry columns only, no relationships: a query says what it joins."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this very name
        datetime: UtcDateTime(),
        date: Date(),
        str: String(),
        bool: Boolean(),
        bytes: LargeBinary(),
        dict[str, Any]: JSON_TYPE,
        list[Any]: JSON_TYPE,
        StrEnum: word(StrEnum),
    }
