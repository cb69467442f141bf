"""Large weeks scored on a Dask cluster: one task a part, through Prefect's task runner."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from contextvars import Context

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext, SettingsContext

from songpop.errors import SongpopError, expected
from songpop.model.partition import Part, ScoreParts, score_part
from songpop.settings import ScoringSettings

_RETRIES = 2


@task(name="score part", retries=_RETRIES, cache_policy=NO_CACHE, persist_result=False)
def score_one(part: Part) -> int:
    """Score one part on whichever worker has it; return its rows."""
    return score_part(part)


def divide(scoring: ScoringSettings) -> ScoreParts | None:
    """Return who scores the parts of large weeks; null where the settings name no cluster."""
    address = scoring.dask
    if address is None:
        return None

    def score_parts(parts: Sequence[Part]) -> None:
        _score_on(address, parts)

    return score_parts


def _score_on(address: str, parts: Sequence[Part]) -> None:
    """Have the cluster at *address* score *parts*, and wait for all of them.

    Raises:
        SongpopError: prefect-dask is not installed, or no scheduler answers.
    """
    try:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415 - an extra, and loads slowly
    except ImportError as error:
        remedy = "install songpop[cluster], or unset [scoring] dask"
        raise SongpopError(
            expected("setting scoring.dask", "prefect-dask installed", "none", remedy)
        ) from error

    def submit() -> None:
        with DaskTaskRunner(address=address) as runner:
            futures = [runner.submit(score_one, {"part": part}) for part in parts]
            for future in futures:
                future.result()

    try:
        _call_in_flow(submit)
    except OSError as error:
        remedy = "start the scheduler, or unset [scoring] dask"
        raise SongpopError(
            expected(f"Dask scheduler {address}", "one that answers", str(error), remedy)
        ) from error


def _call_in_flow(function: Callable[[], None]) -> None:
    """Call *function* as the flow would, outside of the task that this is.

    Prefect sends the context with each task, and the task of a step holds a connection, which
    cannot be sent.
    """
    contexts = SettingsContext.get(), FlowRunContext.get()

    def call() -> None:
        with ExitStack() as stack:
            for context in contexts:
                if context is not None:
                    stack.enter_context(context.model_copy())
            function()

    Context().run(call)
