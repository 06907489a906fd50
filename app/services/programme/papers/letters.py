"""A letter of an office: who writes to whom, what, with which list, signed and dated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.time import SHANGHAI
from app.services.programme.wording import day_text


@dataclass(frozen=True, slots=True)
class Table:
    """A list in a letter: columns with the share of the width each takes, and rows of as many texts."""

    columns: Mapping[str, int]
    rows: Sequence[Sequence[str]]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter. ``more``: single facts by name, for whoever writes a template of their own."""

    issuer: str
    dated: datetime
    addressee: str = ""
    paragraphs: Sequence[str]
    table: Table | None = None
    closing: Sequence[str] = ()
    signatures: Sequence[str] = ()
    more: Mapping[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Return what the layouts print, as JSON values."""
        table = self.table or Table({}, ())
        return {
            **self.more,
            "issuer": self.issuer,
            "addressee": self.addressee,
            "paragraphs": list(self.paragraphs),
            "table_title": table.title,
            "columns": list(table.columns),
            "widths": list(table.columns.values()),
            "rows": [list(row) for row in table.rows],
            "closing": list(self.closing),
            "signatures": list(self.signatures),
            "signed_by": self.issuer,
            "date": day_text(self.dated.astimezone(SHANGHAI).date()),
        }
