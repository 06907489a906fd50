"""A running case in a newer release of its model: looked at first, then carried over whole or not at all.

A state holds no future, only places and what they still need: so what is carried over is where the tokens stand. Ids,
data, due times, drafts and counted instances stay as they are; what follows is read from the new model.
"""

from app.engine.moving.crossing import CannotMove, Crossing, MovePlan
from app.engine.moving.outlook import Release

__all__ = ["CannotMove", "Crossing", "MovePlan", "Release"]
