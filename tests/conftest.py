"""What all tests share."""

from hypothesis import settings

# Shared machines stall; a slow example is no failure. The gate tries the same examples each time;
# `pytest --hypothesis-profile explore` looks for new ones.
settings.register_profile("songpop", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("songpop")
