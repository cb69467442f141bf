"""The page of a week, from its sections."""

from typing import Final

from songpop.pages.document import escape, figure, make_document, paragraph
from songpop.weekly.facts import ScoredFacts, WeekFacts
from songpop.weekly.plot import draw_scores
from songpop.weekly.quality import show_quality
from songpop.weekly.setlists import show_set_lists
from songpop.weekly.style import SCRIPT, STYLE
from songpop.weekly.tables import Markup
from songpop.weekly.texts import name_before, show_day, show_feed
from songpop.weekly.tracks import show_all, show_artists, show_cards, show_movers
from songpop.weekly.trust import show_trust
from songpop.weekly.words import list_warnings, say_meaning, summarise

_SECTIONS: Final = {
    "high": "High potential",
    "movers": "Risers and fallers",
    "artists": "Artists",
    "setlists": "Set lists",
    "all": "All tracks",
    "trust": "How sure?",
    "data": "Data",
}


def make_page(facts: WeekFacts) -> str:
    """Return the whole HTML document; the same facts give the same bytes."""
    entry = facts.entry
    title = f"{show_feed(entry.feed)}, week ending {show_day(entry.week)}"
    scored = facts.scored
    contents = {"data": show_quality(facts)}
    if scored is not None:
        contents = {
            "high": show_cards(facts, scored),
            "movers": show_movers(facts, scored),
            "artists": show_artists(scored),
            "setlists": show_set_lists(scored),
            "all": show_all(facts, scored),
            "trust": show_trust(scored),
            **contents,
        }
    contents = {name: content for name, content in contents.items() if content}
    sections = [f'<section id="{name}">{content}</section>' for name, content in contents.items()]
    return make_document(
        title,
        [_head(facts), _navigation(list(contents)), _summary(facts), *sections, _foot(facts)],
        style=STYLE,
        script="" if scored is None else SCRIPT,
        stamp=entry.stamp,
    )


def _head(facts: WeekFacts) -> Markup:
    entry = facts.entry
    return (
        '<a class="skip" href="#week">Skip to the week in three sentences</a>'
        '<header><p class="note">songpop, the weekly page · '
        f'<a href="../index.html">all weeks</a></p><h1>{escape(show_feed(entry.feed))}'
        f"<br>week ending {show_day(entry.week)}</h1></header>"
    )


def _navigation(names: list[str]) -> Markup:
    links = "".join(f'<a href="#{name}">{escape(_SECTIONS[name])}</a>' for name in names)
    return f'<nav aria-label="Sections">{links}</nav>' if len(names) > 1 else ""


def _summary(facts: WeekFacts) -> Markup:
    warnings = "".join(f'<p class="warn">{text}</p>' for text in list_warnings(facts))
    scored = facts.scored
    if scored is None:
        return f'<section id="week">{warnings}</section>'
    sentences = "".join(f'<p class="lead">{text}</p>' for text in summarise(facts, scored))
    meaning = paragraph(f"A score is the chance {say_meaning(scored.model)}.", "note")
    plot = _plot(facts, scored)
    return f'<section id="week">{warnings}{sentences}{meaning}{plot}</section>'


def _plot(facts: WeekFacts, scored: ScoredFacts) -> Markup:
    week = facts.entry.week
    caption = "How many tracks score what"
    if facts.previous_week is not None:
        caption += f"; the line is {name_before(week, facts.previous_week)}"
    return figure(caption, draw_scores(scored.steps, week))


def _foot(facts: WeekFacts) -> Markup:
    entry = facts.entry
    told = (
        f"Made from the published tables of the feed {entry.feed}, week {entry.week}"
        + (f", scored by {entry.model_version}" if entry.model_version else "")
        + ". Shares are rounded to whole per cent. “Likely place” holds four times out of five."
    )
    return f"<footer>{paragraph(told)}</footer>"
