from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.evaluate.clusters import ClusterBootstrap, row_losses
from songpop.gate import judge
from tests.songpop.gate.make_evidence import BEATEN, QUICK, gap, make_evidence, shift, worsen


def test_a_better_challenger_is_promoted_with_its_figures() -> None:
    verdict = judge(make_evidence(), QUICK, "v1")

    figures = verdict.figures
    assert verdict.is_promoted
    assert figures is not None
    assert (figures.rows_count, figures.weeks_count, figures.champion) == (5_200, 26, "v1")
    assert figures.difference.high < -0.005
    assert f"{figures.challenger_log_loss:.4f} against" in verdict.text
    assert f"95 % interval {figures.difference.low:+.4f}" in verdict.text


def test_figures_are_those_of_the_rows_by_artist_and_week() -> None:
    evidence = make_evidence()
    weeks = np.repeat(np.arange(26), 200)
    bootstrap = ClusterBootstrap(evidence.artists, weeks, QUICK.seed, QUICK.draws_count)

    figures = judge(evidence, QUICK).figures

    assert figures is not None
    assert figures.champion == "champion"
    assert figures.difference == bootstrap.compare_log_loss(
        evidence.y, evidence.challenger, evidence.champion
    )
    assert figures.champion_log_loss == pytest.approx(
        row_losses(evidence.y, evidence.champion).mean()
    )
    assert figures.challenger_log_loss == pytest.approx(
        row_losses(evidence.y, evidence.challenger).mean()
    )


def test_equal_challengers_are_refused_however_the_draws_fall() -> None:
    promoted: list[bool] = []
    for seed in range(20):
        evidence = make_evidence(seed=seed)
        other = np.random.default_rng(100 + seed).normal(0, 1, evidence.y.size)
        odds = np.log(evidence.challenger / (1 - evidence.challenger))
        # As blurred as the champion, by other draws.
        equal = 1 / (1 + np.exp(-(odds + other) * 4.25 / 5.25))
        verdict = judge(replace(evidence, challenger=equal), QUICK)
        promoted.append(verdict.is_promoted)

    assert sum(promoted) <= 1


def test_a_gain_below_the_margin_is_refused_however_sure() -> None:
    evidence = make_evidence(blur=0.0)
    champion = shift(evidence, 0.0, slope=0.85)

    verdict = judge(replace(evidence, champion=champion), QUICK)

    assert verdict.figures is not None
    assert -0.005 < verdict.figures.difference.high < 0
    assert not verdict.is_promoted


def test_a_challenger_of_flipped_labels_is_refused() -> None:
    evidence = make_evidence()

    verdict = judge(replace(evidence, challenger=1 - evidence.challenger), QUICK)

    assert not verdict.is_promoted


@pytest.mark.parametrize(("weeks", "rows"), [(25, 199), (7, 1_000), (8, 624), (1, 5_000)])
def test_few_weeks_or_rows_are_insufficient_evidence(weeks: int, rows: int) -> None:
    verdict = judge(make_evidence(weeks=weeks, rows=rows), QUICK)

    said = f"{weeks} weeks" if weeks > 1 else "1 week"
    assert not verdict.is_promoted
    assert verdict.text == (
        f"insufficient evidence: {weeks * rows:,} rows of {said} that neither has seen, "
        "of at least 5,000 rows of 8 weeks"
    )
    assert verdict.figures is not None
    assert (verdict.figures.rows_count, verdict.figures.weeks_count) == (weeks * rows, weeks)


@pytest.mark.parametrize(("weeks", "rows"), [(8, 625), (26, 193), (13, 385)])
def test_eight_weeks_with_five_thousand_rows_are_evidence(weeks: int, rows: int) -> None:
    assert judge(make_evidence(weeks=weeks, rows=rows, blur=3.0), QUICK).is_promoted


def test_demonstrated_miscalibration_is_refused_with_the_error() -> None:
    evidence = make_evidence(blur=4.0)
    challenger = shift(evidence, 0.8)

    verdict = judge(replace(evidence, challenger=challenger), QUICK)

    assert len(verdict.reasons) == 1
    assert verdict.text.startswith("what it calls likely does not happen as often as it says (cal")
    assert verdict.text.endswith("is demonstrated, above 0.03)")


def test_calibration_is_not_judged_on_few_rows() -> None:
    evidence = make_evidence(blur=4.0)
    entered = replace(evidence, challenger=shift(evidence, 0.8))

    verdict = judge(entered, QUICK.model_copy(update={"calibration_rows": 5_201}))

    assert verdict.is_promoted
    assert verdict.figures is not None
    assert verdict.figures.calibration_error is None
    assert not judge(entered, QUICK.model_copy(update={"calibration_rows": 5_200})).is_promoted


def test_an_age_that_loses_is_named_with_both_figures() -> None:
    evidence = make_evidence(blur=2.0)
    young = (evidence.age_weeks < 4).to_numpy()
    entered = replace(evidence, challenger=worsen(evidence, young))
    few = QUICK.model_copy(update={"slice_rows": int(young.sum())})

    verdict = judge(entered, few)

    assert [reason[:30] for reason in verdict.reasons] == ["age: 0 to 3 weeks: ranks track"]
    assert "worse than the champion (AUC 0." in verdict.text
    more = QUICK.model_copy(update={"slice_rows": int(young.sum()) + 1})
    assert judge(entered, more).is_promoted


def test_rows_of_unknown_age_are_in_no_slice() -> None:
    evidence = make_evidence()
    unknown = evidence.age_weeks.clear(n=evidence.y.size)

    figures = judge(replace(evidence, age_weeks=unknown), QUICK).figures

    assert figures is not None
    assert figures.slices == {}


@pytest.mark.parametrize("name", ["constant", "persistence", "logistic"])
def test_a_challenger_that_loses_to_what_is_simpler_is_refused(name: str) -> None:
    verdict = judge(make_evidence(baselines={**BEATEN, name: gap(0.0012)}), QUICK)

    assert verdict.reasons == (
        (
            f"does not beat {name}: its forecasts came no closer to what happened (log loss "
            "+0.0012 beside it, below 0 would be better)"
        ),
    )


def test_every_rule_that_is_not_met_is_named() -> None:
    evidence = make_evidence(blur=0.0, baselines={"persistence": gap(0.1)})

    verdict = judge(replace(evidence, challenger=1 - evidence.challenger), QUICK)

    assert verdict.text.count("does not beat persistence") == 1
    assert verdict.text.count("calibration error") == 1
    assert verdict.text.count("age: ") >= 2
    assert verdict.text.count("not shown to be better") == 1


def test_figures_survive_their_json() -> None:
    figures = judge(make_evidence(), QUICK).figures

    assert figures is not None
    assert type(figures).model_validate_json(figures.model_dump_json()) == figures


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 999), st.sampled_from([0.0, 0.6, 2.0]))
def test_the_order_of_rows_decides_nothing(seed: int, blur: float) -> None:
    evidence = make_evidence(blur=blur)
    order = np.random.default_rng(seed).permutation(evidence.y.size)
    rows = ("y", "champion", "challenger", "artists", "weeks", "age_weeks")
    shuffled = {name: getattr(evidence, name)[order] for name in rows}

    verdict = judge(replace(evidence, **shuffled), QUICK)

    assert verdict.is_promoted == judge(evidence, QUICK).is_promoted
