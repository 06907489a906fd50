"""The way out of a demonstration: nothing leaves the house."""

from app.domain.ports import Letter


class Shown:
    """A ``Messenger`` that sends nothing: what would have gone out stands in the administrator's list."""

    def send(self, letter: Letter) -> None:
        """Do nothing: the message is kept by whoever sends it."""
