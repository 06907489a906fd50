"""One function for each thing a person or the system can do; every one takes an ``Act`` and never commits."""
