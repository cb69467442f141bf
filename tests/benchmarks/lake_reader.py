"""One reader of a lake: asks until a line comes in, then says as JSON what it saw."""

import json
import select
import sys

import duckdb

from songpop.warehouse.lake import LakeLocation, attach_lake

_QUERY = """
    select feed, week, count(*), count(distinct run_id)
    from mart.weekly_scores
    group by feed, week
"""


def main() -> None:
    """Ask the lake of the catalogue that the first argument names."""
    location = LakeLocation(catalog=sys.argv[1], data="/")
    con = duckdb.connect(config={"threads": 1})
    attach_lake(con, location, read_only=True)
    queries, mixed, backwards = 0, 0, 0
    errors: list[str] = []
    seen: set[tuple[object, object]] = set()
    while not select.select([sys.stdin], [], [], 0.05)[0]:
        try:
            rows = con.execute(_QUERY).fetchall()
        except duckdb.Error as error:
            errors.append(str(error).partition("\n")[0])
            continue
        queries += 1
        mixed += sum(row[3] != 1 for row in rows)
        keys = {(row[0], row[1]) for row in rows}
        backwards += not seen <= keys
        seen |= keys
    told = {"queries": queries, "errors": errors, "mixed": mixed, "backwards": backwards}
    print(json.dumps(told))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main()
