"""What machines and those who run the installation ask: does it live, is it ready, how does it fare."""

from app.web.operations.routes import bp

__all__ = ["bp"]
