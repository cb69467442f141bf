"""The data dictionary names every relation, column and reason that exists, and nothing else."""

import re
from pathlib import Path

from songpop.ingest.reasons import REASONS
from songpop.warehouse.views import create_private_views
from tests.builders import make_warehouse

TEXT = (Path(__file__).resolve().parents[1] / "warehouse" / "README.md").read_text(encoding="utf-8")


def documented_columns() -> dict[str, list[str]]:
    sections = re.split(r"^### ", TEXT.partition("## Data dictionary")[2], flags=re.MULTILINE)[1:]
    return {
        section.partition("\n")[0]: re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
        for section in sections
    }


def existing_columns() -> dict[str, list[str]]:
    con = make_warehouse()
    create_private_views(con)
    rows = con.execute(
        """
        select table_schema || '.' || table_name, column_name
        from information_schema.columns where table_schema in ('raw', 'core', 'ml', 'mart')
        order by table_schema, table_name, ordinal_position
        """
    ).fetchall()
    columns: dict[str, list[str]] = {}
    for relation, column in rows:
        columns.setdefault(relation, []).append(column)
    # The metrics are those that the formats declare, and are documented there.
    columns["core.track_weeks"] = columns["core.track_weeks"][:12]
    columns["mart.current_metrics"] = columns["mart.current_metrics"][:4]
    return columns


def test_dictionary_names_every_column_of_every_relation() -> None:
    assert documented_columns() == existing_columns()


def test_dictionary_explains_every_reason_of_the_quarantine() -> None:
    explained = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT, re.MULTILINE))

    assert {code: explained.get(code) for code in REASONS} == REASONS
