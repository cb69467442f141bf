"""Look at pages as people do: screenshots by a headless Chromium, and an accessibility checker.

``python -m tests.benchmarks.look warehouse/reports/us/2024-06-27.html --out shots`` writes a
screenshot of the whole page for each of desktop and phone, light and dark. With ``--axe
axe.min.js``, the file of the package axe-core, it also prints what that finds, all folded parts
open; any finding ends with exit code 1.
"""

import argparse
import base64
import itertools
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from websockets.sync.client import connect
from websockets.sync.connection import Connection

SIZES: Final = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES: Final = ("light", "dark")
_TALLEST: Final = 16_000
"""Pixels that Chromium draws at most in one picture."""
_UNFOLD: Final = "document.querySelectorAll('details').forEach(one => one.open = true)"
_CHECK: Final = """axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify(
found.violations.map(one => `${one.id} (${one.impact}): ${one.nodes.length}, first ` +
one.nodes[0].target.join(' '))))"""


class Tab:
    """A tab of a headless browser, driven over the DevTools protocol."""

    def __init__(self, connection: Connection, session: str) -> None:
        """Drive the tab *session* of the browser at the other end of *connection*."""
        self._connection = connection
        self._session = session
        self._numbers = itertools.count(1_000)

    def call(self, method: str, **params: object) -> Mapping[str, Any]:
        """Return the answer to a command."""
        number = next(self._numbers)
        return _send(self._connection, number, method, params, self._session)

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """Return what *script* evaluates to, once it has settled."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"])[:1_000])
        return answer["result"].get("value")

    def show(self, page: Path, width: int, height: int, scheme: str) -> None:
        """Open *page* on a screen of *width* and *height* whose reader prefers *scheme*."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < height,
        )
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=media)
        self.call("Page.navigate", url=page.resolve().as_uri())
        self.run(
            "new Promise(done => document.readyState === 'complete' ? done() :"
            "addEventListener('load', () => done()))"
        )

    def shoot(self, path: Path) -> None:
        """Write a picture of the whole page."""
        width, height = self.run("[innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, _TALLEST), "scale": 1}
        answer = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(answer["data"]))

    def check(self, axe: str) -> list[str]:
        """Return what axe-core finds, folded parts opened: its rule, how often, where first."""
        self.run(f"{axe};0")
        self.run(_UNFOLD)
        return json.loads(self.run(_CHECK))


def _send(
    connection: Connection, number: int, method: str, params: object, session: str = ""
) -> Mapping[str, Any]:
    message = {"id": number, "method": method, "params": params}
    connection.send(json.dumps({**message, "sessionId": session} if session else message))
    while True:
        answer = json.loads(connection.recv(timeout=120))
        if answer.get("id") == number:
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            return answer["result"]


@contextmanager
def open_tab() -> Generator[Tab]:
    """Start a browser of our own and end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="songpop-look-", ignore_cleanup_errors=True) as folder:
        command = ["chromium", "--headless", "--no-sandbox", "--remote-debugging-port=0"]
        with subprocess.Popen(
            [*command, "--hide-scrollbars", f"--user-data-dir={folder}", "about:blank"],
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                with connect(_find_address(process), max_size=None) as connection:
                    made = _send(connection, 1, "Target.createTarget", {"url": "about:blank"})
                    target = {"targetId": made["targetId"], "flatten": True}
                    attached = _send(connection, 2, "Target.attachToTarget", target)
                    yield Tab(connection, attached["sessionId"])
            finally:
                process.terminate()


def _find_address(process: "subprocess.Popen[str]") -> str:
    for line in process.stderr or ():
        found = re.search(r"DevTools listening on (ws://\S+)", line)
        if found:
            return found[1]
    raise RuntimeError("chromium: expected an address of its DevTools, got none; is it installed?")


def look(tab: Tab, page: Path, out: Path, axe: str = "") -> dict[str, tuple[str, ...]]:
    """Write the pictures of *page* to *out*; return the findings by size and colour scheme."""
    out.mkdir(parents=True, exist_ok=True)
    found: dict[str, tuple[str, ...]] = {}
    for (size, (width, height)), scheme in itertools.product(SIZES.items(), SCHEMES):
        tab.show(page, width, height, scheme)
        tab.shoot(out / f"{page.parent.name}-{page.stem}-{size}-{scheme}.png")
        spill = tab.run("document.documentElement.scrollWidth - innerWidth")
        told = [f"wider than the screen by {spill} pixels"] if spill > 0 else []
        found[f"{size}, {scheme}"] = (*told, *(tab.check(axe) if axe else ()))
    return found


def main() -> None:
    """Look at each page and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.look", description=__doc__)
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--axe", type=Path, help="axe.min.js of the package axe-core")
    options = parser.parse_args()
    axe = options.axe.read_text(encoding="utf-8") if options.axe else ""
    is_clean = True
    with open_tab() as tab:
        for page in options.pages:
            for how, found in look(tab, page, options.out, axe).items():
                is_clean = is_clean and not found
                print(f"{page}, {how}: {'; '.join(found) or 'nothing found'}")  # noqa: T201
    sys.exit(0 if is_clean else 1)


if __name__ == "__main__":
    main()
