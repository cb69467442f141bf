import platform
from dataclasses import replace
from importlib.metadata import version

import pytest
from pydantic import ValidationError

from songpop.model.inputs import InputTransform
from songpop.model.manifest import Manifest, make_manifest
from tests.songpop.model.builders import make_candidate, make_features

CANDIDATE = make_candidate(make_features())


def test_the_manifest_survives_json() -> None:
    manifest = make_manifest(CANDIDATE, {"weights.npz": "ab"})
    read = Manifest.model_validate_json(manifest.model_dump_json())

    assert read == manifest
    assert InputTransform(read.inputs) == CANDIDATE.inputs
    assert (read.calibration, read.conformal) == (CANDIDATE.calibration, CANDIDATE.conformal)


def test_versions_name_what_had_a_hand_in_the_weights() -> None:
    versions = make_manifest(CANDIDATE, {}).versions

    assert versions["python"] == platform.python_version()
    assert versions["scikit-learn"] == version("scikit-learn")
    assert "tensorflow" not in versions
    network = make_manifest(replace(CANDIDATE, kind="network"), {}).versions
    # Its teacher is boosting.
    assert {"keras", "tensorflow", "scikit-learn"} <= network.keys()


def test_settings_of_another_version_are_read_as_they_are() -> None:
    manifest = make_manifest(CANDIDATE, {})
    older = manifest.model_copy(update={"settings": {"a_setting_since_renamed": 1}})

    assert Manifest.model_validate_json(older.model_dump_json()).settings == older.settings


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="surprise"):
        Manifest.model_validate({**make_manifest(CANDIDATE, {}).model_dump(), "surprise": 1})
