"""Figures as words, the same on the terminal and on the page."""

from songpop.evaluate.clusters import Difference
from songpop.reproduce.residuals import Residuals


def show_difference(difference: Difference | None) -> str:
    """Return a difference with its interval, to four digits; nothing for null."""
    if difference is None:
        return ""
    return f"{difference.mean:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}]"


def describe_residuals(residuals: Residuals) -> str:
    """Return in one sentence how far the leak-free score is from 98 %, and why."""
    start = f"{residuals.accuracy:.1%} of all rows are right; "
    if residuals.blind_distance is None or residuals.blind_share is None:
        return start + "no distance from the median leaves rows of which 98 % are."
    if residuals.blind_points is None or not residuals.blind_distance:
        return start + "no row need be left out for 98 %."
    low, high = residuals.blind_points
    return (
        f"{start}98 % are reached without the {residuals.blind_share:.1%} of rows whose Track "
        f"Score lies within {residuals.blind_distance:.1f} percentiles of the median "
        f"({low:g} to {high:g} points)."
    )


def show_setting(setting: dict[str, float]) -> str:
    """Return a setting as ``name value, name value``."""
    return ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in setting.items())
