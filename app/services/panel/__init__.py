"""The panel of a cycle: ties, draws, invitations, assignment, replacement (C5.3a, C5.3b)."""
