"""A studio accepted at the end of its term (C6.2): opened by time, assessed, inspected on site, concluded.

Importing this package registers the hooks and actions of process ``acceptance``.
"""

from app.services.programme.acceptance import assessing, concluding, inspecting, opening, papers

__all__ = ["assessing", "concluding", "inspecting", "opening", "papers"]
