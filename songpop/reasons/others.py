"""How the tracks are called that a track is compared with."""

from dataclasses import dataclass

from songpop.reasons.quantiles import EVERY_OTHER
from songpop.reasons.standing import Standing


@dataclass(frozen=True)
class Others:
    """The others of one standing, in the forms that sentences ask for."""

    standing: Standing

    @property
    def tracks(self) -> str:
        """All of them, the track included."""
        return "tracks of its age" if self.standing.is_by_age else "this week's tracks"

    @property
    def share(self) -> str:
        """Those on the stated side, after ``than``."""
        return f"any other {self._one}" if self._is_every else self._percentage

    @property
    def share_alone(self) -> str:
        """Those on the stated side, before a verb in the past tense."""
        return f"every other {self._one}" if self._is_every else self._percentage

    @property
    def share_has(self) -> str:
        """Those on the stated side, as owners of something."""
        return f"{self.share_alone} {'has' if self._is_every else 'have'}"

    @property
    def median(self) -> str:
        """The one in the middle."""
        return f"the median {self._one}"

    @property
    def note(self) -> str:
        """Says that tracks without a value are not counted, where there are any."""
        return ", where known" if self.standing.is_partial else ""

    @property
    def _is_every(self) -> bool:
        return self.standing.percent == EVERY_OTHER

    @property
    def _one(self) -> str:
        return "track of its age" if self.standing.is_by_age else "track of the week"

    @property
    def _percentage(self) -> str:
        return f"{self.standing.percent} % of {self.tracks}"
