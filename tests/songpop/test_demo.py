from pathlib import Path

from songpop.demo import DEMO_TRACKS_COUNT, DEMO_WEEKS_COUNT, demo_landing, write_demo
from songpop.warehouse.paths import WarehousePaths


def test_demo_is_sixteen_weeks_and_a_correction_apart_from_the_real_landing_folder(
    tmp_path: Path,
) -> None:
    paths = WarehousePaths(tmp_path)

    written = write_demo(paths)

    assert len(written) == DEMO_WEEKS_COUNT + 1
    assert {path.parent for path in written} == {demo_landing(paths)}
    assert not (tmp_path / "landing").exists()
    lines = written[0].read_bytes().count(b"\r\n")
    assert lines == DEMO_TRACKS_COUNT + 1


def test_demo_written_twice_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    paths = WarehousePaths(tmp_path)
    first = {path.name: path.read_bytes() for path in write_demo(paths)}

    assert {path.name: path.read_bytes() for path in write_demo(paths)} == first
