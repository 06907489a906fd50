"""What happens to a studio by a document: renamed, suspended, resumed, revoked, ended early, its plaque, its team.

Importing this package registers the hooks and actions that process ``construction`` has for it.
"""

from app.services.programme.studio_life import facts

__all__ = ["facts"]
