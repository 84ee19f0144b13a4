"""Names of places (地名): how they are written, sound and are spelled, and the rules that a name has to meet."""
