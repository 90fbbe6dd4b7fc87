"""A file of keys with two in it, and applications that ask for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from service.app import create_app
from service.config import Settings
from service.guard.keys import make_key
from service.guard.settings import GuardSettings

LEAST = "industry=finance&phase=modeling&deployment.pattern=batch"
ASKED = f"/recommend?{LEAST}"

Make = Callable[..., Flask]


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    """Where keys are kept; there is none yet."""
    return tmp_path / "keys.json"


@pytest.fixture
def reader(keys_file: Path) -> str:
    """What the holder of a key with the scope `recommend` presents."""
    return make_key(keys_file, "reader", ["recommend"], None)[1]


@pytest.fixture
def batcher(keys_file: Path) -> str:
    """What the holder of a key with every other scope presents."""
    return make_key(keys_file, "batcher", ["batch", "rulebook", "metrics"], None)[1]


@pytest.fixture
def guarded(settings: Settings) -> Make:
    """Make an application with settings of the guard."""
    return lambda **guard: create_app(replace(settings, guard=GuardSettings(**guard)))
