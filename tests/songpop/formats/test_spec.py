from pathlib import Path
from typing import Any

import pytest

from songpop.errors import SettingsError
from songpop.formats.parse import parse_format
from songpop.formats.spec import ColumnSpec, FormatSpec

PATH = Path("streams.toml")
KEY = {"name": "track_id", "headers": ["Code"], "kind": "key", "label": "code"}
PLAYS = {"name": "plays_count", "headers": ["Plays"], "kind": "counter", "label": "plays"}


def make_content(**overrides: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of a format file
    content = {
        "name": "streams",
        "title": "Streams",
        "size_metric": "plays_count",
        "layouts": [{"name": "only"}],
        "columns": [KEY, PLAYS],
    }
    return {**content, **overrides}


def make_spec(**overrides: Any) -> FormatSpec:  # noqa: ANN401 - as above
    return parse_format(make_content(**overrides), PATH)


def test_metrics_are_the_numeric_columns_in_declared_order() -> None:
    rank = {"name": "rank", "headers": ["Rank"], "kind": "rank", "label": "rank"}

    spec = make_spec(columns=[rank, KEY, PLAYS])

    assert [metric.name for metric in spec.metrics] == ["rank", "plays_count"]
    assert spec.column("rank").minimum == 1
    with pytest.raises(KeyError):
        spec.column("absent")


def test_layout_without_columns_holds_all_of_them() -> None:
    layouts = [{"name": "all"}, {"name": "few", "columns": ["plays_count", "track_id"]}]

    spec = make_spec(layouts=layouts)

    assert [column.name for column in spec.columns_of(spec.layouts[0])] == [
        "track_id",
        "plays_count",
    ]
    assert [column.name for column in spec.columns_of(spec.layouts[1])] == [
        "plays_count",
        "track_id",
    ]


@pytest.mark.parametrize(
    ("kind", "name", "options", "sql_type", "largest"),
    [
        ("counter", "plays_count", {}, "BIGINT", 2**63 - 1),
        ("gauge", "level", {"type": "decimal"}, "DOUBLE", float("inf")),
        ("gauge", "level", {"maximum": 100}, "BIGINT", 100),
        ("date", "release_date", {}, "DATE", 2**63 - 1),
        ("flag", "is_explicit", {}, "BOOLEAN", 2**63 - 1),
        ("key", "track_id", {}, "VARCHAR", 2**63 - 1),
    ],
)
def test_column_knows_its_type_and_largest_value(
    kind: str, name: str, options: dict[str, Any], sql_type: str, largest: float
) -> None:
    column = ColumnSpec.model_validate(
        {"name": name, "headers": ["H"], "kind": kind, "label": "h", **options}
    )

    assert (column.sql_type, column.largest) == (sql_type, largest)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"cadence": 7}, r"format file streams.toml, cadence: expected Extra inputs are not"),
        ({"title": ""}, "title: expected String should have at least 1 character, got ''"),
        ({"name": "Streams"}, "name: expected String should match pattern"),
        ({"size_metric": "track_id"}, "size_metric among 1: plays_count, not 1: track_id"),
        ({"snapshot_source": "x"}, "snapshot_source among 1: plays_count, not 1: x"),
        ({"week_in_content": "x"}, "week_in_content among 0: , not 1: x"),
        ({"week_in_name": "("}, "week_in_name as a regular expression"),
        ({"week_in_name": "(?P<day>.)"}, "groups of week_in_name among 3: .*, not 1: day"),
        ({"columns": [KEY, PLAYS, PLAYS]}, "columns named once each, not 1: plays_count"),
        ({"columns": [PLAYS]}, "layout only among 1: plays_count, not 1: track_id"),
        (
            {"columns": [KEY, {**PLAYS, "headers": [" code"]}]},
            "headers named once each, not 1: code",
        ),
        ({"layouts": [{"name": "a"}, {"name": "a"}]}, "layouts named once each, not 1: a"),
        ({"layouts": [{"name": "a", "columns": ["x"]}]}, "columns of layout a among 2: "),
        ({"layouts": [{"name": "a", "delimiter": '"'}]}, r"layouts.0.delimiter: expected a delim"),
        ({"layouts": [{"name": "a", "date_formats": ["%d.%m.%y"]}]}, "date formats made of %Y"),
        ({"columns": [{**KEY, "name": "code"}, PLAYS]}, "a key column named track_id"),
        ({"columns": [KEY, {**PLAYS, "name": "line"}]}, "a metric whose name is not one of"),
        ({"columns": [{**KEY, "extract": "("}, PLAYS]}, r"a regular expression \("),
        ({"columns": [{**KEY, "extract": "(a)(b)"}, PLAYS]}, "a pattern with 1 group and neither"),
        ({"columns": [{**KEY, "extract": "(?=a)(b)"}, PLAYS]}, "neither lookaround nor"),
        ({"columns": [{**KEY, "template": "x"}, PLAYS]}, "a template with one {}"),
    ],
)
def test_malformed_format_names_file_and_key(overrides: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        make_spec(**overrides)
