"""Labels: what a model learns to foresee, for one export alone or h weeks later."""

from songpop.labels.forward import ForwardKind, select_labels
from songpop.labels.maturity import base_rates, mature_labels
from songpop.labels.snapshot import snapshot_labels

__all__ = ["ForwardKind", "base_rates", "mature_labels", "select_labels", "snapshot_labels"]
