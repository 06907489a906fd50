"""The three years after the announcement (C6): studios opened, changed, looked at, and what is owed in them."""
