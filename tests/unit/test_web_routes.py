"""The page's routes: what they answer, under which headers, and how little of it goes over the wire."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.config import Settings
from service.web import picture

QUERY = "industry=finance&phase=modeling&deployment.pattern=real_time&data.quality=poor&team.size=8"
PAGES = ["/", f"/?{QUERY}", f"/compare?scenario={quote(QUERY)}", f"/rules?{QUERY}", "/?industry=fintec"]
FEWEST = 60_000  # bytes that a first visit may take


@pytest.mark.parametrize("address", PAGES)
def test_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient, address: str) -> None:
    """The policy allows our own files alone, and no page needs more."""
    reply = client.get(address)
    policy = reply.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert re.findall(r"<(?:script|style)(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son[a-z]+=|javascript:", reply.text) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', reply.text) == []


@pytest.mark.parametrize("address", PAGES)
def test_the_browser_is_held_to_the_page(client: FlaskClient, address: str) -> None:
    """No sniffing, no frames, and no address (which holds the project) told to others."""
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", PAGES[:4])
def test_a_first_visit_takes_less_than_60_kb(client: FlaskClient, address: str) -> None:
    """The page and all it loads, as it goes over the wire."""
    squeezed = {"Accept-Encoding": "gzip"}
    reply = client.get(address, headers=squeezed)
    files = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', gzip.decompress(reply.data).decode()))
    sizes = [len(client.get(name, headers=squeezed).data) for name in files]
    assert len(files) == 6
    assert len(reply.data) + sum(sizes) < FEWEST


def test_assets_are_kept_for_good_under_their_digest(client: FlaskClient) -> None:
    """A new version has a new address; an old or unknown one is gone."""
    name = re.findall(r'"(/assets/[^"]+\.css)"', client.get("/").text)[0]
    assert client.get(name).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(re.sub(r"/assets/\w+/", "/assets/000000000000/", name)).status_code == 404


def test_what_cannot_be_read_is_a_422_that_still_is_the_page(client: FlaskClient) -> None:
    """The reader gets the form back with the message; what is only missing is no fault."""
    assert client.get("/?industry=fintec").status_code == 422
    assert "did you mean &#39;fintech&#39;?" in client.get("/?industry=fintec").text
    assert client.get("/?industry=finance").status_code == 200
    assert client.get("/compare?scenario=industry%3Dfinance").status_code == 422


def test_markup_in_what_was_said_is_text(client: FlaskClient) -> None:
    """Whatever a link says is shown, never run: in the page, in its head and in the picture."""
    script = quote('"><script>alert(1)</script>')
    for address in (
        f"/?{QUERY}&name={script}",
        f"/?industry={script}",
        f"/rules?find={script}",
        f"/compare?scenario={script}",
    ):
        assert "<script>alert" not in client.get(address).text
    assert client.get(f"/recommend.png?{QUERY}&name={script}").status_code == 200


def test_a_shared_link_shows_the_answer(settings: Settings) -> None:
    """Title, description and picture of the answer, under the public address where one is set."""
    client = create_app(replace(settings, public_url="https://staffing.example/")).test_client()
    text = client.get(f"/?{QUERY}").text
    image = re.findall(r'og:image" content="([^"]+)"', text)[0].replace("&amp;", "&")
    assert image == f"https://staffing.example/recommend.png?{QUERY}"
    assert client.get(image.removeprefix("https://staffing.example")).data[:8] == b"\x89PNG\r\n\x1a\n"
    assert 'og:title" content="8 people: ' in text


def test_the_picture_is_the_same_each_time_and_asked_for_by_its_etag(client: FlaskClient) -> None:
    """Equal bytes, and a 304 to who has them."""
    first = client.get(f"/recommend.png?{QUERY}")
    picture.png.cache_clear()
    assert client.get(f"/recommend.png?{QUERY}").data == first.data
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/recommend.png?{QUERY}", headers=tag).status_code == 304
    size = int.from_bytes(first.data[16:20]), int.from_bytes(first.data[20:24])
    assert size == (picture.WIDTH, picture.HEIGHT)


@pytest.mark.parametrize("name", ["recommend.png", "recommend.csv"])
def test_a_picture_or_sheet_of_nothing_is_a_problem(client: FlaskClient, name: str) -> None:
    """The faults are told as the API tells them."""
    reply = client.get(f"/{name}?industry=fintec")
    assert reply.status_code == 422
    assert reply.content_type == "application/problem+json"
