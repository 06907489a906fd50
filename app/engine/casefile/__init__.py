"""Model tests: a case file says what is done to a model and what must then hold, by its own clock."""

from app.engine.casefile.reading import Case, CaseUnreadable, parse_case, read_case
from app.engine.casefile.running import CaseResult, play_case, run_case

__all__ = ["Case", "CaseResult", "CaseUnreadable", "parse_case", "play_case", "read_case", "run_case"]
