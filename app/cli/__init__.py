"""The command line: thin groups of commands, mounted by ``app.main``."""
