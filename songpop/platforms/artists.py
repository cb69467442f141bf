"""Which artists are the same: those whose names are written alike."""

import duckdb
import polars as pl

from songpop.platforms.keys import strict_key
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql


def settle_artists(con: duckdb.DuckDBPyConnection) -> None:
    """Let ``core.platform_facts`` know each artist by the name's strict key.

    Files are staged with the name as they, the settings or a person write it.

    Args:
        con: the writer's connection, inside a transaction.
    """
    names = [name for (name,) in con.execute(read_sql("platforms/list_artists")).fetchall()]
    renamed = [(name, key) for name in names if (key := strict_key(name)) not in {None, name}]
    if renamed:
        schema = {"subject_id": pl.String, "artist_key": pl.String}
        with registered(con, "renamed_artists", pl.DataFrame(renamed, schema, orient="row")):
            con.execute(read_sql("platforms/rename_artists"))
