"""The form of a refusal's words."""

from typing import NamedTuple

from flask_babel.speaklater import LazyString


class Refusal(NamedTuple):
    """The two sentences of a refusal; ``%(name)s`` stands for the error's parameter of that name."""

    title: LazyString
    advice: LazyString
