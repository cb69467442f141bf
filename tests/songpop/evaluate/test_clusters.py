# pyright: reportPrivateUsage=false
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from songpop.evaluate.clusters import ClusterBootstrap, Difference, expanded_tail, row_losses
from songpop.model.metrics import auc, log_loss

Floats = NDArray[np.float64]

ARTISTS, WEEKS = 40, 13
ARTIST_OF = np.repeat(np.arange(ARTISTS), WEEKS)
WEEK_OF = np.tile(np.arange(WEEKS), ARTISTS)
ROWS = ARTISTS * WEEKS


def make_bootstrap(seed: int = 1, draws_count: int = 300) -> ClusterBootstrap:
    """Return draws of forty artists, each in all of thirteen weeks."""
    return ClusterBootstrap(ARTIST_OF, WEEK_OF, seed, draws_count)


def draw_rows(seed: int) -> tuple[NDArray[np.bool_], Floats]:
    """Return labels, and the probabilities by which they were drawn."""
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.05, 0.95, ROWS)
    return rng.random(ROWS) < p, p


def test_two_models_that_say_the_same_differ_by_nothing() -> None:
    y, p = draw_rows(1)

    nothing = Difference(mean=0, low=0, high=0)
    assert make_bootstrap().compare_log_loss(y, p, p.copy()) == nothing
    assert make_bootstrap().compare_auc(y, p, p.copy()) == nothing


def test_equally_good_models_are_not_told_apart() -> None:
    y, p = draw_rows(2)
    rng = np.random.default_rng(3)
    one, other = (np.clip(p + rng.normal(0, 0.05, ROWS), 0.01, 0.99) for _ in range(2))

    loss, area = (
        make_bootstrap().compare_log_loss(y, one, other),
        make_bootstrap().compare_auc(y, one, other),
    )

    assert loss.low < 0 < loss.high
    assert area is not None
    assert area.low < 0 < area.high


def test_a_clearly_better_model_has_the_lower_loss_and_the_larger_area() -> None:
    y, p = draw_rows(4)
    worse = np.full(ROWS, 0.5) + np.random.default_rng(5).normal(0, 0.01, ROWS)

    loss = make_bootstrap().compare_log_loss(y, p, worse)
    area = make_bootstrap().compare_auc(y, p, worse)

    assert loss.low <= loss.mean <= loss.high < 0
    assert area is not None
    assert 0 < area.low <= area.mean <= area.high


def test_means_are_those_of_the_rows_themselves() -> None:
    (y, p), other = draw_rows(6), np.full(ROWS, 0.4)
    bootstrap = make_bootstrap(draws_count=10)
    area = bootstrap.compare_auc(y, p, other)

    assert area is not None
    assert area.mean == pytest.approx((auc(y, p) or 0) - 0.5)
    assert bootstrap.interval_of_log_loss(y, p).mean == pytest.approx(log_loss(y, p))
    assert bootstrap.compare_log_loss(y, p, other).mean == pytest.approx(
        log_loss(y, p) - log_loss(y, other)
    )


@pytest.mark.parametrize("clusters", [ARTIST_OF, WEEK_OF])
def test_rows_that_are_alike_within_a_cluster_widen_the_interval(
    clusters: NDArray[np.intp],
) -> None:
    # One gap a cluster: its rows say no more than one of them would.
    gaps = np.random.default_rng(7).normal(0, 0.1, clusters.max() + 1)[clusters]
    y = np.ones(ROWS, dtype=np.bool_)
    one, other = 0.5 * np.exp(-gaps), np.full(ROWS, 0.5)
    row_by_row = ClusterBootstrap(np.arange(ROWS), np.zeros(ROWS, dtype=np.intp), 1, 300)

    clustered = make_bootstrap().compare_log_loss(y, one, other)
    independent = row_by_row.compare_log_loss(y, one, other)

    assert clustered.high - clustered.low > 2 * (independent.high - independent.low)


@pytest.mark.parametrize(
    ("weeks", "artist_spread", "week_spread"), [(13, 0.05, 0.02), (8, 0.02, 0.05)]
)
def test_intervals_hold_the_truth_where_artists_and_weeks_have_effects(
    weeks: int, artist_spread: float, week_spread: float
) -> None:
    rng = np.random.default_rng(8)
    is_early = weeks > WEEK_OF
    artists, dates = ARTIST_OF[is_early], WEEK_OF[is_early]
    y = np.ones(artists.size, dtype=np.bool_)
    held = 0
    for seed in range(200):
        by_artist, by_week = (
            rng.normal(0, artist_spread, ARTISTS),
            rng.normal(0, week_spread, weeks),
        )
        gaps = by_artist[artists] + by_week[dates] + rng.normal(0, 0.1, artists.size)
        bootstrap = ClusterBootstrap(artists, dates, seed, 200)
        found = bootstrap.compare_log_loss(y, 0.3 * np.exp(-gaps), np.full(artists.size, 0.3))
        held += found.low <= 0 <= found.high

    assert 0.93 * 200 <= held < 200


def test_the_fewer_the_clusters_the_more_of_the_draws_an_interval_holds() -> None:
    tails = [expanded_tail(clusters) for clusters in (2, 8, 13, 10**6)]

    assert tails == sorted(tails)
    assert tails[1:3] == pytest.approx([0.00573, 0.01168], abs=1e-4)
    assert (tails[3], expanded_tail(1)) == (pytest.approx(0.025, rel=1e-4), 0.025)


def test_independent_rows_have_intervals_on_the_wide_side() -> None:
    y, p = draw_rows(9)
    gaps = row_losses(y, p) - row_losses(y, np.full(ROWS, 0.5))
    normal_width = 2 * 1.96 * gaps.std() / np.sqrt(ROWS)

    found = make_bootstrap().compare_log_loss(y, p, np.full(ROWS, 0.5))

    assert found.high - found.low > normal_width


def test_the_same_seed_gives_the_same_numbers_and_another_does_not() -> None:
    y, p = draw_rows(10)
    bootstrap, other = make_bootstrap(), np.full(ROWS, 0.5)

    first = bootstrap.compare_log_loss(y, p, other)

    assert bootstrap.compare_log_loss(y, p, other) == first
    assert make_bootstrap().compare_log_loss(y, p, other) == first
    assert make_bootstrap(seed=2).compare_log_loss(y, p, other) != first


def test_of_a_single_week_only_artists_are_drawn() -> None:
    y, p = draw_rows(11)
    one_week = ClusterBootstrap(ARTIST_OF, np.full(ROWS, 5), 1, 300)
    one_artist = ClusterBootstrap(np.full(ROWS, 5), np.full(ROWS, 7), 1, 300)

    found = one_week.interval_of_log_loss(y, p)

    assert found.low < found.mean < found.high
    whole = one_artist.interval_of_log_loss(y, p)
    assert whole.low == pytest.approx(whole.mean)
    assert whole.high == pytest.approx(whole.mean)


def test_rows_of_one_class_have_no_area_to_compare() -> None:
    y, p = np.ones(ROWS, dtype=np.bool_), draw_rows(12)[1]

    assert make_bootstrap().compare_auc(y, p, p) is None
    assert make_bootstrap().compare_auc(~y, p, p) is None


def test_draws_without_a_row_or_a_class_are_left_out() -> None:
    # Each artist in a week of its own: many draws hold no row, and many but one class.
    bootstrap = ClusterBootstrap(np.array([0, 1]), np.array([0, 1]), 1, 100)
    y, p, other = np.array([True, False]), np.array([0.9, 0.2]), np.array([0.4, 0.6])

    loss, area = bootstrap.interval_of_log_loss(y, p), bootstrap.compare_auc(y, p, other)

    assert np.isfinite([loss.low, loss.high]).all()
    assert area == Difference(mean=1, low=1, high=1)


def test_many_artists_are_drawn_one_sample_at_a_time() -> None:
    rows = 100_000
    bootstrap = ClusterBootstrap(np.arange(rows), np.zeros(rows, dtype=np.intp), 1)
    weights = bootstrap._weights()

    drawn = next(weights)
    held = sum(a.nbytes for a in vars(bootstrap).values() if isinstance(a, np.ndarray))

    assert inspect.isgenerator(weights)
    assert drawn.sum() == rows
    assert held <= 2 * 8 * rows


def test_losses_of_certain_rows_are_finite() -> None:
    losses = row_losses(np.array([True, False, True]), np.array([0.0, 1.0, 1.0]))

    assert losses.tolist() == pytest.approx([-np.log(1e-15)] * 2 + [0], abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 3)), min_size=1))
def test_numbering_clusters_otherwise_changes_nothing_but_the_draws(
    rows: list[tuple[bool, int, int]],
) -> None:
    y, artists, weeks = (np.array(column) for column in zip(*rows, strict=True))
    p = np.linspace(0.1, 0.9, y.size)

    plain = ClusterBootstrap(artists, weeks, 1, 20).interval_of_log_loss(y, p)
    spread = ClusterBootstrap(artists * 1000 + 7, weeks * 50, 1, 20).interval_of_log_loss(y, p)

    assert plain == spread
    assert plain.low <= plain.high


def test_one_pass_over_the_draws_gives_what_each_comparison_gives() -> None:
    rng = np.random.default_rng(8)
    y = rng.random(300) < 0.4
    one, a, b = (np.clip(y * 0.4 + rng.random(300) * 0.5, 0.01, 0.99) for _ in range(3))
    bootstrap = ClusterBootstrap(np.arange(300) % 40, np.arange(300) // 60, seed=3, draws_count=60)

    found = bootstrap.compare_all(y, one, {"a": a, "b": b})

    for name, other in (("a", a), ("b", b)):
        log_loss, auc = found[name]
        alone = bootstrap.compare_log_loss(y, one, other)
        assert auc == bootstrap.compare_auc(y, one, other)
        assert (log_loss.mean, log_loss.low, log_loss.high) == pytest.approx(
            (alone.mean, alone.low, alone.high)
        )
    assert bootstrap.compare_all(y, one, {}) == {}
    assert bootstrap.compare_all(np.ones(300, dtype=bool), one, {"a": a})["a"][1] is None


def test_the_interval_of_any_figure_is_from_the_same_draws() -> None:
    y, p = draw_rows(5)
    other = np.full(ROWS, 0.5)
    gaps = row_losses(y, p) - row_losses(y, other)

    found = make_bootstrap().interval_of(lambda weights: float(np.average(gaps, weights=weights)))

    assert found == make_bootstrap().compare_log_loss(y, p, other)
