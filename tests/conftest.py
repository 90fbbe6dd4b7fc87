"""What all tests share: an application under the bundled rulebook, real servers, and no silent skips in CI."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.config import Settings, bundled_rulebook

pytest_plugins = ["tests.servers", "tests.lab", "tests.workers"]


@pytest.fixture
def settings() -> Settings:
    """The defaults, whatever the environment of the tests sets."""
    return Settings(rulebook=bundled_rulebook())


@pytest.fixture
def app(settings: Settings) -> Flask:
    """An application with the process tier alone."""
    return create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of that application."""
    return app.test_client()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where nothing may be skipped (STAFFING_NO_SKIPS=1), a skipped test is a failed one."""
    report = yield
    if os.environ.get("STAFFING_NO_SKIPS") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report
