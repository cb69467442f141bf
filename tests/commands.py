"""songpop's commands as a user types them: processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

MOST_SECONDS = 120


def songpop(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``songpop`` with *arguments* in *cwd*; more variables by name."""
    return subprocess.run(
        [sys.executable, "-m", "songpop", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_SECONDS,
    )
