from tests.songpop.model.builders import make_candidate, make_features


def test_the_scorer_is_the_candidates() -> None:
    features = make_features()
    candidate = make_candidate(features, members=2)
    scorer = candidate.scorer()

    assert scorer.inputs is candidate.inputs
    assert scorer.stacks is candidate.stacks
    assert scorer.conformal is candidate.conformal
    assert scorer.calibration is candidate.calibration
