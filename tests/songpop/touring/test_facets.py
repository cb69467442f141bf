import duckdb

from songpop.formats.registry import load_formats
from songpop.formats.spec import ColumnSpec
from songpop.touring.facets import declare_facets, list_facets
from songpop.warehouse.revision import read_revision
from tests.builders import make_warehouse


def components(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for facet in list_facets([load_formats()[name]]):
        found.setdefault(facet.component, set()).add(facet.metric)
    return found


def stored(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("from core.metric_facets order by all").fetchall()


def test_every_metric_of_a_platform_has_a_part() -> None:
    spec = load_formats()["chartmetric"]
    metrics = {facet.metric for facet in list_facets([spec])}

    assert metrics == {column.name for column in spec.metrics if column.platform}
    assert components("chartmetric")["radio"] == {"airplay_spins_count", "siriusxm_spins_count"}
    assert components("chartmetric")["shazam"] == {"shazam_count"}
    assert set(components("chartmetric")) == {"breadth", "radio", "shazam"}


def test_composite_of_the_exporter_and_what_leaks_the_label_have_none() -> None:
    spec = load_formats()["chartmetric"]
    metrics = {facet.metric for facet in list_facets([spec])}

    assert not metrics & {column.name for column in spec.metrics if column.leaks_snapshot}


def test_chart_has_demand_peak_and_staying_and_a_better_peak_is_smaller() -> None:
    facets = {facet.metric: facet for facet in list_facets([load_formats()["spotify_charts"]])}

    assert {name: facet.component for name, facet in facets.items()} == {
        "chart_weeks_count": "staying",
        "peak_rank": "peak",
        "streams_week_count": "demand",
    }
    assert (facets["peak_rank"].direction, facets["chart_weeks_count"].direction) == (-1, 1)


def test_format_of_ones_own_gets_its_parts_by_unit_and_platform() -> None:
    spec = load_formats()["chartmetric"]
    column = ColumnSpec(
        name="anghami_streams_count",
        headers=("Anghami",),
        kind="counter",
        unit="streams",
        platform="Anghami",
        label="Anghami streams",
        maximum=None,
    )
    own = spec.model_copy(update={"name": "own", "columns": (*spec.columns, column)})

    (found,) = [facet for facet in list_facets([own]) if facet.metric == column.name]
    assert (found.component, found.source) == ("breadth", "Anghami")


def test_facets_are_declared_once_and_news_reach_the_readers() -> None:
    con = make_warehouse()
    formats = load_formats()
    declare_facets(con, formats.values())
    first, revision = stored(con), read_revision(con)

    declare_facets(con, formats.values())
    assert (stored(con), read_revision(con)) == (first, revision)

    declare_facets(con, [formats["chartmetric"]])
    assert len(stored(con)) < len(first)
    assert read_revision(con) == revision + 1
