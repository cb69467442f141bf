"""A run's report as plain values: what ``--json`` prints and a flow returns."""

from dataclasses import asdict
from typing import Any

from songpop.ingest.arrive import Arrival
from songpop.pipeline.execute import ModelDecision, WeekResult
from songpop.pipeline.runner import RunReport
from songpop.platforms.outcome import LoadedFile, PlatformsResult
from songpop.warehouse.paths import WarehousePaths

Report = dict[str, Any]

_MOST_FILES = 20
"""Told one by one, of those whose rows were all taken."""


def describe_report(report: RunReport, paths: WarehousePaths) -> Report:
    """Return a run's report as values that JSON can hold; dates are ISO 8601 text."""
    return {
        "outcome": _outcome_of(report),
        "weeks": [describe_week(week) for week in report.weeks],
        "known_exports": report.known_count,
        "ignored": list(report.ignored),
        "problems": list(report.problems),
        "failures": list(report.failures),
        "stale": report.stale,
        "quarantined": [
            {**asdict(count), "week": None if count.week is None else count.week.isoformat()}
            for count in report.quarantined
        ],
        "models": [_describe_model(model) for week in report.weeks for model in week.models],
        "expired": [
            {"feed": one.feed, "week": one.trained_week.isoformat(), "version": one.version}
            for one in report.expired
        ],
        "late": report.late,
        "platforms": describe_platforms(report.platforms),
        "pages_made_up": list(report.pages),
        "page_problem": report.page_problem,
        "table": str(paths.snapshot),
        "parquet": str(paths.published),
    }


def describe_platforms(result: PlatformsResult) -> Report:
    """Return what became of platforms' exports, as values that JSON can hold."""
    return {
        "files": [_describe_file(file) for file in result.files],
        "waiting": list(result.waiting),
        "doubtful_matches": result.doubtful_count,
        "own_weeks_written": result.own_weeks.written_count,
        "own_weeks_unloaded": [week.isoformat() for week in result.own_weeks.emptied],
        "own_feed": result.own_weeks.told,
    }


def _describe_file(file: LoadedFile) -> Report:
    days = {"first_day": file.first_day, "last_day": file.last_day}
    return {
        **asdict(file),
        **{name: None if day is None else day.isoformat() for name, day in days.items()},
    }


def list_platform_lines(platforms: Report) -> list[str]:
    """Return in words what became of platforms' exports: files, what waits, what is in doubt."""
    quiet = [file for file in platforms["files"] if _is_quiet(file)]
    hidden = quiet[_MOST_FILES:]
    lines = [_tell_file(file) for file in platforms["files"] if file not in hidden]
    if hidden:
        rows = sum(file["loaded"] for file in hidden)
        lines.append(f"{len(hidden)} more files, {rows:,} rows loaded: `songpop platforms list`")
    lines += [f"waiting: {message}" for message in platforms["waiting"]]
    lines += [
        f"own {week}: no song has numbers of that week any more; it was unloaded, with its scores"
        for week in platforms["own_weeks_unloaded"]
    ]
    if platforms["files"] and platforms["own_feed"]:
        lines.append(platforms["own_feed"])
    count = platforms["doubtful_matches"]
    if count and (platforms["files"] or platforms["waiting"]):
        noun = "pair of songs" if count == 1 else "pairs of songs"
        lines.append(f"{count} {noun} may be one and the same: `songpop platforms matches`")
    return lines


def _is_quiet(file: Report) -> bool:
    return file["status"] == "loaded" and not file["quarantined"]


def _tell_file(file: Report) -> str:
    if file["status"] == "not loaded":
        return f"{file['file_name']}: not loaded, for it is {file['reason']}"
    about = " ".join(filter(None, (file["platform"], file["artist"], file["title"])))
    counts = ", ".join(f"{file[name]:,} {name}" for name in ("loaded", "duplicate", "quarantined"))
    days = f", {file['first_day']} to {file['last_day']}" if file["first_day"] else ""
    if file["outdone"]:
        noun = "number is" if file["outdone"] == 1 else "numbers are"
        counts += f", of which {file['outdone']:,} {noun} outdone by another file"
    told = f"{file['file_name']}: {about}{days}: {counts}"
    if file["status"] != "refused":
        return told
    again = f"`songpop platforms load {file['shell_word']}` again"
    return f"{told}; refused: {file['reason']}; mend it and {again}"


def list_warnings(report: Report) -> dict[str, str]:
    """Return what must be said of the model that scored each feed's newest week of the run."""
    newest = {week["feed"]: week["model_warning"] for week in report["weeks"] if week["scored"]}
    return {feed: warning for feed, warning in newest.items() if warning is not None}


def _outcome_of(report: RunReport) -> str:
    if report.failures:
        return "failed"
    if report.is_new:
        return "ran"
    return "needs a person" if report.problems else "nothing new"


def describe_week(week: WeekResult) -> Report:
    """Return what a week came to, as values that JSON can hold."""
    told_apart = {"arrivals", "problems", "models"}
    entry = {name: value for name, value in vars(week).items() if name not in told_apart}
    entry["stale_weeks"] = list(week.stale_weeks)
    entry["models"] = [_describe_model(model) for model in week.models]
    entry["exports"] = [_describe_arrival(arrival) for arrival in week.arrivals]
    return entry


def _describe_model(model: ModelDecision) -> Report:
    return {**asdict(model), "week": model.week.isoformat()}


def _describe_arrival(arrival: Arrival) -> Report:
    return {
        "file_name": arrival.file_name,
        "arrival": arrival.kind,
        "rows_read": arrival.rows_read,
        "loaded": arrival.loaded,
        "duplicate": arrival.duplicate,
        "quarantined": arrival.quarantined,
        "damaged_text": arrival.damaged_text_count,
        "reason": arrival.reason,
        "changed_text_cells": arrival.differences.text_count,
        "changed_metric_cells": arrival.differences.metric_count,
    }
