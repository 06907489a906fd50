"""Drawing a model: read from its diagram information, coloured by what has happened, as inline SVG without script."""
