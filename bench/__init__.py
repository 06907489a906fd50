"""The programs that the figures of README come from: `make bench`, `make bench ONLY=name`."""
