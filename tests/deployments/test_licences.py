import re

from tests.deployments.licences import list_required, read_licence, read_page

# The copyleft licences that reach beyond the package itself.
REACHING = re.compile(r"\b(A?GPL|SSPL|General Public License)", re.IGNORECASE)
CHOICE = {"text-unidecode": "Artistic License"}
"""Packages that leave a choice, and what is chosen."""


def test_every_required_package_is_listed_with_the_licence_that_it_states() -> None:
    listed = read_page()

    assert sorted(listed) == list_required()
    installed = {name: licence for name in listed if (licence := read_licence(name)) is not None}
    assert len(installed) > 100
    assert {name: listed[name] for name in installed} == installed


def test_no_package_asks_for_the_source_of_what_uses_it() -> None:
    asking = {name: licence for name, licence in read_page().items() if REACHING.search(licence)}

    assert asking.keys() == CHOICE.keys()
    assert all(CHOICE[name] in licence for name, licence in asking.items())
