"""The environment of Evidently and NannyML: made once, outside the repository's own."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CACHE = Path(__file__).resolve().parents[2] / "results" / "peers"
"""Ignored by git, as everything in ``results/``."""


def peers_python() -> Path:
    """Return the interpreter that has both, after installing them where they are not yet.

    The list is complete, so nothing is resolved, and every file's hash is checked.

    Raises:
        RuntimeError: they could not be installed; the message ends with what the installer said.
    """
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    folder = CACHE / f"python{sys.version_info.major}.{sys.version_info.minor}-{digest}"
    python = folder / "bin" / "python"
    done = folder / "installed"
    if done.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    _run([*_installer(python), "--no-deps", "--require-hashes", "-r", str(REQUIREMENTS)])
    done.touch()
    return python


def _installer(python: Path) -> list[str]:
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        return [str(uv), "pip", "install", "--quiet", "--python", str(python)]
    return [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _run(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(
            f"{command[:4]} exited with {result.returncode}: {result.stderr[-2000:]}"
        )


def peers_environment() -> dict[str, str]:
    """Return the environment variables of their processes: nothing is reported to anybody."""
    return {
        **os.environ,
        "DO_NOT_TRACK": "1",
        "NML_DISABLE_USAGE_LOGGING": "1",
        # Otherwise LightGBM's threads wait for each other on a busy machine.
        "LOKY_MAX_CPU_COUNT": os.environ.get("OMP_NUM_THREADS", str(os.cpu_count())),
    }
