from pathlib import Path

from songpop.ingest.landed import LandedFile, land_file
from songpop.pipeline.hashing import hash_files
from tests.builders import make_warehouse


def test_file_that_cannot_be_read_is_one_problem_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("a")
    gone = LandedFile(tmp_path / "in" / "gone.csv", 1, 1, tmp_path)
    problems: list[str] = []

    hashed = hash_files(make_warehouse(), (land_file(tmp_path / "good.csv"), gone), problems)

    assert [file.name for file, _ in hashed] == ["good.csv"]
    assert problems == [
        "in/gone.csv: expected a readable file, got no such file or directory; put it there again"
    ]
