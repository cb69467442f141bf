import shutil
from pathlib import Path

import pytest

from songpop.weekly.page import make_page
from tests.benchmarks.look import SCHEMES, SIZES, look, open_tab
from tests.songpop.weekly.make_facts import make_facts

pytestmark = pytest.mark.skipif(
    shutil.which("chromium") is None, reason="needs chromium on the PATH, to look at a page"
)


def test_page_fits_every_screen_and_its_search_narrows_the_table(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(make_page(make_facts()), encoding="utf-8")
    with open_tab() as tab:
        found = look(tab, page, tmp_path / "shots")
        tab.run(
            "(box => {box.value = 'LOW new'; box.dispatchEvent(new Event('input'))})"
            "(document.querySelector('#tools input'))"
        )
        shown = tab.run(
            "[...document.querySelectorAll('#tracks tbody tr')].map(row => row.checkVisibility())"
        )

    assert set(found.values()) == {()}
    assert len(list((tmp_path / "shots").glob("*.png"))) == len(SIZES) * len(SCHEMES)
    assert shown == [False, False, True]
