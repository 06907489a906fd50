"""The shapes that requests and answers of the API share."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.web.tasks.receiving import LATEST

Revision = Annotated[int, Field(ge=0, le=LATEST)]
"""The number of a draft: 0 while nothing has been saved."""

Values = Annotated[dict[str, Any], Field(description="What is filled in, by the form's field keys.")]


class Shape(BaseModel):
    """An answer, made from the services' own records."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """Describe an answer as it is written, not as it is read from a record."""
        return super().model_json_schema(*args, **{**options, "mode": "serialization"})


class Asked(BaseModel):
    """The JSON of a request: exact types, no members that mean nothing."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Query(BaseModel):
    """The words after an address's question mark."""


class IdempotencyHeaders(BaseModel):
    """Headers of a call that may be repeated."""

    idempotency_key: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=200,
            pattern=r"^[!-~]+$",
            description="Any word of your own. The same call under it is carried out once and answered again for two "
            "days; another call under it is refused with `idempotency_key_reused`.",
        ),
    ] = None
