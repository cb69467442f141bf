import duckdb

from songpop.registry import (
    ModelVersion,
    Registration,
    champion_as_of,
    forget_week,
    last_trained_week,
    promote,
    register,
    settle_statuses,
)
from tests.builders import NOW, make_warehouse, week_number


def make_model(week: int, version: str = "", kind: str = "network") -> ModelVersion:
    return ModelVersion(
        version=version or f"v{week}",
        feed="f",
        kind=kind,  # type: ignore[arg-type] - a parameter of the test
        label="level",
        horizon_weeks=4,
        trained_week=week_number(week),
        seen_until_week=week_number(max(week - 4, 1)),
        artefact_sha256="0" * 64,
    )


def add_model(
    con: duckdb.DuckDBPyConnection,
    week: int,
    version: str = "",
    *,
    promoted: bool = True,
    card: str | None = None,
) -> ModelVersion:
    model = make_model(week, version)
    entry = Registration(
        model=model,
        trained_because="first",
        decision="promoted: the first",
        trained_on_weeks=(week_number(1),),
        trained_on_exports=("a" * 64,),
        rows_count=10,
        settings={"l2": 0.001},
        metrics={"log_loss": 0.3},
        calibration={"slope": 1.0},
        card=card,
    )
    register(con, entry, "run", NOW)
    if promoted:
        promote(con, week_number(week), model, "earned")
    settle_statuses(con, "f")
    return model


def statuses(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("select version, status from ml.models").fetchall())


def add_score(con: duckdb.DuckDBPyConnection, week: int, version: str) -> None:
    con.execute(
        """
        insert into mart.weekly_scores by name
        select 'f' as feed, $week as week, 't' as track_id, 0.5 as score, 'high' as potential,
            false as is_provisional, 1 as rank, 1.0 as percentile, $version as model_version,
            'r' as run_id, now() as scored_at
        """,
        {"week": week_number(week), "version": version},
    )


def test_feed_without_models_has_no_champion() -> None:
    con = make_warehouse()

    assert champion_as_of(con, "f", week_number(9), inclusive=True) is None
    assert last_trained_week(con, "f", week_number(9)) is None


def test_week_is_scored_by_the_champion_of_its_own_time() -> None:
    con = make_warehouse()
    first, second = add_model(con, 8), add_model(con, 21)

    assert champion_as_of(con, "f", week_number(20), inclusive=True) == first
    assert champion_as_of(con, "f", week_number(21), inclusive=True) == second
    assert champion_as_of(con, "f", week_number(21), inclusive=False) == first
    assert champion_as_of(con, "g", week_number(21), inclusive=True) is None


def test_newest_champion_is_champion_and_all_others_are_retired() -> None:
    con = make_warehouse()
    add_model(con, 8)
    add_model(con, 21)
    add_model(con, 34, promoted=False)

    assert statuses(con) == {"v8": "retired", "v21": "champion", "v34": "retired"}


def test_refused_model_counts_as_trained() -> None:
    con = make_warehouse()
    add_model(con, 8)
    add_model(con, 21, promoted=False)

    assert last_trained_week(con, "f", week_number(30)) == week_number(21)
    assert last_trained_week(con, "f", week_number(21)) == week_number(8)


def test_card_is_stored_and_null_without_one() -> None:
    con = make_warehouse()
    add_model(con, 8)
    add_model(con, 21, card="# v21\n\n" + "0" * 64)

    cards = dict(con.execute("select version, card from ml.models").fetchall())
    assert cards == {"v8": None, "v21": "# v21\n\n" + "0" * 64}


def test_registering_a_version_again_replaces_it() -> None:
    con = make_warehouse()
    add_model(con, 8)
    add_model(con, 8)

    assert con.execute("select count(*) from ml.models").fetchone() == (1,)


def test_replaced_model_is_kept_while_a_score_names_it() -> None:
    con = make_warehouse()
    add_model(con, 8, "old")
    add_score(con, 9, "old")

    forget_week(con, "f", week_number(8))
    add_model(con, 8, "new")

    assert statuses(con) == {"old": "replaced", "new": "champion"}
    con.execute("delete from mart.weekly_scores")
    settle_statuses(con, "f")
    assert statuses(con) == {"new": "champion"}


def test_replaced_model_does_not_count_as_trained() -> None:
    con = make_warehouse()
    add_model(con, 8, "old")
    add_score(con, 9, "old")

    forget_week(con, "f", week_number(8))

    assert last_trained_week(con, "f", week_number(20)) is None
