"""A run's report as Markdown, for the page of the flow run."""

from songpop.pipeline.report import Report, list_platform_lines, list_warnings


def summarise(report: Report) -> str:
    """Return the report as Markdown: weeks, quarantine, stale weeks, where the scores are."""
    lines = ["# Weekly scores", ""]
    if report["outcome"] == "nothing new":
        known = f"{report['known_exports']} exports are known already."
        lines = ["# Nothing new", "", known, ""]
    if report["weeks"]:
        lines += [*_table_of_weeks(report), *_table_of_quarantine(report)]
    lines += [
        f"- warning: `{feed}` {escape(warning)}" for feed, warning in list_warnings(report).items()
    ]
    lines += [
        f"- model: {escape(model['version'])} {escape(model['decision'])}"
        for model in report["models"]
    ]
    lines += [f"- platforms: {escape(line)}" for line in list_platform_lines(report["platforms"])]
    lines += [f"- late: `{feed}` {', '.join(weeks)}" for feed, weeks in report["late"].items()]
    lines += [f"- failed: {escape(failure)}" for failure in report["failures"]]
    lines += [f"- stale: `{feed}` {', '.join(weeks)}" for feed, weeks in report["stale"].items()]
    lines += [f"- needs a person: {escape(problem)}" for problem in report["problems"]]
    lines += [f"- page: `{week['page']}`" for week in report["weeks"] if week["page"]]
    lines += [f"- table: `{report['table']}`", f"- Parquet: `{report['parquet']}`"]
    return "\n".join(lines) + "\n"


def _table_of_weeks(report: Report) -> list[str]:
    rows = [
        f"| {week['feed']} | {week['week']} | {week['outcome']} | {week['rows']} | "
        f"{week['scored']} | {week['high']} | {week['model_version'] or ''} | "
        f"{escape(week['training'] or '')} |"
        for week in report["weeks"]
    ]
    return [
        "| feed | week | outcome | tracks | scored | high | model | training |",
        "|---|---|---|---:|---:|---:|---|---|",
        *rows,
        "",
    ]


def _table_of_quarantine(report: Report) -> list[str]:
    rows = [
        f"| {count['feed']} | {count['week']} | {escape(count['file_name'])} | "
        f"{escape(count['reason'])} | {count['rows_count']} | {count['first_line']} |"
        for count in report["quarantined"]
    ]
    if not rows:
        return ["Nothing was quarantined.", ""]
    head = ["| feed | week | file | reason | rows | first line |", "|---|---|---|---|---:|---:|"]
    return ["## Quarantined", "", *head, *rows, ""]


def escape(text: str) -> str:
    """Return text from outside as Markdown that shows it: a pipe or a tag is no markup."""
    flat = " ".join(text.split())
    for character in "\\`*_{}[]<>|":
        flat = flat.replace(character, f"\\{character}")
    return flat
