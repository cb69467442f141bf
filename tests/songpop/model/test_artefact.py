import hashlib
import json
from pathlib import Path
from unittest import mock

import pytest

from songpop.errors import ArtefactError
from songpop.model import artefact
from songpop.model.artefact import (
    MANIFEST_FILE,
    WEIGHTS_FILE,
    hash_manifest,
    load_artefact,
    read_keras_file,
    read_manifest,
    save_artefact,
)
from tests.songpop.model.builders import make_candidate, make_features

FEATURES = make_features()


def saved(folder: Path, members: int = 1) -> str:
    """Save a candidate to *folder*; return its SHA-256."""
    return save_artefact(make_candidate(FEATURES, members=members), folder)


def names(folder: Path) -> list[str]:
    """Return what is in *folder*."""
    return sorted(path.name for path in folder.iterdir())


def test_a_loaded_model_scores_as_the_candidate_did(tmp_path: Path) -> None:
    candidate = make_candidate(FEATURES, members=2)
    scorer = load_artefact(tmp_path / "m", save_artefact(candidate, tmp_path / "m"))

    assert scorer.score(FEATURES).equals(candidate.scorer().score(FEATURES))


def test_equal_candidates_give_equal_bytes(tmp_path: Path) -> None:
    assert saved(tmp_path / "a") == saved(tmp_path / "b")
    for name in (MANIFEST_FILE, WEIGHTS_FILE):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_sha256_is_that_of_the_manifest(tmp_path: Path) -> None:
    sha256 = saved(tmp_path / "m")

    assert sha256 == hashlib.sha256((tmp_path / "m" / MANIFEST_FILE).read_bytes()).hexdigest()
    assert sha256 == hash_manifest(tmp_path / "m")


def test_the_manifest_lists_every_other_file(tmp_path: Path) -> None:
    sha256 = saved(tmp_path / "m")

    assert names(tmp_path / "m") == [MANIFEST_FILE, WEIGHTS_FILE]
    assert list(read_manifest(tmp_path / "m", sha256).files) == [WEIGHTS_FILE]


def test_saving_again_replaces_the_folder_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    saved(tmp_path / "m")
    (tmp_path / "m" / "stray").touch()
    sha256 = saved(tmp_path / "m", members=2)

    assert names(tmp_path) == ["m"]
    assert len(load_artefact(tmp_path / "m", sha256).stacks) == 2


def test_a_failed_save_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    sha256 = saved(tmp_path / "m")
    with (
        mock.patch.object(artefact, "_rename", side_effect=OSError("disk full")),
        pytest.raises(OSError, match="disk full"),
    ):
        saved(tmp_path / "m", members=2)

    assert names(tmp_path) == ["m"]
    assert len(load_artefact(tmp_path / "m", sha256).stacks) == 1


def test_a_wrong_sha256_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "m")

    with pytest.raises(ArtefactError, match=r"m/manifest\.json: expected SHA-256 0000, got"):
        load_artefact(tmp_path / "m", "0000")


@pytest.mark.parametrize("name", [MANIFEST_FILE, WEIGHTS_FILE])
def test_an_altered_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    sha256 = saved(tmp_path / "m")
    path = tmp_path / "m" / name
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(ArtefactError, match=f"m/{name}: expected SHA-256 .*; run `songpop repair`"):
        load_artefact(tmp_path / "m", sha256)


@pytest.mark.parametrize("name", [MANIFEST_FILE, WEIGHTS_FILE])
def test_a_missing_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    sha256 = saved(tmp_path / "m")
    (tmp_path / "m" / name).unlink()

    with pytest.raises(ArtefactError, match=f"m/{name}: expected a file of .*, got no such file"):
        load_artefact(tmp_path / "m", sha256)


@pytest.mark.parametrize(("key", "value"), [("format", 2), ("surprise", 1)])
def test_another_layout_is_refused_by_its_key(tmp_path: Path, key: str, value: int) -> None:
    saved(tmp_path / "m")
    path = tmp_path / "m" / MANIFEST_FILE
    path.write_text(json.dumps({**json.loads(path.read_bytes()), key: value}))

    with pytest.raises(ArtefactError, match=f"expected a manifest of format 1, got {key}: "):
        read_manifest(tmp_path / "m", hash_manifest(tmp_path / "m"))


def test_a_model_without_keras_files_says_so(tmp_path: Path) -> None:
    sha256 = saved(tmp_path / "m")

    with pytest.raises(ArtefactError, match="expected a Keras file 1, got 0 of them"):
        read_keras_file(tmp_path / "m", sha256)
