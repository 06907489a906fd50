"""Model tests: a case file says what is done to a model and what must then hold, by its own clock."""

from app.engine.casefile.reading import Case, CaseUnreadable, read_case
from app.engine.casefile.running import CaseResult, run_case

__all__ = ["Case", "CaseResult", "CaseUnreadable", "read_case", "run_case"]
