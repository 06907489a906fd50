"""A studio's host changed by the only way there is (C6.1b): wished, consented to, checked, decided, in effect.

Importing this package registers the hooks and actions of process ``host_change``.
"""

from app.services.programme.succession import checking, deciding, effect, wishing

__all__ = ["checking", "deciding", "effect", "wishing"]
