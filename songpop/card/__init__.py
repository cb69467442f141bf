"""The card of a model version: what it is for, what it learned from, how good it is.

After Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019), its sections adapted. A card
is Markdown, made from what is registered and from nothing else: no clock, no run, no guess.
"""

from songpop.card.material import CardMaterial, describe_blocks
from songpop.card.write import write_card

__all__ = ["CardMaterial", "describe_blocks", "write_card"]
