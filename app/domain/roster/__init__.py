"""The roster: units, people and who holds what, as office sheets name them, compared with what is there."""
