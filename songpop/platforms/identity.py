"""Which songs are the same: by ISRC and written name, and by what a person decided."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final, Literal

import duckdb
import polars as pl

from songpop.errors import InputError, expected
from songpop.platforms.groups import Pair, Songs, join_certain, make_pair
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql

Verdict = Literal["confirmed", "refused"]
_PAIR: Final = ("one_id", "other_id")
_CONTRADICTED: Final = "one name, beside another that was refused"


def settle_tracks(con: duckdb.DuckDBPyConnection, now: dt.datetime) -> None:
    """Make ``core.own_tracks`` and the open pairs of ``core.track_matches`` anew.

    What a person confirmed or refused stands; what is certain is joined; the rest is listed.

    Args:
        con: the writer's connection, inside a transaction.
        now: when pairs were found that are new.
    """
    before = _found_at(con)
    for name in ("clear_tracks", "insert_tracks", "clear_open_matches"):
        con.execute(read_sql(f"platforms/{name}"))
    songs = _join_songs(con)
    found = con.execute(read_sql("platforms/find_matches")).pl()
    skipped = join_certain(songs, _list_certain(found))
    joined = [(song, root) for song, root in songs.root_of.items() if song != root]
    if joined:
        schema = {"own_track_id": pl.String, "same_as": pl.String}
        with registered(con, "joined_tracks", pl.DataFrame(joined, schema, orient="row")):
            con.execute(read_sql("platforms/join_tracks"))
    doubtful = _ask_once(songs, _list_doubtful(found, skipped))
    found_at = {songs.roots(pair): at for pair, at in before if songs.knows(pair)}
    times = [found_at.get(songs.roots(pair), now) for pair in doubtful.select(_PAIR).iter_rows()]
    listed = doubtful.with_columns(pl.Series("found_at", times, pl.Datetime("us", "UTC")))
    with registered(con, "doubtful_pairs", listed):
        con.execute(read_sql("platforms/insert_open_matches"))


def _list_certain(found: pl.DataFrame) -> list[Pair]:
    return found.filter("is_certain").select(_PAIR).rows()


def _list_doubtful(found: pl.DataFrame, skipped: frozenset[Pair]) -> pl.DataFrame:
    """Return the pairs that are not certain, and those that a refusal made doubtful."""
    pairs = pl.DataFrame(sorted(skipped), dict.fromkeys(_PAIR, pl.String), orient="row")
    contradicted = found.join(pairs, on=_PAIR, how="semi", maintain_order="left").with_columns(
        because=pl.lit(_CONTRADICTED)
    )
    return pl.concat([found.filter(~pl.col("is_certain")), contradicted])


def _ask_once(songs: Songs, doubtful: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that are a question: one for two songs, however many names each goes by."""
    asked: dict[Pair, Pair] = {}
    for one, other in doubtful.select(_PAIR).iter_rows():
        roots = songs.roots((one, other))
        if roots[0] != roots[1] and songs.find_refusal(one, other) is None:
            # The songs' own ids, where the pair has them, are those that a person knows.
            asked[roots] = (one, other) if (one, other) == roots else asked.get(roots, (one, other))
    pairs = pl.DataFrame(list(asked.values()), dict.fromkeys(_PAIR, pl.String), orient="row")
    return doubtful.join(pairs, on=_PAIR, how="semi", maintain_order="left")


def decide(
    con: duckdb.DuckDBPyConnection,
    pair: Pair,
    verdict: Verdict,
    *,
    by: str,
    because: str | None,
    now: dt.datetime,
) -> int:
    """Store what a person decided about two songs, and settle all of them anew.

    Args:
        con: the writer's connection, inside a transaction.
        pair: the songs, by ISRC or own_track_id.
        verdict: whether they are one.
        by: who decided.
        because: why; null: not said.
        now: when.

    Returns:
        How many numbers count no longer, since another file says them of the song that the two
        are; negative where as many count again.

    Raises:
        InputError: a song is not known, both are the same one, a confirmation would make one song
            of two that were refused, by itself or by what is certain of them, or a refusal would
            part what others join.
    """
    one, other = make_pair(*pair)
    songs = _join_songs(con, without=(one, other))
    _check_known(songs, (one, other))
    if verdict == "confirmed":
        join_certain(songs, _list_certain(con.execute(read_sql("platforms/find_matches")).pl()))
    if verdict == "confirmed" and (refused := songs.find_refusal(one, other)) is not None:
        wanted = f"no refusal between the songs that {one} and {other} are"
        got = f"{refused[0]} and {refused[1]}, which were refused"
        remedy = f"`songpop platforms confirm {refused[0]} {refused[1]}` first, or leave it"
        raise InputError(expected("confirm", wanted, got, remedy))
    if verdict == "refused" and _are_joined_by_others(con, songs, (one, other)):
        wanted = f"{one} and {other} to be joined by nothing else"
        remedy = "refuse the pair that does not belong; `songpop platforms matches` lists them"
        raise InputError(expected("refuse", wanted, "songs that a third one joins", remedy))
    key = {"one_id": one, "other_id": other}
    listed = con.execute(read_sql("platforms/read_match"), key).fetchone()
    outdone_before = sum(count_outdone(con).values())
    why, likeness, found_at = listed or (*_find_reason(con, (one, other)), now)
    con.execute(read_sql("platforms/delete_match"), key)
    con.execute(
        read_sql("platforms/insert_decided_match"),
        {
            **key,
            "because": why,
            "likeness": likeness,
            "verdict": verdict,
            "decided_by": by,
            "decided_because": because,
            "decided_at": now,
            "found_at": found_at,
        },
    )
    settle_tracks(con, now)
    return sum(count_outdone(con).values()) - outdone_before


def _find_reason(con: duckdb.DuckDBPyConnection, pair: Pair) -> tuple[str, float | None]:
    """Return why two songs may be one, and how alike they are, be the question listed or not."""
    found = con.execute(read_sql("platforms/find_matches")).pl()
    own = found.filter(one_id=pair[0], other_id=pair[1]).select("because", "likeness")
    return own.row(0) if own.height else ("named by hand", None)


def count_outdone(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many numbers of each file, by SHA-256, do not count for another file's."""
    rows = con.execute(read_sql("platforms/count_outdone")).fetchall()
    return {sha256: int(count) for sha256, count in rows}


def _are_joined_by_others(con: duckdb.DuckDBPyConnection, songs: Songs, pair: Pair) -> bool:
    """Whether two songs are one without what is certain or decided of just these two."""
    found = con.execute(read_sql("platforms/find_matches")).pl()
    join_certain(songs, (certain for certain in _list_certain(found) if certain != pair))
    return songs.root_of[pair[0]] == songs.root_of[pair[1]]


def _join_songs(con: duckdb.DuckDBPyConnection, without: Pair | None = None) -> Songs:
    """Return the loaded songs, those joined that were confirmed."""
    has_isrc = dict(con.execute(read_sql("platforms/list_track_ids")).fetchall())
    decided = con.execute(read_sql("platforms/list_decided")).fetchall()
    pairs = {(one, other): verdict for one, other, verdict in decided if (one, other) != without}
    refused = frozenset(pair for pair, verdict in pairs.items() if verdict == "refused")
    songs = Songs(has_isrc, refused)
    for one, other in _both_known(pairs, "confirmed", has_isrc):
        songs.join(one, other)
    return songs


def _both_known(pairs: dict[Pair, str], verdict: Verdict, known: Iterable[str]) -> Iterator[Pair]:
    ids = set(known)
    return (pair for pair, decided in pairs.items() if decided == verdict and ids >= set(pair))


def _found_at(con: duckdb.DuckDBPyConnection) -> list[tuple[Pair, dt.datetime]]:
    rows = con.execute(read_sql("platforms/list_open")).fetchall()
    return [((one, other), found_at) for one, other, found_at in rows]


def _check_known(songs: Songs, pair: Pair) -> None:
    one, other = pair
    for song in pair:
        if song not in songs.has_isrc:
            remedy = "take the ids from `songpop platforms matches`"
            raise InputError(expected(f"song {song}", "the id of a loaded song", "none", remedy))
    if one == other:
        remedy = "take the ids from `songpop platforms matches`"
        raise InputError(expected("songs", "two of them", f"{one} twice", remedy))
