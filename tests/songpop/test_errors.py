import pytest

from songpop import errors


def test_message_says_what_was_expected_what_came_and_what_to_do() -> None:
    message = errors.expected("week 2024-06-13", "1 export", "0", "pass --week")

    assert message == "week 2024-06-13: expected 1 export, got 0; pass --week"


def test_lists_give_the_count_and_at_most_five_names_in_order() -> None:
    assert errors.list_names(["b", "a"]) == "2: a, b"
    assert errors.list_names("gfedcba") == "7: a, b, c, d, e, …"


def test_a_persons_mistake_exits_with_two_and_everything_else_with_one() -> None:
    input_errors = {errors.SettingsError, errors.FormatError, errors.LandingError}
    others = {errors.BusyError, errors.CheckError, errors.ArtefactError}

    assert {error.exit_code for error in input_errors} == {2}
    assert {error.exit_code for error in others} == {1}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_interrupt_is_known_within_a_statement_too(error: BaseException) -> None:
    assert errors.is_interruption(error)


@pytest.mark.parametrize("error", [RuntimeError("Query failed"), ValueError("Query interrupted")])
def test_other_errors_are_no_interrupt(error: BaseException) -> None:
    assert not errors.is_interruption(error)


def test_tree_at_the_top_of_the_module_names_every_error() -> None:
    drawn = errors.__doc__ or ""
    defined = [name for name, value in vars(errors).items() if isinstance(value, type)]

    assert [name for name in defined if name != "Iterable" and name not in drawn] == []
