"""What anybody may read: the call, its rules, the lists; and what anybody may do: object, check a receipt."""

from app.web.public.routes import bp

__all__ = ["bp"]
