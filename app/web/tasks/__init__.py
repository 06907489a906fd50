"""The page of a task: what it asks, the form, the case beside it, and everything a person can do with it."""
