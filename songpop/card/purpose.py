"""What a model is for, what counts as high, and what it learned from."""

from songpop.card.markdown import (
    UNKNOWN,
    bullets,
    count,
    plain,
    rows_of,
    share,
    table,
    weeks_of,
)
from songpop.card.material import BlockFacts, CardMaterial
from songpop.card.standing import explain_baseline
from songpop.features.kinds import AGE_DAYS, SEASON, WEEKS_SINCE_FIRST_SEEN
from songpop.model.inputs import InputTransform
from songpop.registry import ModelVersion

_SERVES = {
    "fit": "learned from",
    "stop": "chose the settings, then learned from",
    "calibrate": "set the scale of the scores and the intervals",
    "test": "only judged it",
}
_DERIVED = {
    AGE_DAYS: "days since the release",
    WEEKS_SINCE_FIRST_SEEN: "weeks since the track was first seen",
    SEASON: "time of the year",
}


def write_purpose(material: CardMaterial) -> str:
    """Return the section on intended use."""
    feed = plain(material.model.feed)
    when = _when(material)
    lines = [
        (
            f"It gives every track of the feed {feed} a score: the probability that the track is "
            f"high {when}, and an interval meant to hold its rank among all tracks, as a "
            "percentile, four times out of five."
        ),
        "For artists, A&R and tour managers who choose among many tracks, and for analysts.",
        (
            "Not for other feeds, other labels or other spans of time; not for promises about one "
            "track, contracts or pay; not for judging people. Reasons say what the model went by, "
            "not what makes a track grow."
        ),
    ]
    if material.model.is_provisional:
        lines.insert(
            1,
            f"{_provisional(material.model)}, and its scores are marked `is_provisional`.",
        )
    return bullets(lines)


def _provisional(model: ModelVersion) -> str:
    if model.kind == "logistic":
        return (
            "It is a logistic regression, **provisional**: it stands in until the history is long "
            "enough for the network"
        )
    return (
        f"It is {explain_baseline(model.kind, model.label)} ({model.kind}), **provisional**: it "
        "stands in for a network that did worse, until a better one passes the gate"
    )


def write_label(material: CardMaterial) -> str:
    """Return the section on what counts as high, with the share of high rows."""
    size = plain(material.size_label)
    horizon = weeks_of(material.model.horizon_weeks)
    words = {
        "level": f"A track is high if {horizon} later it ranks within the upper half of the "
        f"export's tracks by {size}. A track that the export lacks by then counts as low.",
        "growth": f"A track is high if its share of the feed's total ({size}) changed over "
        f"{horizon} by more than the median of tracks of like size (and like age, where there are "
        "enough of them). A track that the export lacks by then counts as smaller than any other.",
        "snapshot": f"A track is high if its {size} is above the median of the same export. This "
        "is about the present: columns that hold the answer are no inputs.",
    }[material.model.label]
    rates = ", ".join(
        f"{one.name} {share(one.base_rate)}" for one in material.blocks if one.rows_count
    )
    return f"Label `{material.model.label}`. {words}\n\nShare of high rows by block: {rates}."


def write_data(material: CardMaterial) -> str:
    """Return the section on the rows, block by block."""
    blocks = table(
        ("block", "rows", "from other regions", "weeks", "first week", "last week", "high"),
        (_row(one) for one in material.blocks),
    )
    purposes = "; ".join(
        f"{one.name}: {_SERVES[one.name]}" for one in material.blocks if one.rows_count
    )
    spec = material.spec
    exports = (
        "1 export" if material.exports_count == 1 else f"{count(material.exports_count)} exports"
    )
    source = f"Format {plain(spec.title)} (`{spec.name}`), from {exports}. {_others(material)}"
    return f"{source}\n\n{blocks}\n\n{purposes[0].upper()}{purposes[1:]}. {_division(material)}"


def write_inputs(material: CardMaterial) -> str:
    """Return the section on the columns that the model reads."""
    inputs = InputTransform(material.manifest.inputs)
    labels = {column.name: column.label for column in material.spec.columns} | _DERIVED
    named = ", ".join(
        plain(f"{source} ({labels[source]})" if source in labels else source)
        for source in inputs.sources
    )
    return (
        f"{count(len(inputs.specs))} inputs, made from {count(len(inputs.sources))} source "
        f"columns: {named}.\n\n"
        "Numbers are turned into ranks among the fit rows, so that only their order counts; a "
        "missing value counts as the middle one and, where that says something, has an input of "
        "its own. Titles and names are never inputs."
    )


def _when(material: CardMaterial) -> str:
    if material.model.label == "snapshot":
        return "now, by a measure that it is not shown"
    return f"{weeks_of(material.model.horizon_weeks)} later"


def _others(material: CardMaterial) -> str:
    if not material.other_feeds:
        return "All rows are of the feed itself."
    rows = sum(one.other_rows_count for one in material.blocks)
    names = ", ".join(plain(name) for name in material.other_feeds)
    return f"{rows_of(rows)} come from other regions of the format: {names}."


def _division(material: CardMaterial) -> str:
    if material.model.label == "snapshot":
        return "One export has no time order, so its rows are divided by artist."
    return (
        "Blocks are whole weeks in the order of time, as far apart as the label looks ahead, so "
        "that none holds outcomes that another was still waiting for."
    )


def _row(one: BlockFacts) -> tuple[str, ...]:
    return (
        one.name,
        count(one.rows_count),
        count(one.other_rows_count),
        count(one.weeks_count),
        UNKNOWN if one.first_week is None else str(one.first_week),
        UNKNOWN if one.last_week is None else str(one.last_week),
        share(one.base_rate),
    )
