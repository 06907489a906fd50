"""Forming panels: the register, ties, draws, invitations, the matrix of who judges what."""

from app.web.panel.routes import bp

__all__ = ["bp"]
