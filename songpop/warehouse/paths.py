"""Where everything stands inside a warehouse folder."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class WarehousePaths:
    """The files of one warehouse, all below ``root``."""

    root: Path

    @property
    def private(self) -> Path:
        """The writer's database."""
        return self.root / "private" / "songpop.duckdb"

    @property
    def lake(self) -> Path:
        """Where the tables are instead, in a warehouse that outgrew one file."""
        return self.root / "private" / "lake.json"

    @property
    def converting(self) -> Path:
        """What ``lake.json`` will hold, while the tables are being moved there."""
        return self.root / "private" / "converting.json"

    @property
    def exists(self) -> bool:
        """Whether there is a warehouse, in whichever place its tables are."""
        return self.private.exists() or self.lake.exists()

    @property
    def tables(self) -> Path:
        """What leads to the tables: ``lake.json`` where there is one, else the private file."""
        return self.lake if self.lake.exists() else self.private

    @property
    def lock(self) -> Path:
        """The file whose lock makes one process the writer."""
        return self.root / "private" / "writer.lock"

    @property
    def own(self) -> Path:
        """The weekly tables of a label's own songs, made from the exports of platforms."""
        return self.root / "private" / "own"

    @property
    def scratch(self) -> Path:
        """Files that live no longer than a run; emptied by the next one."""
        return self.root / "private" / "scratch"

    @property
    def publish_anew(self) -> Path:
        """A mark that what is published shows another history than the private file."""
        return self.root / "private" / "publish-anew"

    @property
    def committed(self) -> Path:
        """The newest revision that was to be published, in digits; the tables have no older one."""
        return self.root / "private" / "committed"

    @property
    def models(self) -> Path:
        """One folder a model version."""
        return self.root / "models"

    @property
    def snapshot(self) -> Path:
        """The read-only database that people open."""
        return self.root / "songpop.duckdb"

    @property
    def published(self) -> Path:
        """Parquet for tools that read files."""
        return self.root / "published" / "weekly_scores"

    @property
    def replaced(self) -> Path:
        """One folder for each state that a restore replaced."""
        return self.root / "replaced"

    def parquet(self, feed: str, week: dt.date) -> Path:
        """The published Parquet file of one feed and week."""
        return self.published / f"feed={feed}" / f"week={week.isoformat()}.parquet"

    @property
    def reports(self) -> Path:
        """Pages for people."""
        return self.root / "reports"

    def page(self, feed: str, week: dt.date) -> Path:
        """The page of one feed and week."""
        return self.reports / feed / f"{week.isoformat()}.html"
