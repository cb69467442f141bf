import datetime as dt
import re
from dataclasses import replace

import pytest

from songpop.weekly.facts import WeekFacts
from songpop.weekly.page import make_page
from songpop.weekly.read import MOST_SET_LISTS, MOST_SONGS, MOST_TRACKS
from songpop.weekly.tables import STACKED, make_table
from tests.songpop.pages.read import Page
from tests.songpop.weekly.make_facts import (
    BEFORE,
    HOSTILE,
    WEEK,
    make_check,
    make_export,
    make_facts,
    make_matured,
    make_scored,
    make_song,
    make_track,
    make_unscored,
)

TWO_MEGABYTES = 2_000_000
OLDER = BEFORE - dt.timedelta(weeks=3)


def make_hostile(text: str, *, count: int = 3) -> WeekFacts:
    """Return facts in which *text* stands wherever an export could have put it."""
    tracks = [
        make_track(str(place), rank=place, title=text, artist_name=text, reason_1=f"raises: {text}")
        for place in range(1, count + 1)
    ]
    scored = make_scored(tracks=tracks, risers=tracks[:10], fallers=tracks[:10], history={})
    artist = {**scored.artists[0], "artist_name": text, "best_title": text}
    songs = [make_song(artist_name=text, title=text)] * min(count, MOST_SONGS)
    facts = make_facts(
        replace(scored, artists=[artist], set_lists=[songs] * min(count, MOST_SET_LISTS)),
        drift_decision="warn",
        drift_reasons=[text],
        stale_because=text,
        model_warning=text,
    )
    exports = [make_export(file_name=text, reason=text, status="refused")]
    return replace(facts, exports=exports, checks=[make_check(details=text)])


def test_page_is_complete_and_loads_nothing() -> None:
    text = make_page(make_facts())
    page = Page(text)

    assert page.tags.count("h1") == 1
    assert page.tags.count("script") == 1
    assert len(page.ids) == len(set(page.ids))
    inside = {f"#{name}" for name in page.ids} | {"../index.html"}
    assert set(page.addresses) <= inside
    for space in ("2000/svg", "1999/xlink"):
        text = text.replace(f'="http://www.w3.org/{space}"', "")
    assert "://" not in text


def test_first_link_skips_to_the_week() -> None:
    for facts in (make_facts(), make_unscored()):
        page = Page(make_page(facts))

        assert page.addresses[0] == "#week"
        assert page.ids[0] == "week"


def test_no_script_but_that_of_the_page_can_run() -> None:
    text = make_page(make_facts())

    assert re.search(r"default-src 'none'; .*script-src 'sha256-[\w+/]{43}='\"", text)


def test_text_from_exports_cannot_become_markup() -> None:
    text = make_page(make_hostile(HOSTILE))
    page = Page(text)

    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "on" not in {name[:2] for name in page.attributes}


def test_right_to_left_titles_are_isolated() -> None:
    text = make_page(make_hostile("حبيبي"))

    assert text.count("حبيبي</bdi>") > 5
    assert "<strong><bdi>حبيبي</bdi></strong> by <bdi>حبيبي</bdi>" in text


@pytest.mark.parametrize("title", ["x" * 10_000, "<" * 10_000, "\U000e0001" * 10_000])
def test_page_stays_small_whatever_the_titles(title: str) -> None:
    text = make_page(make_hostile(title, count=MOST_TRACKS))

    assert len(text.encode()) < TWO_MEGABYTES
    Page(text)


def test_emoji_stay_whole() -> None:
    assert "Family 👩‍👩‍👧 🎸" in make_page(make_hostile("Family 👩‍👩‍👧 🎸"))


def test_provisional_scores_warnings_and_stale_weeks_are_said_first() -> None:
    text = make_page(
        make_facts(
            is_provisional=True,
            model_warning="does not beat logistic",
            stale_because="week 2024-06-13 changed",
        )
    )

    warnings = re.findall(r'<p class="warn">(.*?)</p>', text)
    assert [words.split(":")[0] for words in warnings] == [
        "Provisional",
        "Treat the scores with care",
        "Out of date",
    ]
    assert text.index("Out of date") < text.index("have high potential")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (make_unscored(), "No scores yet: 3 tracks were loaded"),
        (
            make_unscored(rows_count=None, drift_decision="quarantine"),
            "this week was kept out, because its figures cannot be true as they stand",
        ),
        (
            make_unscored(rows_count=None, drift_decision=None),
            "the files of this week were refused",
        ),
    ],
)
def test_week_without_scores_says_so_and_still_shows_its_data(facts: WeekFacts, words: str) -> None:
    text = make_page(facts)

    assert words in text
    assert "The data behind it" in text
    assert "script" not in Page(text).tags


def test_first_scored_week_has_nothing_to_compare_with() -> None:
    scored = make_scored(risers=[], fallers=[], matured=[], outcomes=[], is_same_model=False)
    text = make_page(replace(make_facts(scored), previous_week=None))

    assert "this is the first week with scores" in text
    assert "There is no scored week before to compare with." in text
    assert "first score<" not in text
    assert "the last 12 weeks" not in text


def test_weeks_of_two_models_are_compared_by_places() -> None:
    page = Page(make_page(make_facts(make_scored(is_same_model=False))))

    assert page.table("track", "before")["Song a Artist a"]["change"] == "+2 places"
    assert page.table("track", "rank")["Song a Artist a"]["since last week"] == "–"


@pytest.mark.parametrize("is_same_model", [True, False])
def test_older_week_that_is_compared_with_is_named_everywhere(is_same_model: bool) -> None:  # noqa: FBT001 - one of the cases
    scored = make_scored(is_same_model=is_same_model)
    steps = {day: scored.steps[before] for day, before in ((OLDER, BEFORE), (WEEK, WEEK))}
    facts = replace(make_facts(replace(scored, steps=steps)), previous_week=OLDER)
    still = replace(facts, scored=replace(scored, steps=steps, risers=[], fallers=[]))
    text = make_page(facts)
    named = "the week ending 30 May 2024, the last one scored before"

    assert f"1 more than in {named}: 2 crossed" in text
    assert f"the line is {named}<" in text
    assert (f"moved since {named}." in text) == is_same_model
    assert (f"Another model scored {named}, so" in text) != is_same_model
    assert "since 2024-05-30" in Page(text).table("track", "rank")["Song a Artist a"]
    assert f"Nothing moved since {named}." in make_page(still)
    for page in (text, make_page(still)):
        assert "the week before" not in page
        assert "last week<" not in page
        assert "since last week" not in page


def test_figures_of_the_tables_are_those_of_the_facts() -> None:
    page = Page(
        make_page(make_facts(make_scored(matured=[make_matured(), make_matured(auc=None)])))
    )

    assert page.table("track", "rank")["Song b Artist b"] == {
        "track": "Song b Artist b",
        "rank": "2",
        "score": "70\u00a0%",
        "since last week": "−10 points",
        "potential": "high",
        "likely place": "top 5\u00a0% to 40\u00a0%",
        "main reason": "▲ more streams than 98\u00a0% of tracks of its age",
    }
    assert page.table("track", "rank")["Song c Artist c"]["since last week"] == "new"
    assert page.table("artist")["Artist a"]["share high"].strip() == "50\u00a0%"
    assert page.table("score")["80 to 100\u00a0%"]["turned out high"].strip() == "70\u00a0%"
    assert page.table("week")["2024-05-30"]["right"] == "85\u00a0%"


def test_what_is_said_of_all_reasons_is_said_once() -> None:
    track = make_track(reason_1="raises: more Shazams than 98 % of tracks of its age, where known")
    text = make_page(make_facts(make_scored(tracks=[track])))

    assert ">more Shazams than 98\u00a0% of tracks of its age</li>" in text
    assert "where known" not in text
    assert text.count("compared are tracks whose figure is known") == 1


def test_tables_that_stack_title_their_cells_themselves() -> None:
    markup = make_table([("a", ""), ("its b", "")], [["x", "y"]], "Title", kind=STACKED)

    assert """<table class="stack" style="--h1:'a';--h2:'its b'">""" in markup


def test_same_facts_give_the_same_bytes() -> None:
    assert make_page(make_facts()) == make_page(make_facts())


def test_table_names_its_rows_for_those_who_cannot_see() -> None:
    markup = make_table([("a", ""), ("b", "")], [["x", ("y", 1)]], "Title")

    assert 'role="region" tabindex="0" aria-label="Title"' in markup
    assert '<th scope="row">x</th><td data-v="1">y</td>' in markup
