"""My data: what the system keeps about whoever is signed in, to see, to take along, to have corrected."""

from app.web.mydata.routes import bp

__all__ = ["bp"]
