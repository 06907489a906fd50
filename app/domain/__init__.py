"""The programme in plain Python: rules, periods, roles, verdicts. No input or output happens here."""
