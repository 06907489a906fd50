"""The defense desk (C5.3c): sessions planned, lots drawn, slots held by the clock, scores given once and for all."""
