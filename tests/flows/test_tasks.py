import pytest
from prefect.states import Failed

from flows.tasks import is_worth_retrying
from songpop.errors import InputError, SongpopError


def chained(cause: BaseException | None) -> SongpopError:
    error = SongpopError("publication: expected room, got none; make room")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_retried"),
    [
        (OSError(28, "No space left on device"), True),
        (chained(OSError(28, "No space left on device")), True),
        (chained(None), False),
        (InputError("mend it"), False),
    ],
)
def test_only_what_a_disk_may_get_over_is_tried_again(
    error: BaseException, *, is_retried: bool
) -> None:
    assert is_worth_retrying(None, None, Failed(data=error)) is is_retried
