"""Civil-affairs benefits of a Chinese city, exact to the fen, with the article of law behind every figure."""

__version__ = "0.1.0"
