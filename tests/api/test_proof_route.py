"""The proof over HTTP: counted once, kept, and of the rulebook that decides."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from schemas.certificate import read_certificate
from schemas.verification import objections
from service.app import create_app
from service.config import Settings, bundled_rulebook
from tests.article import article


def test_the_certificate_is_of_the_rulebook_that_decides(client: FlaskClient) -> None:
    """It can be verified against the rulebook by its witnesses, and is not counted twice."""
    first, second = client.get("/rulebook/proof"), client.get("/rulebook/proof")
    assert list(objections(read_certificate(first.json), article())) == []
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert second.headers["Cache-Status"] == "process; hit"


def test_an_unchanged_proof_is_not_sent_again(client: FlaskClient) -> None:
    """The ETag answers 304."""
    tag = client.get("/rulebook/proof").headers["ETag"]
    assert client.get("/rulebook/proof", headers={"If-None-Match": tag}).status_code == 304


def test_a_file_that_changed_since_is_no_proof(tmp_path: Path) -> None:
    """Where the file is no longer what decides, that is said rather than another rulebook's proof sent."""
    path = tmp_path / "ours.yaml"
    path.write_text(bundled_rulebook().read_text())
    client = create_app(Settings(rulebook=path)).test_client()
    path.write_text(bundled_rulebook().read_text() + "\n# another\n")
    answer = client.get("/rulebook/proof")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert "changed since the service read it" in answer.json["detail"]
