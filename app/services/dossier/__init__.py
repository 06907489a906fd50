"""The whole life of a studio as one sealed package that can be checked without the system."""
