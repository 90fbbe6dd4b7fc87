"""`GET /rulebook/proof`: the certificate of the rulebook that decides, counted once and kept in the cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import ServiceUnavailable

from service.cache import Fetched
from service.recommender import Recommender, code_digest

_PATIENCE = 120  # seconds for counting a rulebook; the article's takes a few


def blueprint(recommender: Recommender, path: Path) -> Blueprint:
    """The proof's route, for the rulebook that was read from `path`."""
    routes = Blueprint("proof", __name__)
    etag = _name(recommender)

    @routes.get("/rulebook/proof")
    def proof() -> Response:
        fetched = certified(recommender, path)
        response = Response(fetched.value, content_type="application/json")
        response.headers["Cache-Status"] = fetched.cache_status
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(etag)
        return response.make_conditional(request)  # type: ignore[return-value]

    return routes


def certified(recommender: Recommender, path: Path) -> Fetched:
    """The certificate's JSON, from the cache or counted; raises ServiceUnavailable where it can't be."""
    digest = recommender.engine.rulebook.digest
    return recommender.cache.fetch(f"proof {_name(recommender)}", lambda: _count(path, digest))


def _name(recommender: Recommender) -> str:
    return f"{recommender.engine.rulebook.digest} {code_digest()[:16]}"


def _count(path: Path, digest: str) -> bytes:
    # Counting takes a second or more of pure computation: in a process of its own, no other request waits for it.
    command = [sys.executable, "-m", "service.cli", "rulebook", "prove", "--json", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE)  # noqa: S603 (our own words)
    except subprocess.TimeoutExpired:
        raise ServiceUnavailable(f"This rulebook could not be counted within {_PATIENCE} s.") from None
    if not done.stdout:
        raise ServiceUnavailable(f"This rulebook could not be counted. {done.stderr.decode(errors='replace').strip()}")
    certificate = orjson.loads(done.stdout)
    if certificate["rulebook"]["digest"] != digest:
        raise ServiceUnavailable("The rulebook's file has changed since the service read it; SIGHUP has it read again.")
    return orjson.dumps(certificate)
