"""From matured labels to a registered model: gather, train, compare, decide."""
