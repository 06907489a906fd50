"""The only language inside models, given to the library in place of its Python."""

from collections.abc import Mapping
from typing import Any, Final

from app.engine import feel
from app.engine.errors import EngineIncident
from app.engine.library import PythonScriptEngine, ScriptEnvironment


class FeelEnvironment(ScriptEnvironment):
    """Evaluates FEEL and refuses scripts.

    The environment is replaced, not only the engine around it: parts of the library call the environment directly.
    """

    def evaluate(
        self, expression: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value of a FEEL expression; raises `FeelError`."""
        return feel.evaluate(expression, {**context, **external_context} if external_context else context)

    def execute(self, script: str, context: Mapping[str, Any], external_context: Any = None) -> bool:
        """Refuse: models carry no scripts."""
        del context, external_context
        raise EngineIncident("script_refused", f"models carry no scripts: {script[:200]!r}")

    def call_service(self, context: Mapping[str, Any], **kwargs: Any) -> Any:
        """Refuse: service tasks name registered actions."""
        del context
        raise EngineIncident("script_refused", f"models call no services by themselves: {sorted(kwargs)}")


SCRIPTS: Final = PythonScriptEngine(environment=FeelEnvironment())
"""Holds no state; shared by all cases and threads."""
