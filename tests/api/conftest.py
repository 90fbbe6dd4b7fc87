"""One application for all tests of routes; those that count, or change it, take `app` instead."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.config import Settings, bundled_rulebook


@pytest.fixture(scope="session")
def shared_app() -> Flask:
    """An application with the process tier alone."""
    return create_app(Settings(rulebook=bundled_rulebook()))


@pytest.fixture
def client(shared_app: Flask) -> FlaskClient:
    """A client of that application."""
    return shared_app.test_client()
