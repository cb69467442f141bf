import json
from pathlib import Path

from songpop.reproduce.describe import describe_everything, describe_results
from tests.songpop.reproduce.builders import make_reproduction

FIGURES = {"accuracy", "precision", "recall", "f1", "log_loss", "auc", "brier"}


def test_each_object_names_features_and_model_and_holds_every_figure(tmp_path: Path) -> None:
    described = describe_results(make_reproduction(tmp_path))

    assert len(described) == 12
    assert {(one["features"], one["model"]) for one in described} == {
        (features, model)
        for features in ("with_track_score", "leak_free")
        for model in ("vanilla", "l1", "l2", "l2_single", "logistic", "boosting")
    }
    for one in described:
        assert one.keys() >= FIGURES | {f"{name}_sd" for name in FIGURES}
        assert all(0 <= one[name] <= 1 for name in FIGURES - {"log_loss"})
        assert one["is_leak"] == (one["features"] == "with_track_score")


def test_headline_stands_with_the_leak_free_models_alone(tmp_path: Path) -> None:
    described = describe_results(make_reproduction(tmp_path))
    folded = {one["model"]: one["five_fold"] for one in described if "five_fold" in one}

    assert not [one for one in described if one["is_leak"] and "five_fold" in one]
    assert set(folded) == {"l2", "boosting", "logistic"}
    assert "l2_less_this" not in folded["l2"]
    assert folded["boosting"]["l2_less_this"]["log_loss"]["high"] == -0.004


def test_everything_is_json_and_holds_the_grids(tmp_path: Path) -> None:
    found = json.loads(json.dumps(describe_everything(make_reproduction(tmp_path))))

    assert len(found["choices"]) == 12
    assert found["choices"][2]["trials"][0]["lambda"] == 0.001
    assert found["residuals"]["by_age"]
    assert found["plan"]["seeds_count"] == 2
