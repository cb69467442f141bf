"""Songs in groups that are one each, kept apart where a person said so."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Pair = tuple[str, str]
"""Two songs' own_track_id, the smaller first."""


@dataclass
class Songs:
    """Songs in groups that are one each; refused pairs never come into one group."""

    has_isrc: dict[str, bool]
    refused: frozenset[Pair]
    root_of: dict[str, str] = field(default_factory=dict[str, str])
    group_of: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def __post_init__(self) -> None:
        """Begin with every song for itself."""
        self.root_of = {song: song for song in self.has_isrc}
        self.group_of = {song: {song} for song in self.has_isrc}

    def knows(self, pair: Pair) -> bool:
        """Whether both are loaded."""
        return self.root_of.keys() >= set(pair)

    def roots(self, pair: Pair) -> Pair:
        """Return the songs that two are, in their order."""
        return make_pair(self.root_of[pair[0]], self.root_of[pair[1]])

    def find_refusal(self, one: str, other: str) -> Pair | None:
        """Return a refused pair that would be one song if *one* and *other* were."""
        first = self.group_of[self.root_of[one]]
        second = self.group_of[self.root_of[other]]
        crossing = (make_pair(left, right) for left in first for right in second)
        return next((pair for pair in crossing if pair in self.refused), None)

    def join(self, one: str, other: str) -> None:
        """Make one song of two, known by its ISRC, else by its smallest id."""
        songs = self.group_of[self.root_of[one]] | self.group_of[self.root_of[other]]
        root = min(songs, key=lambda song: (not self.has_isrc[song], song))
        for song in songs:
            self.root_of[song] = root
        self.group_of[root] = songs


def make_pair(one: str, other: str) -> Pair:
    """Return two songs in their order."""
    return (one, other) if one < other else (other, one)


def join_certain(songs: Songs, pairs: Iterable[Pair]) -> frozenset[Pair]:
    """Join the pairs that are certain; return those that no refusal leaves certain.

    Where certain pairs would together make one song of two that were refused, none of them is
    joined: which of them is wrong, a person knows.
    """
    certain = sorted(pairs)
    skipped: frozenset[Pair] = frozenset()
    while between := _list_between_refused(songs, certain, skipped):
        skipped |= between
    for one, other in certain:
        if (one, other) not in skipped:
            songs.join(one, other)
    return skipped


def _list_between_refused(
    songs: Songs, certain: Sequence[Pair], skipped: frozenset[Pair]
) -> frozenset[Pair]:
    """Return the pairs, of those not skipped, that lead from a refused song to the other."""
    neighbours: dict[str, list[tuple[str, Pair]]] = {}
    for pair in certain:
        if pair not in skipped:
            one, other = (songs.root_of[song] for song in pair)
            neighbours.setdefault(one, []).append((other, pair))
            neighbours.setdefault(other, []).append((one, pair))
    refused = [songs.roots(pair) for pair in songs.refused if songs.knows(pair)]
    ways = (_find_way(neighbours, start, end) for start, end in refused)
    return frozenset(pair for way in ways for pair in way)


def _find_way(
    neighbours: Mapping[str, Sequence[tuple[str, Pair]]], start: str, end: str
) -> list[Pair]:
    """Return the pairs of a shortest way between two songs; none where there is no way."""
    ways: dict[str, list[Pair]] = {start: []}
    waiting = deque([start])
    while waiting and end not in ways:
        song = waiting.popleft()
        for following, pair in neighbours.get(song, ()):
            if following not in ways:
                ways[following] = [*ways[song], pair]
                waiting.append(following)
    return ways.get(end, [])
