"""What each kind of paper says: composed from the case when it is numbered, in the words of an office."""

from app.services.programme.papers import (
    applying,
    correcting,
    deciding,
    defending,
    pledging,
    publicity,
    resulting,
    studios,
)

__all__ = ["applying", "correcting", "deciding", "defending", "pledging", "publicity", "resulting", "studios"]
