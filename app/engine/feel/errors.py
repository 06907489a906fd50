"""Why an expression has no value."""


class FeelError(Exception):
    """An expression that cannot be read or evaluated; the model or its data is wrong, never the caller's code.

    ``code`` is one of:

    ============================ ============================================================================
    ``syntax``                   not FEEL
    ``too_long``                 longer than `app.engine.feel.MAX_LENGTH` characters
    ``spaced_name``              a name with spaces (allowed by DMN, refused here)
    ``forbidden``                ``now()``, ``today()``, ``years and months duration()``, ``median()``
    ``named_zone``               a time with a named zone (``@Europe/Paris``)
    ``unknown_function``         a function that neither FEEL nor the expression defines
    ``unknown_name``             a variable, entry or property that the data lacks
    ``wrong_type``               operands of types that cannot be compared or computed with
    ``wrong_arguments``          a function called with values that it cannot take
    ``unsupported``              external functions
    ``not_finite``, ``not_json`` a result that is no JSON value; data that cannot be handed in
    ``limit``                    out of time, memory or depth
    ============================ ============================================================================
    """

    def __init__(self, code: str, text: str, detail: str = "") -> None:
        self.code = code
        self.text = text
        self.detail = detail
        super().__init__(f"{code}: {text[:200]!r} ({detail})" if detail else f"{code}: {text[:200]!r}")
