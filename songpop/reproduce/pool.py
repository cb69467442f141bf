"""Running jobs in two processes: a network trains on one thread, and machines have more."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from songpop.errors import CheckError, expected
from songpop.reproduce.choice import Fitted
from songpop.reproduce.jobs import Job, run_job
from songpop.reproduce.plan import ReproducePlan
from songpop.reproduce.tracks import Tracks

Follow = Callable[[Job], None]
"""Called with each job that is done."""


def run_jobs(
    jobs: list[Job], tracks: Tracks, plan: ReproducePlan, follow: Follow
) -> dict[Job, list[Fitted]]:
    """Run every job; neither the answers nor their order depend on the processes.

    Raises:
        CheckError: a process was killed, say for want of memory.
    """
    run = _run_here if plan.workers_count == 1 else _run_apart
    try:
        answers = dict(run(jobs, tracks, plan, follow))
    except BrokenProcessPool as error:
        wanted = f"{plan.workers_count} processes that end by themselves"
        remedy = "free memory (each takes about 1 GB) and run again"
        raise CheckError(expected("reproduce", wanted, "one that was killed", remedy)) from error
    return {job: answers[job] for job in jobs}


def _run_here(
    jobs: list[Job], tracks: Tracks, plan: ReproducePlan, follow: Follow
) -> Iterator[tuple[Job, list[Fitted]]]:
    for job in jobs:
        yield job, run_job(job, tracks, plan)
        follow(job)


def _run_apart(
    jobs: list[Job], tracks: Tracks, plan: ReproducePlan, follow: Follow
) -> Iterator[tuple[Job, list[Fitted]]]:
    # A forked child would inherit locks of threads that it does not have; TensorFlow has many.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(plan.workers_count, mp_context=context) as pool:
        waiting: dict[Future[list[Fitted]], Job] = {
            pool.submit(run_job, job, tracks, plan): job for job in jobs
        }
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
                follow(waiting[done])
        finally:
            # After an error or Ctrl-C nothing that still waits is worth starting.
            pool.shutdown(wait=False, cancel_futures=True)
