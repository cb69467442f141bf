"""``songpop simulate``."""

from pathlib import Path
from typing import Annotated

import typer

from songpop.cli.options import JsonOption
from songpop.cli.present import print_json


def simulate(
    out: Annotated[Path, typer.Option("--out", help="Folder that the exports are written to.")],
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=1040, help="Number of weeks.")] = 16,
    tracks: Annotated[
        int, typer.Option("--tracks", min=10, max=20_000_000, help="Tracks a week.")
    ] = 2_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed; the same gives the same.")] = 1,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help="KIND[:COLUMN[:SIZE]]@WEEK; may be given several times."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write realistic exports, clean and stationary without --fault.

    Examples:
      songpop simulate --weeks 16 --tracks 2000 --seed 1 --out exports

      songpop simulate --weeks 30 --out exports --fault "scale:TikTok Views:2@22" --fault dirty@3
    """
    from songpop.simulate import parse_fault
    from songpop.simulate import simulate as write_exports

    paths = write_exports(weeks, tracks, seed, out, [parse_fault(text) for text in fault or []])
    if as_json:
        print_json({"files": [str(path) for path in paths]})
    else:
        typer.echo(f"{len(paths)} exports in {out}: {paths[0].name} to {paths[-1].name}")
