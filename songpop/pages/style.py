"""How pages look: light or dark as the reader prefers, on a phone and on paper."""

from typing import Final

INK: Final = "#1c2733"
BLUE: Final = "#1f5fa8"
GREEN: Final = "#2f8a57"
RUST: Final = "#b0532f"
GREY: Final = "#777777"
BROWN: Final = "#8a6d3b"
SKY: Final = "#6ea4dc"

DARK: Final = {
    INK: "#dfe6ee",
    BLUE: "#74b0f4",
    GREEN: "#5cc48a",
    RUST: "#ee9470",
    GREY: "#9aa5b1",
    BROWN: "#d3b172",
    SKY: "#a9cdf3",
}
"""What each colour becomes on a dark screen, at a contrast of at least 4.5 to the paper there."""


def variable(colour: str) -> str:
    """Return the CSS value that is *colour*, or its dark counterpart where the reader wants it."""
    return f"var(--c{colour[1:]},{colour})"


_DARK_COLOURS: Final = ";".join(f"--c{light[1:]}:{dark}" for light, dark in DARK.items())

STYLE: Final = f"""
:root{{color-scheme:light dark;--ink:{INK};--soft:#56626e;--line:#dde3ea}}
:root{{--paper:#fff;--warn:#fbe9e7}}
@media screen and (prefers-color-scheme:dark){{
:root{{--ink:#dfe6ee;--soft:#9fabb8;--line:#323c47;--paper:#14191f;--warn:#3a211a;{_DARK_COLOURS}}}}}
*{{box-sizing:border-box}}
body{{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0}}
main{{max-width:66rem;margin:2rem auto;padding:0 1rem}}
h1{{font-size:1.6rem;line-height:1.25}}h2{{margin-top:2.2rem}}
h1,h2,p,li,figcaption,caption{{overflow-wrap:anywhere}}
p,li{{max-width:46rem}}.lead{{font-size:1.08rem}}.note,small{{color:var(--soft)}}
.warn{{background:var(--warn);border-left:4px solid {variable(RUST)};padding:.4rem .8rem}}
.wide{{overflow-x:auto;margin:.6rem 0 1.4rem}}
table{{border-collapse:collapse;font-variant-numeric:tabular-nums}}
caption{{max-width:calc(100vw - 2rem);text-align:left;color:var(--soft);padding:.2rem 0}}
th,td{{padding:.2rem .7rem;text-align:right;border-bottom:1px solid var(--line)}}
td{{white-space:nowrap}}thead th{{vertical-align:bottom}}tbody th{{font-weight:400}}
tbody th{{white-space:nowrap;max-width:24rem;overflow:hidden;text-overflow:ellipsis}}
th:first-child{{text-align:left;padding-left:.3rem;position:sticky;left:0;background:var(--paper)}}
.marked th:first-child,.marked td{{background:var(--warn)}}
figure{{margin:1rem 0}}figcaption{{color:var(--soft)}}svg{{max-width:100%;height:auto}}
.beside{{display:flex;flex-wrap:wrap;gap:0 2rem}}.beside>*{{max-width:100%}}
summary{{cursor:pointer}}details{{margin:.6rem 0}}
@media (max-width:40rem){{th,td{{padding:.2rem .5rem;font-size:.86rem}}
tbody th{{white-space:normal;min-width:6.6rem;max-width:11rem;overflow-wrap:break-word}}}}
@media print{{main{{max-width:none;margin:0}}body{{font-size:9.5pt}}
th,td{{padding:.1rem .35rem}}.wide{{overflow:visible}}
tr,figure{{break-inside:avoid}}h2,caption{{break-after:avoid}}
details::details-content{{content-visibility:visible;height:auto}}}}
"""
