"""The SQL files under ``sql/``, read by name."""

from functools import cache
from pathlib import Path

from songpop.errors import CheckError, expected

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel carries the files inside the package; a checkout has them at its top level.
SQL_ROOT = _PACKAGE / "_sql" if (_PACKAGE / "_sql").is_dir() else _PACKAGE.parent / "sql"


@cache
def read_sql(name: str) -> str:
    """Return the text of ``sql/<name>.sql``.

    Raises:
        CheckError: the installation lacks the file.
    """
    path = SQL_ROOT / f"{name}.sql"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        message = expected(f"sql/{name}.sql", "a file", "none", "reinstall songpop")
        raise CheckError(message) from error


def list_sql(folder: str) -> list[str]:
    """Return the names, without ``.sql``, of the files in ``sql/<folder>``, sorted."""
    return sorted(f"{folder}/{path.stem}" for path in (SQL_ROOT / folder).glob("*.sql"))
