"""Papers: an event orders one, the worker numbers it and makes its files, whoever sees the case may open it."""
