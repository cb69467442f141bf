"""A progress bar over the weeks of a run, on standard error and only on a terminal."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from songpop.pipeline.session import PlannedWeek


class WeekProgress:
    """Follows a run: which week of how many, and at which step."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("looking for exports", total=None)
        self._seen: set[str] = set()

    def expect(self, plans: list[PlannedWeek]) -> None:
        """Learn how many weeks there are."""
        self._bar.update(self._task, total=max(len(plans), 1), completed=0)

    def follow(self, plan: PlannedWeek, step: str) -> None:
        """Show the week and the step that begins."""
        self._seen.add(plan.name)
        self._bar.update(
            self._task, description=f"{plan.name}  {step}", completed=len(self._seen) - 1
        )


def make_bar(*, enabled: bool) -> Progress:
    """Return a bar on standard error, which shows nothing unless that is a terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description:<44}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not (enabled and console.is_terminal),
    )


@contextmanager
def show_progress(*, enabled: bool) -> Generator[WeekProgress]:
    """Show a progress bar while the block runs; without a terminal nothing is shown."""
    with make_bar(enabled=enabled) as bar:
        yield WeekProgress(bar)
