"""Judges weeks with Evidently or NannyML, in the interpreter of their environment.

Reads one request a line on standard input and answers each with a line: JSON both ways. A request
names the ``tool``, the ``columns``, and the Parquet files of the ``reference`` weeks and of the
``current`` week. An answer holds the tool's figures, the seconds without the reading of the files,
and the largest resident set so far.

It imports nothing of this repository, which is not installed there.
"""
# Neither tool is installed where types are checked.
# pyright: basic, reportMissingImports=false
# ruff: noqa: PLC0415 - a tool is imported by those alone that run it

import functools
import json
import logging
import resource
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd

Figures = dict[str, Any]
FRAMES_KEPT = 12
WEEK = "week"


@functools.lru_cache(maxsize=FRAMES_KEPT)
def _read(path: str) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    frame[WEEK] = pd.to_datetime(frame[WEEK])
    return frame


def judge_evidently(reference: pd.DataFrame, current: pd.DataFrame, columns: list[str]) -> Figures:
    """Return the drift score of each column, by the test that is chosen at the defaults.

    The report of the preset calls the same tests and gives the same scores; it draws figures
    beside, which take most of its time.
    """
    return {"drift": {name: _default_score(reference, current, name) for name in columns}}


def report_evidently(reference: pd.DataFrame, current: pd.DataFrame, columns: list[str]) -> Figures:
    """Return the drift score of each column from the report of the drift preset."""
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    definition = DataDefinition(numerical_columns=columns)
    report = Report([DataDriftPreset()]).run(
        Dataset.from_pandas(current[columns], data_definition=definition),
        Dataset.from_pandas(reference[columns], data_definition=definition),
    )
    metrics = report.dict()["metrics"]
    scores = {
        one["config"]["column"]: float(one["value"]) for one in metrics if "column" in one["config"]
    }
    methods = sorted({one["config"]["method"] for one in metrics if "column" in one["config"]})
    share = next(one["value"]["share"] for one in metrics if "column" not in one["config"])
    return {"drift": scores, "drifted_share": float(share), "methods": methods}


def _default_score(reference: pd.DataFrame, current: pd.DataFrame, name: str) -> float:
    from evidently.legacy.calculations.stattests import get_stattest
    from evidently.legacy.core import ColumnType

    before, now = reference[name].dropna(), current[name].dropna()
    test = get_stattest(before, now, ColumnType.Numerical, None)
    return float(test(before, now, ColumnType.Numerical, None).drift_score)


def judge_nannyml(reference: pd.DataFrame, current: pd.DataFrame, columns: list[str]) -> Figures:
    """Return what its calculators say at their defaults, one chunk a week.

    Of a column: its Jensen-Shannon distance (``drift``) and its share of missing values
    (``missing``); of the week: the reconstruction error. Each stands beside mean and standard
    deviation over the reference's chunks, from which the thresholds come.
    """
    import nannyml as nml

    by_week = {"timestamp_column_name": WEEK, "chunk_period": "W"}
    univariate = nml.UnivariateDriftCalculator(column_names=columns, **by_week)
    missing = nml.MissingValuesCalculator(column_names=columns, **by_week)
    rebuilding = nml.DataReconstructionDriftCalculator(column_names=columns, **by_week)
    distances = _both_periods(univariate, reference, current)
    shares = _both_periods(missing, reference, current)
    errors = _both_periods(rebuilding, reference, current)
    return {
        "drift": {name: _figure(distances, (name, "jensen_shannon")) for name in columns},
        "missing": {name: _figure(shares, (name,)) for name in columns},
        "reconstruction": _figure(errors, ("reconstruction_error",)),
    }


def classify_nannyml(reference: pd.DataFrame, current: pd.DataFrame, columns: list[str]) -> Figures:
    """Return the AUC of its domain classifier, whose default thresholds are 0.45 and 0.65.

    It is fitted on the reference as one chunk, since it would else be trained once a week of the
    reference too, for a plot; its thresholds are constants and do not depend on that.
    """
    import nannyml as nml

    classifier = nml.DomainClassifierCalculator(feature_column_names=columns, chunk_number=1)
    classifier.fit(reference)
    table = classifier.calculate(current).filter(period="analysis").to_df()
    return {"auc": float(table[("domain_classifier_auroc", "value")].iloc[0])}


def _both_periods(
    calculator: Any,  # noqa: ANN401 - three classes of one interface
    reference: pd.DataFrame,
    current: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    calculator.fit(reference)
    result = calculator.calculate(current)
    periods = (result.filter(period=name).to_df() for name in ("reference", "analysis"))
    before, now = periods
    return before, now


def _figure(periods: tuple[pd.DataFrame, pd.DataFrame], place: tuple[str, ...]) -> list[float]:
    """Return the week's value, and mean and deviation of the reference's, as its thresholds do."""
    before, now = (table[(*place, "value")].to_numpy(dtype=float) for table in periods)
    return [float(now[0]), float(before.mean()), float(before.std())]


JUDGES: dict[str, Callable[..., Figures]] = {
    "evidently": judge_evidently,
    "evidently_report": report_evidently,
    "nannyml": judge_nannyml,
    "nannyml_classifier": classify_nannyml,
}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Judge one week as the request asks."""
    columns = request["columns"]
    reference = pd.concat([_read(path) for path in request["reference"]], ignore_index=True)
    current = _read(request["current"])
    started, cpu_started = time.perf_counter(), time.process_time()
    figures = JUDGES[request["tool"]](reference, current, columns)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        **figures,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_bytes": peak_bytes,
    }


def main() -> None:
    """Answer requests until standard input ends; what libraries print goes to standard error."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
