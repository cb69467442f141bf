from hypothesis import given
from hypothesis import strategies as st

from songpop.platforms.groups import Pair, Songs, join_certain, make_pair

NAMES = "abcdefg"
pairs = st.sets(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: make_pair(*pair))
)


def group(refused: set[Pair], certain: list[Pair]) -> tuple[dict[str, str], frozenset[Pair]]:
    """Join certain pairs; return which song each is, and the pairs that were not joined."""
    songs = Songs(dict.fromkeys(NAMES, False), frozenset(refused))
    skipped = join_certain(songs, certain)
    return songs.root_of, skipped


@given(pairs, pairs)
def test_refused_songs_stay_two_whatever_the_order(refused: set[Pair], certain: set[Pair]) -> None:
    roots, skipped = group(refused, sorted(certain))

    assert (roots, skipped) == group(refused, sorted(certain, reverse=True))
    assert all(roots[one] != roots[other] for one, other in refused)
    assert all(roots[one] == roots[other] for one, other in certain - skipped)


@given(pairs)
def test_what_nobody_refused_is_joined(certain: set[Pair]) -> None:
    assert group(set(), sorted(certain))[1] == frozenset()


def test_every_pair_between_refused_songs_is_skipped_and_no_other() -> None:
    roots, skipped = group({("a", "c")}, [("a", "b"), ("b", "c"), ("b", "d")])

    assert skipped == {("a", "b"), ("b", "c")}
    assert roots["d"] == "b"
