"""Reading a page as a browser would, as far as tests need it."""

from html.parser import HTMLParser
from typing import Final

_VOID: Final = {"meta", "br", "hr", "img", "link", "input"}
_ADDRESSES: Final = {"src", "href", "xlink:href", "action", "data"}


class Page(HTMLParser):
    """Tags, tables and addresses of a page; complains of a tag that is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.tables: list[list[list[str]]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"th", "td"}:
            assert tag == "td" or dict(attrs).get("scope") in {"col", "row"}
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if {"th", "td"} & set(self._open):
            self.tables[-1][-1][-1] += data

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {key for key, _ in attrs}
        self.ids += [value or "" for key, value in attrs if key == "id"]
        self.addresses += [value or "" for key, value in attrs if key in _ADDRESSES]

    def table(self, *header: str) -> dict[str, dict[str, str]]:
        """Return the rows of the table whose header begins so, by their first cells."""
        found = next(rows for rows in self.tables if rows[0][: len(header)] == list(header))
        return {row[0]: dict(zip(found[0], row, strict=True)) for row in found[1:]}
