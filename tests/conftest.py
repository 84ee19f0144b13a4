"""How Hypothesis searches: the same few examples every time, or many with ``--hypothesis-profile=thorough``."""

from hypothesis import settings

settings.register_profile("default", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("default")
