"""The library's steps as Prefect tasks."""

import duckdb
from prefect import State, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from songpop.pipeline.session import WeekRun
from songpop.pipeline.steps import Facts, Step

IO_RETRIES = 2
IO_RETRY_DELAY_SECONDS = 5


def is_worth_retrying(task: object, run: object, state: State) -> bool:
    """Whether trying again can help: a disk can recover, a person's mistake cannot."""
    del task, run
    error = state.result(raise_on_failure=False)
    while isinstance(error, BaseException):
        if isinstance(error, OSError | duckdb.IOException):
            return True
        error = error.__cause__  # the library words errors for people
    return False


def call_as_task(step: Step, run: WeekRun) -> Facts:
    """Run one step as a task named after it; only steps that do I/O are retried.

    The run is captured, not passed: Prefect would walk through a parameter to look for futures,
    and frames are no business of its engine.
    """

    @task(
        name=step.name,
        task_run_name=f"{step.name} {run.plan.name}",
        retries=IO_RETRIES if step.is_io else 0,
        retry_delay_seconds=IO_RETRY_DELAY_SECONDS,
        retry_condition_fn=is_worth_retrying,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    def run_step() -> Facts:
        facts = step.run(run)
        told = ", ".join(f"{name} {value}" for name, value in facts.items())
        get_run_logger().debug("%s %s: %s", run.plan.name, step.name, told or "nothing to do")
        return facts

    return run_step()
