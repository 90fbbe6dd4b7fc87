"""The answer as a picture, from the same drawings as the page's."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import resvg_py

WIDTH, HEIGHT = 1200, 630  # what those who show a shared link ask for
_LETTERS = [str(files("font_lato") / "files" / f"Lato-{weight}.ttf") for weight in ("Regular", "Bold")]


@lru_cache(maxsize=128)
def png(svg: str) -> bytes:
    """The PNG of a drawing; letters are our own, so that it is the same on every machine."""
    return resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=_LETTERS, font_family="Lato", sans_serif_family="Lato"
    )
