"""The roster in office sheets: files tried out, shown row by row, then applied whole or not at all; exports."""
