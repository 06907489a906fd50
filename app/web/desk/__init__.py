"""The publicity desk: lists put up, days left, objections and who must act; identities that two persons open."""

from app.web.desk.routes import bp

__all__ = ["bp"]
