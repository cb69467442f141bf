"""What all tests share."""

from hypothesis import settings

# Shared machines stall; a slow example is no failure.
settings.register_profile("songpop", deadline=None)
settings.load_profile("songpop")
