"""README tells the truth: its commands print what it shows, and its tables name what there is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.docs.readme import README, ROOT, blocks, run
from tests.workers import Service

_NAME = re.compile(r"""["']([A-Z]+(?:_[A-Z]+)*)["']""")  # how a reader of settings spells one


@pytest.fixture(scope="module")
def url(serve_module: Callable[..., Service]) -> str:
    """One service for all commands."""
    return serve_module().url


@pytest.mark.parametrize(("command", "output"), blocks(), ids=lambda text: text[:40])
def test_a_command_prints_what_readme_shows(command: str, output: str, url: str) -> None:
    """Each console block is pasted and run; `python -m tests.docs.readme` renews them all."""
    assert run(command, url) == output


def test_every_setting_is_in_the_table() -> None:
    """What a user can set is documented, and nothing that is not there."""
    settings = ("config.py", "slack/settings.py", "guard/settings.py", "watch/telemetry.py")
    readers = ("docker/gunicorn.conf.py", *(f"service/{each}" for each in settings))
    settable = {name for reader in readers for name in _NAME.findall((ROOT / reader).read_text())}
    rows = re.findall(r"^\| (`[A-Z].*?) \|", README.read_text(), re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert documented == settable


def test_every_link_to_a_file_leads_somewhere() -> None:
    """No link within the repository is dead."""
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text())
    assert [link for link in links if not (ROOT / link).exists()] == []
