"""Settings: one TOML file, environment variables above it, unknown keys refused.

``songpop.toml`` in the working folder is optional. ``SONGPOP_INGEST__MAX_BAD_SHARE=0.1`` overrides
``[ingest] max_bad_share``; a command's own options override both.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from songpop.environment import check_environment
from songpop.errors import SettingsError, expected

SETTINGS_FILE = "songpop.toml"

LabelKind = Literal["level", "growth", "snapshot"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IngestSettings(_Frozen):
    """What an export may look like."""

    max_bad_share: float = Field(default=0.05, ge=0, le=1)
    """Share of unreadable rows (dimensionless) above which the whole export is refused."""
    correction_overlap: float = Field(default=0.5, gt=0, le=1)
    """Share of an export's keys already in its week from which on it is a correction."""
    max_file_bytes: int = Field(default=16 * 2**30, gt=0)
    """Largest export, in bytes after decompression."""
    max_compression_ratio: float = Field(default=200.0, gt=1)
    """Largest ratio of decompressed to compressed bytes; above it the file is taken for a bomb."""
    max_line_bytes: int = Field(default=1 << 20, gt=0)
    """Longest record, in bytes; a longer one is quarantined."""
    max_columns: int = Field(default=512, gt=0)
    """Most columns a header may have."""
    max_bad_rows: int = Field(default=2_000_000, gt=0)
    """Most rows of a file that the quarantine lists; one with more is no export, and of it nothing
    is recorded: it is a problem for a person, named in each run until it is mended."""
    max_batch_bytes: int = Field(default=256 << 20, gt=0)
    """Most bytes to which 32,768 rows of Parquet may expand."""
    max_sectioned_bytes: int = Field(default=64 << 20, gt=0)
    """Largest file whose tables follow each other, in bytes; it is held in memory."""
    max_differences: int = Field(default=10_000, ge=0)
    """Most changed cells listed one by one for a correction; the counts are always complete."""


class TrainingSettings(_Frozen):
    """How and when models are trained; defaults are the design's written settings."""

    seed: int = 42
    hidden_units: tuple[Annotated[int, Field(ge=1)], ...] = (128, 64, 32, 16)
    l2_grid: tuple[Annotated[float, Field(ge=0)], ...] = Field(
        default=(0.0001, 0.001, 0.01), min_length=1
    )
    """Candidate L2 strengths λ; the one with the lowest loss on the stopping block is kept."""
    regularizer: Literal["none", "l1", "l2"] = "l2"
    """Penalty on the hidden kernels: nothing, λ Σ |w| or λ Σ w²; ``none`` ignores the grid."""
    softness: float = Field(default=0.05, ge=0, le=1)
    """Share of the ranks, from the label's cut, to a target of about 3/4; 0: the label itself."""
    teacher_share: float = Field(default=0.7, ge=0, le=1)
    """Of the targets at ``slower_rates``, how much is what boosting says that has not seen the
    track; 0: no boosting is fitted."""
    pool_feeds: bool = True
    """Whether a feed also learns from the other regions of its format."""
    ensemble_members: int = Field(default=1, ge=1)
    """Networks of different seeds whose logits are averaged."""
    learning_rate: float = Field(default=0.01, gt=0)
    """With which the λ of ``l2_grid`` are tried."""
    slower_rates: tuple[Annotated[float, Field(gt=0)], ...] = (0.001,)
    """Further learning rates, tried with the chosen λ and, at them alone, a teacher; the lowest
    loss is kept."""
    halve_every_epochs: int = Field(default=10, ge=1)
    averaged_epochs: int = Field(default=5, ge=1)
    """Last epochs whose weights are averaged into the network that is judged and kept."""
    dropout: float = Field(default=0.3, ge=0, lt=1)
    batch_norm_momentum: float = Field(default=0.99, ge=0, lt=1)
    batch_rows: int = Field(default=128, ge=1)
    max_epochs: int = Field(default=60, ge=1)
    patience_epochs: int = Field(default=12, ge=1)
    max_rows: int = Field(default=200_000, ge=1)
    """Most rows of the fit block; more are thinned evenly by a hash of the key."""
    refresh_weeks: int = Field(default=13, ge=1)
    provisional_matured_weeks: int = Field(default=4, ge=1)
    network_matured_weeks: int = Field(default=8, ge=1)
    network_matured_rows: int = Field(default=5_000, ge=1)


class DriftSettings(_Frozen):
    """When a week is kept out, when it alarms, and when an alarm retrains."""

    volume_change: float = Field(default=0.3, gt=0)
    """Share by which a week's tracks may differ from the median of eight weeks."""
    falling_share: float = Field(default=0.02, gt=0, le=1)
    """Share of tracks for which a counter may fall."""
    frozen_share: float = Field(default=0.95, gt=0, le=1)
    """Share of tracks for which a metric may stand still, unless that is usual."""
    missing_jump: float = Field(default=0.2, gt=0, le=1)
    """Share of tracks that may lose a metric within a week."""
    level_factor: float = Field(default=3.0, gt=1)
    """Times its value of the week before that the median track may have, or a part as small."""
    units_factor: float = Field(default=100.0, gt=1)
    """Factor from which on another level is taken for other units, and never for news."""
    repeat_within: float = Field(default=0.1, gt=0, lt=1)
    """Relative difference up to which a week repeats the level of the one quarantined before it."""
    distance: float = Field(default=0.1, gt=0, le=1)
    """Least Kolmogorov-Smirnov distance of a column that counts."""
    strong_distance: float = Field(default=0.25, gt=0, le=1)
    """Distance from which on a single week is enough."""
    usual_times: float = Field(default=1.5, ge=1)
    """Multiple of what reference weeks differ by themselves that counts, if that is more."""
    missing_change: float = Field(default=0.03, gt=0, le=1)
    """Least difference of a metric's share of gaps that counts."""
    newcomers_change: float = Field(default=0.1, gt=0, le=1)
    """Least difference of the share of new tracks that is told."""
    association_change: float = Field(default=0.15, gt=0)
    """Least median change of a metric's correlations, as Fisher's z, that counts."""
    domain_auc_warn: float = Field(default=0.55, gt=0.5, lt=1)
    domain_auc_fail: float = Field(default=0.6, gt=0.5, lt=1)
    domain_auc_strong: float = Field(default=0.75, gt=0.5, lt=1)
    """Areas under the ROC curve at which a classifier tells the week from its reference."""
    domain_rows: int = Field(default=10_000, ge=100)
    """Most tracks a side that the classifier sees."""
    loss_change: float = Field(default=0.03, gt=0)
    """Least rise of the champion's log loss, in nats a row, that counts."""
    column_share: float = Field(default=0.2, gt=0, le=1)
    """Share of drifted columns, by their weight in the champion's reasons, that counts."""
    persistence_weeks: int = Field(default=2, ge=1)
    """Weeks in a row that what is not strong has to last."""
    cool_down_weeks: int = Field(default=4, ge=0)
    """Weeks after a training in which drift starts no other."""


class GateSettings(_Frozen):
    """What a challenger has to show before it replaces the champion (DESIGN, Gate)."""

    min_weeks: int = Field(default=8, ge=1)
    """Fewest weeks that neither model has seen; fewer are insufficient evidence."""
    min_rows: int = Field(default=5_000, ge=1)
    """Fewest rows of them."""
    log_loss_margin: float = Field(default=0.005, ge=0)
    """Nats a row by which the whole interval of the difference must lie below zero."""
    max_calibration_error: float = Field(default=0.03, ge=0, le=1)
    """Most that the expected calibration error may demonstrably be."""
    calibration_rows: int = Field(default=2_600, ge=1)
    """Fewest rows that say something about calibration."""
    slice_rows: int = Field(default=500, ge=1)
    """Fewest rows of an age slice that is looked at."""
    max_auc_loss: float = Field(default=0.02, ge=0, le=1)
    """Most AUC that such a slice may lose."""
    demotion_weeks: int = Field(default=4, ge=1)
    """Newest matured weeks on which a champion is compared with persistence and the constant."""
    draws_count: int = Field(default=1_000, ge=100)
    """Bootstrap samples."""
    seed: int = 42


class MaintenanceSettings(_Frozen):
    """What is kept, and how long; exports, scores and the models of scores are kept for ever."""

    snapshot_weeks: int | None = Field(default=None, ge=12, le=5_000)
    """Newest weeks of each feed whose scores and labels the snapshot holds; null: all of them.
    Older ones stay in Parquet and in the writer's database. Views look back eight weeks, a page
    twelve."""

    quarantine_weeks: int = Field(default=104, ge=1, le=5_000)
    """Age from which on the texts of rejected rows are dropped; lines and reasons stay."""
    runs_weeks: int = Field(default=104, ge=1, le=5_000)
    """Age from which on ml.runs is dropped, except for runs that something kept names."""
    models_weeks: int = Field(default=104, ge=1, le=5_000)
    """Age from which on the artefact of a version that never scored is removed."""
    vacuum_share: float = Field(default=0.2, gt=0, le=1)
    """Least share of the private file that writing it anew must save."""
    lake_days: int = Field(default=400, ge=1)
    """Days back for which a warehouse in a lake can be read as of an earlier time."""
    backups_kept: int = Field(default=8, ge=1)
    """Newest backups that stay, and newest states that a restore replaced."""
    backups_dir: Path | None = None
    """Where backups go, best on another disk; null means ``<warehouse>/backups``."""


class OperationsSettings(_Frozen):
    """How scheduled runs behave."""

    grace_days: int = Field(default=3, ge=0)
    """Days after the end of a week until which its export may come before it is called late."""
    dormant_weeks: int = Field(default=8, ge=1)
    """Weeks without an export after which a feed is waited for no longer."""
    retrain_in: Literal["run", "deployment"] = "run"
    """Where drift trains: in the weekly run itself, or in the deployment ``retrain``, which the
    event ``songpop.drift.detected`` starts."""
    approval: Literal["none", "person"] = "none"
    """Who lets a challenger that passed the gate become champion: nobody else, or a person."""
    approval_hours: float = Field(default=72.0, gt=0)
    """How long that person has, after which the champion stays."""
    report_url: str | None = None
    """Address under which ``<warehouse>/reports`` is served; null: runs link no page."""


class ScoringSettings(_Frozen):
    """How large weeks are scored, and by whom."""

    dask: str | None = None
    """Address of a Dask scheduler, say ``tcp://scheduler:8786``, whose workers score them in a
    flow; null: the process of the run does."""
    part_rows: int = Field(default=1 << 20, ge=1)
    """Rows that are in memory at a time, and that a worker gets, in whole batches of 8,192. A week
    of no more is scored by the run itself."""


class FeedSettings(_Frozen):
    """What one feed overrides: ``[feeds.spotify_charts_us]``."""

    label: LabelKind = "level"
    horizon_weeks: int = Field(default=4, ge=1, le=26)


class PlatformSettings(_Frozen):
    """Exports of the platforms themselves."""

    artist: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = None
    """Whose exports those are that do not name their artist; null: such files wait."""
    week_ends_on: Literal[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    ] = "thursday"
    """Last day of the weeks to which days are summed; Spotify's charts end on Thursdays."""
    min_tracks: int = Field(default=50, ge=1)
    """Fewest own songs with a whole week on Spotify from which on the week is one of feed own."""


class Settings(BaseSettings):
    """Everything that can be set; frozen once read."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="SONGPOP_", env_nested_delimiter="__"
    )
    toml_file: ClassVar[Path | None] = None

    warehouse: Path = Path("warehouse")
    landing: Path | None = None
    """Folder of exports; null means ``<warehouse>/landing``."""
    catalog: str | None = None
    """DuckLake's catalogue, say ``ducklake:postgres:dbname=songpop host=db``, of a warehouse whose
    tables are Parquet on shared storage; null means one file in the warehouse."""
    lake_data: str | None = None
    """Folder or ``s3://`` prefix of that Parquet; null means ``<warehouse>/lake``."""
    formats_dir: Path | None = None
    """Folder of further format files, beside the ones that songpop ships."""
    wait_seconds: float = Field(default=0.0, ge=0)
    """How long a second writer waits for the warehouse before it is refused by name."""
    memory_limit: str = Field(default="768MB", pattern=r"^[0-9]+(\.[0-9]+)? ?([KMGT]i?B)$")
    """DuckDB's memory limit for the writer, like 768MB or 2GiB."""
    ingest: IngestSettings = IngestSettings()
    training: TrainingSettings = TrainingSettings()
    drift: DriftSettings = DriftSettings()
    gate: GateSettings = GateSettings()
    maintenance: MaintenanceSettings = MaintenanceSettings()
    operations: OperationsSettings = OperationsSettings()
    scoring: ScoringSettings = ScoringSettings()
    platforms: PlatformSettings = PlatformSettings()
    feeds: dict[str, FeedSettings] = {}

    @property
    def landing_dir(self) -> Path:
        """Folder that is scanned for exports."""
        return self.landing or self.warehouse / "landing"

    @property
    def backups_dir(self) -> Path:
        """Folder of backups."""
        return self.maintenance.backups_dir or self.warehouse / "backups"

    def feed(self, name: str) -> FeedSettings:
        """Return the settings of feed *name*, the defaults where it has none of its own."""
        return self.feeds.get(name, FeedSettings())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Rank the sources: arguments, environment, file."""
        del dotenv_settings, file_secret_settings
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        path = Path(SETTINGS_FILE)
        if path.is_file():
            sources += (TomlConfigSettingsSource(settings_cls, path),)
        return sources


def read_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - any option of any command
    """Read the settings of the working folder; null overrides are ignored.

    Raises:
        SettingsError: a key is unknown, a value impossible, or the TOML unreadable.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    check_environment(Settings.model_fields)
    try:
        return Settings(**given)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = expected(SETTINGS_FILE, "TOML in UTF-8", str(error), "mend what it names")
        raise SettingsError(message) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        is_unknown = first["type"] == "extra_forbidden"
        told = first["msg"].lower()
        wanted = told.removeprefix("input should be ").removeprefix("string should have ")
        message = expected(
            f"setting {key}",
            "a key that songpop knows" if is_unknown else wanted,
            "an unknown one" if is_unknown else repr(first["input"]),
            f"mend it in {SETTINGS_FILE} or the environment",
        )
        raise SettingsError(message) from error
