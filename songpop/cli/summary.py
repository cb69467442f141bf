"""What a run prints at its end: scores, quarantine, and where everything is."""

import polars as pl

from songpop.cli.present import print_frame, print_json, print_text
from songpop.pipeline.report import Report, list_platform_lines, list_warnings
from songpop.settings import Settings
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import run_file

_SHOWN_EACH_END = 5
_MOST_FEEDS_SHOWN = 4
_NAMES_SHOWN = 5
_WIDEST_REASON = 120
_REASONS_SHOWN = 2
_SPREADSHEETS = (".xlsx", ".xls", ".numbers", ".ods")


def print_report(settings: Settings, report: Report, *, as_json: bool) -> None:
    """Print a run's report, as JSON alone or for people."""
    if as_json:
        print_json(report)
        return
    paths = WarehousePaths(settings.warehouse)
    for name in report["ignored"]:
        is_sheet = name.casefold().endswith(_SPREADSHEETS)
        print_text(f"ignored: {name} ({'save it as CSV' if is_sheet else 'not an export'})")
    print_platforms(report["platforms"])
    if not report["weeks"]:
        known = report["known_exports"]
        if report["outcome"] == "nothing new":
            print_text(f"nothing new: {known} known exports, no week left to score")
            print_held(paths)
        _print_stale(report)
        _print_pages(report)
        return
    _print_weeks(report)
    _print_corrections(report)
    _print_quarantine(report)
    print_extremes(paths, sorted({week["feed"] for week in report["weeks"] if week["scored"]}))
    for feed, warning in list_warnings(report).items():
        print_text(f"warning: {feed}'s model {warning}")
    _print_stale(report)
    _print_pages(report)
    if any(week["scored"] for week in report["weeks"]):
        print_places(paths)
    else:
        print_text(f"what was loaded: mart.data_quality in {paths.snapshot}")


def print_platforms(platforms: Report) -> None:
    """Print what became of platforms' exports."""
    for line in list_platform_lines(platforms):
        print_text(f"platforms: {line}" if not line.startswith("waiting: ") else line)
    if any(file["quarantined"] for file in platforms["files"]):
        print_text("platforms: each quarantined row with its text: songpop quarantine list")


def _print_stale(report: Report) -> None:
    for feed, weeks in report["stale"].items():
        more = " …" if len(weeks) > _NAMES_SHOWN else ""
        print_text(
            f"stale: {feed} {', '.join(weeks[:_NAMES_SHOWN])}{more} ({len(weeks)} weeks); "
            f"`songpop backfill --feed {feed} --from {weeks[0]}` renews them"
        )


def _print_pages(report: Report) -> None:
    for one in (*report["weeks"], report):
        if one["page_problem"] is not None:
            print_text(f"warning: {one['page_problem']}")
    for page in report["pages_made_up"]:
        print_text(f"page:    {page}, which an earlier run had left")
    for feed in sorted({week["feed"] for week in report["weeks"]}):
        pages = [week["page"] for week in report["weeks"] if week["feed"] == feed and week["page"]]
        if pages:
            print_text(f"page:    {pages[-1]}")


def print_places(paths: WarehousePaths) -> None:
    """Print where the table and the files are."""
    print_text(f'table:   mart.weekly_scores in {paths.snapshot}  (songpop sql "…")')
    print_text(f"parquet: {paths.published}/feed=…/week=….parquet")


def print_extremes(paths: WarehousePaths, feeds: list[str]) -> None:
    """Print the top and bottom tracks of each feed's newest scored week."""
    for feed in feeds[:_MOST_FEEDS_SHOWN]:
        ends = run_file(paths, "marts/feed_extremes", {"feeds": [feed], "most": _SHOWN_EACH_END})
        if ends.is_empty():
            continue
        note = " (provisional model)" if ends["is_provisional"][0] else ""
        title = f"\n{feed}, week {ends['week'][0]}: top and bottom tracks{note}"
        print_frame(
            ends.select(
                "rank",
                "title",
                pl.col("artist_name").alias("artist"),
                "score",
                "potential",
                pl.coalesce("reason_1_text", "reason_1").alias("main reason"),
                pl.col("reason_1_contribution").alias("log-odds"),
            ),
            title,
            _WIDEST_REASON,
        )
    if len(feeds) > _MOST_FEEDS_SHOWN:
        print_text(f"… and {len(feeds) - _MOST_FEEDS_SHOWN} more feeds: mart.current_scores")
    print_text("")


def _print_weeks(report: Report) -> None:
    for feed in sorted({week["feed"] for week in report["weeks"]}):
        weeks = [week for week in report["weeks"] if week["feed"] == feed]
        scored = sum(week["outcome"] == "scored" for week in weeks)
        waiting = sum(week["outcome"] == "no model yet" for week in weeks)
        refused = [week["week"] for week in weeks if week["outcome"] == "refused"]
        parts = [f"{scored} of {len(weeks)} weeks scored"]
        parts += [f"{waiting} loaded without scores (no model yet)"] if waiting else []
        parts += [f"nothing accepted for {', '.join(refused)}"] if refused else []
        print_text(f"{feed}: {'; '.join(parts)}")
        for week in weeks:
            for export in week["exports"]:
                if export["reason"] is not None:
                    print_text(
                        f"  {week['week']}  refused {export['file_name']}: {export['reason']}"
                    )
            _print_drift(week)
            for told in filter(None, (week["training"], week["untrained"])):
                print_text(f"  {week['week']}  {told}")


def print_held(paths: WarehousePaths) -> None:
    """Print which feeds wait for a person, because their weeks are quarantined."""
    if not paths.snapshot.exists():
        return
    for feed, since, count in run_file(paths, "drift/held_weeks", {}).iter_rows():
        print_text(
            f"quarantined: {feed}, {count} weeks since {since}; `songpop quarantine list --feed "
            f"{feed}` says why, `songpop backfill --feed {feed} --from {since}` judges them anew, "
            f"`songpop accept {feed} {since}` lets one in whatever was found"
        )


def _print_drift(week: Report) -> None:
    """Print what was decided about a week that is not quiet, and the reasons that tell most."""
    for reason in week["drift_reasons"]:
        if reason.startswith("an export was refused"):
            print_text(f"  {week['week']}  {reason}")
    if week["drift"] in {None, "quiet"}:
        return
    print_text(f"  {week['week']}  drift: {week['drift']}")
    reasons = week["drift_reasons"]
    for reason in [*reasons[:_REASONS_SHOWN], *reasons[_REASONS_SHOWN:][-1:]]:
        print_text(f"      {reason}")
    if week["drift"] == "quarantine":
        print_text(
            "      mend the file and land it again, or, if it is true, "
            f"`songpop accept {week['feed']} {week['week']}`"
        )


def _print_corrections(report: Report) -> None:
    for week in report["weeks"]:
        for export in week["exports"]:
            if export["arrival"] in {"correction", "supplement"}:
                print_text(
                    f"  {week['feed']} {week['week']}  {export['arrival']} "
                    f"{export['file_name']}: {export['changed_text_cells']} text cells and "
                    f"{export['changed_metric_cells']} other cells differ"
                )


def _print_quarantine(report: Report) -> None:
    if not report["quarantined"]:
        aside = any(file["quarantined"] for file in report["platforms"]["files"])
        print_text("quarantined: nothing of the feeds" if aside else "quarantined: nothing")
        return
    print_frame(pl.DataFrame(report["quarantined"]), "\nquarantined rows")
    print_text("each row with its line and text: songpop quarantine list")
