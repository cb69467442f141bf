"""The data dictionary names every relation, column, type and reason there is, and nothing else."""

import re
from pathlib import Path

import duckdb
import pytest

from songpop.ingest.reasons import REASONS
from songpop.warehouse.views import create_private_views
from tests.builders import make_warehouse
from tests.songpop.warehouse.make_warehouse import make_healthy

TEXT = (Path(__file__).resolve().parents[1] / "warehouse" / "README.md").read_text(encoding="utf-8")


_DECLARED_AFTER = {"core.track_weeks": 12, "mart.current_metrics": 4}
"""How many columns stand before the metrics."""

Columns = dict[str, dict[str, str]]
"""The type of each column of each relation."""


def documented_sections() -> dict[str, str]:
    parts = re.split(r"^### ", TEXT.partition("## Data dictionary")[2], flags=re.MULTILINE)[1:]
    return {name: body for name, _, body in (part.partition("\n") for part in parts)}


def documented_columns() -> Columns:
    return {
        name: dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", body, re.MULTILINE))
        for name, body in documented_sections().items()
    }


def existing_columns(con: duckdb.DuckDBPyConnection) -> Columns:
    rows = con.execute(
        """
        select table_schema || '.' || table_name, column_name, lower(data_type)
        from information_schema.columns where table_schema in ('raw', 'core', 'ml', 'mart')
        order by table_schema, table_name, ordinal_position
        """
    ).fetchall()
    columns: Columns = {}
    for relation, column, kind in rows:
        short = kind.replace("timestamp with time zone", "timestamptz")
        columns.setdefault(relation, {})[column] = short
    # The metrics are those that the formats declare, and are documented there.
    for relation, count in _DECLARED_AFTER.items():
        if relation in columns:
            columns[relation] = dict(list(columns[relation].items())[:count])
    return columns


def in_order(columns: Columns) -> dict[str, list[tuple[str, str]]]:
    return {relation: list(kinds.items()) for relation, kinds in columns.items()}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    paths, con = make_healthy(tmp_path_factory.mktemp("dictionary"))
    con.close()
    with duckdb.connect(str(paths.snapshot), read_only=True) as reader:
        return existing_columns(reader)


def test_dictionary_names_every_column_of_every_relation_with_its_type(snapshot: Columns) -> None:
    con = make_warehouse()
    create_private_views(con)
    private = existing_columns(con)
    private["mart.publication"] |= snapshot["mart.publication"]
    private["mart.parquet_files"] = snapshot["mart.parquet_files"]

    assert in_order(documented_columns()) == in_order(private)


def test_dictionary_says_what_the_snapshot_holds_and_how(snapshot: Columns) -> None:
    published = {
        name
        for name, body in documented_sections().items()
        if re.match(r"\s*view: ", body) or "Published" in body.partition("\n| ")[0]
    }
    documented = {name: documented_columns()[name] for name in published}

    assert in_order(documented) == in_order(snapshot)


def test_dictionary_explains_every_reason_of_the_quarantine() -> None:
    explained = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT, re.MULTILINE))

    assert {code: explained.get(code) for code in REASONS} == REASONS
