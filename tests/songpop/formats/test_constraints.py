import pytest

from songpop.formats.constraints import check_groups, check_known, check_pattern, check_unique


@pytest.mark.parametrize("pattern", ["^(a+)$", "(?:x|y)(z)", r"(?P<id>[0-9]\d)"])
def test_pattern_of_one_group_is_fine(pattern: str) -> None:
    check_pattern(pattern, groups=1)


@pytest.mark.parametrize("pattern", ["a", "(a)(b)", "(?!a)(b)", "(?<=a)(b)", r"(a)\1"])
def test_pattern_must_be_readable_in_linear_time(pattern: str) -> None:
    with pytest.raises(ValueError, match="a pattern with 1 group and neither lookaround nor back"):
        check_pattern(pattern, groups=1)


def test_pattern_must_compile() -> None:
    with pytest.raises(ValueError, match=r"^a regular expression \("):
        check_pattern("(", groups=1)
    with pytest.raises(ValueError, match="week_in_name as a regular expression"):
        check_groups("(")


def test_groups_of_names_are_known() -> None:
    check_groups("(?P<region>a)(?P<week>b)(?P<exclusive_end>c)(d)")

    with pytest.raises(ValueError, match=r"groups of week_in_name among 3: .*, not 1: day"):
        check_groups("(?P<day>a)")


def test_names_stand_once_and_are_declared() -> None:
    check_unique("columns", ["a", "b"])
    check_known("size_metric", ["a", None], {"a", "b"})

    with pytest.raises(ValueError, match="columns named once each, not 1: a"):
        check_unique("columns", ["a", "b", "a"])
    with pytest.raises(ValueError, match="size_metric among 1: a, not 1: b"):
        check_known("size_metric", ["b"], {"a"})
