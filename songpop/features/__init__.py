"""Features of one scored week: declared by column kind, read from a bounded look-back."""

from songpop.features.build import build_feature_parts, build_features
from songpop.features.calendar import nearest_week
from songpop.features.kinds import feature_names, source_of
from songpop.features.lookback import read_lookback

__all__ = [
    "build_feature_parts",
    "build_features",
    "feature_names",
    "nearest_week",
    "read_lookback",
    "source_of",
]
