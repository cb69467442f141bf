"""Whether a challenger replaces the champion: what was compared, by which rules, in words.

Nothing here reads a database or a clock::

    unseen rows ─ GateEvidence ─ judge ─ Verdict
                                   ├ calibration ─ clustered lower end of the binned error
                                   └ words ─ one sentence a rule, with its figure
    baselines' figures ─ warning
"""

from songpop.gate.evidence import GateEvidence
from songpop.gate.judge import judge
from songpop.gate.verdict import GateFigures, Verdict
from songpop.gate.warning import warn_of

__all__ = ["GateEvidence", "GateFigures", "Verdict", "judge", "warn_of"]
