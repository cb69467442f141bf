"""Cumulative counters that fell since the week before: loaded as they are, and flagged."""

import datetime as dt

import duckdb

from songpop.features.lookback import find_lag_weeks
from songpop.formats.spec import FormatSpec
from songpop.warehouse.sqlfiles import read_sql


def flag_falling_counters(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec
) -> int:
    """Find the counters of one loaded week that are below the week before, and store them.

    Args:
        con: the writer's connection, inside the week's transaction.
        feed: the feed.
        week: the week.
        spec: its format; only its columns of kind counter are compared.

    Returns:
        The number of cells that fell; 0 where the week before is not loaded.
    """
    key = {"feed": feed, "week": week}
    con.execute(read_sql("load/delete_falling"), key)
    con.execute(read_sql("load/reset_falling_counts"), key)
    counters = [column.name for column in spec.metrics if column.kind == "counter"]
    before_week = find_lag_weeks(con, feed, week, (1,)).get(1)
    if before_week is None or not counters:
        return 0
    con.execute(_splice(counters), {**key, "before_week": before_week})
    con.execute(read_sql("load/insert_falling"), key)
    con.execute(read_sql("load/update_falling_counts"))
    row = con.execute("select count(*) from falling_cells").fetchone()
    con.execute("drop table falling_cells")
    return 0 if row is None else int(row[0])


def _splice(counters: list[str]) -> str:
    # Names of declared counters, [a-z0-9_] by the format's schema, and quoted all the same.
    cells = ", ".join(
        f'{{column_name: \'{name}\', before: before_row."{name}", after: now_row."{name}"}}'
        for name in counters
    )
    is_any = " or ".join(f'now_row."{name}" < before_row."{name}"' for name in counters)
    sql = read_sql("load/falling_cells")
    return sql.replace("$cells", f"[{cells}]").replace("$is_any", is_any)
