"""What rides in messages, what is configured, and what is asked for in the manifest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import environs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import WIRE
from schemas.faults import InputError
from schemas.flat import flatten, nest
from schemas.project import load_project
from service.slack.conversation import named, read, unmarked
from service.slack.form import Origin, errors, origin_of
from service.slack.installs import SCOPES
from service.slack.place import place_of, request_key
from service.slack.settings import read_slack
from service.slack.state import BLOCK, BUTTON, LostError, States, spell
from service.slack.store import Store
from tests.documents import documents
from tests.servers import RedisServer

ROOT = Path(__file__).parents[2]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.dictionaries(st.sampled_from(sorted(WIRE)), TEXT))
def test_what_a_button_carries_comes_back(pairs: dict[str, str]) -> None:
    """Any pairs, spelled and read again, are the same, and hold no character that Slack escapes."""
    spelled = spell(pairs)
    assert not set(spelled) & set("&<>")
    assert States(Store(None)).unpack(spelled) == pairs


@given(documents())
def test_any_project_fits_a_button_without_redis(document: dict[str, Any]) -> None:
    """However much a project says, its controls work; what is only echoed goes first."""
    pairs = {name: text for name, text in flatten(load_project(document)) if name != "description"}
    carried = States(Store(None)).pack(pairs)
    assert len(carried.button) <= BUTTON
    assert carried.block is None or len(carried.block) <= BLOCK
    unpacked = States(Store(None)).unpack(carried.button)
    assert load_project(nest(unpacked.items())).project == load_project(document).project


def test_what_is_long_is_kept_and_found(shared_redis: RedisServer) -> None:
    """With Redis a long project has a short name, good for a menu's block too, and another process finds it."""
    pairs = {"name": "n" * 200, "languages": "python,r,sql" * 60}
    carried = States(Store.at(shared_redis.url)).pack(pairs)
    assert carried.button.startswith("@")
    assert carried.block == carried.button
    assert States(Store.at(shared_redis.url)).unpack(carried.button) == pairs
    with pytest.raises(LostError):
        States(Store.at(shared_redis.url)).unpack("@nothing")


def test_a_claim_is_one_callers_over_processes(shared_redis: RedisServer) -> None:
    """The first to claim a key has it until it is released."""
    one, other = Store.at(shared_redis.url), Store.at(shared_redis.url)
    assert one.claim("k")
    assert not one.claim("k")
    assert not other.claim("k")
    one.release("k")
    assert Store.at(shared_redis.url).claim("k")


def test_only_the_newest_answers_are_remembered(shared_redis: RedisServer) -> None:
    """Five, newest first."""
    store = Store.at(shared_redis.url)
    for number in range(8):
        store.remember("somebody", {"number": number})
    assert [entry["number"] for entry in store.recent("somebody") or []] == [7, 6, 5, 4, 3]
    assert store.recent("nobody") == []
    assert Store(None).recent("somebody") is None


@pytest.mark.parametrize(
    ("note", "environment", "complaint"),
    [
        ("no secret", {"SLACK_BOT_TOKEN": "x"}, "SLACK_SIGNING_SECRET"),
        ("no token", {"SLACK_SIGNING_SECRET": "x"}, "SLACK_BOT_TOKEN"),
        ("half of OAuth", {"SLACK_SIGNING_SECRET": "x", "SLACK_CLIENT_ID": "x"}, "SLACK_CLIENT_SECRET"),
        (
            "OAuth without Redis",
            {"SLACK_SIGNING_SECRET": "x", "SLACK_CLIENT_ID": "x", "SLACK_CLIENT_SECRET": "x"},
            "REDIS_URL",
        ),
    ],
)
def test_half_a_configuration_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, note: str, environment: dict[str, str], complaint: str
) -> None:
    """What is missing is named."""
    _set(monkeypatch, environment)
    with pytest.raises(environs.EnvError, match=complaint):
        read_slack(environs.Env(), None, None)


def test_no_configuration_means_no_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off unless configured; secrets are in no repr."""
    _set(monkeypatch, {"SLACK_API_URL": "http://x"})
    assert read_slack(environs.Env(), None, None) is None
    _set(monkeypatch, {"SLACK_SIGNING_SECRET": "s3cret", "SLACK_BOT_TOKEN": "xoxb-t0ken", "SLACK_API_URL": "http://x"})
    settings = read_slack(environs.Env(), "redis://r", None)
    assert settings is not None
    assert (settings.api_url, settings.redis_url, settings.oauth) == ("http://x/", "redis://r", False)
    assert "s3cret" not in repr(settings)
    assert "t0ken" not in repr(settings)


def test_the_manifest_asks_for_what_the_app_uses() -> None:
    """Scopes, command, shortcut, events and addresses are those that the code knows, each scope with its reason."""
    text = (ROOT / "slack" / "manifest.yaml").read_text(encoding="utf-8")
    manifest = yaml.safe_load(text)
    assert tuple(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES
    for scope in SCOPES:
        assert re.search(rf"- {scope} +# \w+", text)
    assert [one["command"] for one in manifest["features"]["slash_commands"]] == ["/staffing"]
    assert [one["callback_id"] for one in manifest["features"]["shortcuts"]] == ["staff_message"]
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert events == ["app_home_opened", "app_uninstalled", "tokens_revoked"]
    urls = set(re.findall(r"https://\S+", text))
    assert {url.split("/", 3)[3] for url in urls} == {"slack/events", "slack/oauth_redirect"}
    assert len(manifest["display_information"]["long_description"]) >= 174


def test_a_name_is_the_first_words_on_one_line() -> None:
    """Whatever the text, its name can be printed and is short."""
    assert named("two\nlines\x00 and\ta tab") == "two lines and a tab"
    assert named("x" * 200) == "x" * 79 + "…"
    assert unmarked("see <https://example.org|this>, <@U1> &amp; p99 &lt; 80") == "see this, @U1 & p99 < 80"


def test_what_is_given_wins_over_what_words_say() -> None:
    """And is not said to be read from them."""
    reading = read("real-time fraud model for a bank", {"industry": "retail"})
    assert reading.pairs["industry"] == "retail"
    assert "industry" not in reading.words
    assert reading.pairs["deployment.pattern"] == "real_time"


def test_a_fault_of_no_input_stands_under_the_words() -> None:
    """Slack refuses an error for an input that is not in the form."""
    from_budget = load_faults({"budget.amount": "much", "team.size": "lots"})
    assert from_budget.keys() == {"description", "team.size"}


def load_faults(values: dict[str, str]) -> dict[str, str]:
    """The errors of a project that is right but for these values."""
    right = {"industry": "retail", "phase": "modeling", "deployment.pattern": "batch"}
    with pytest.raises(InputError) as caught:
        load_project(nest((right | values).items()))
    return errors(caught.value.faults)


def test_where_a_form_was_opened_comes_back() -> None:
    """Through the modal's private metadata."""
    origin = Origin("industry=finance", "https://hooks.example.org/1", "C1")
    assert origin_of({"private_metadata": origin.packed()}) == origin


def test_every_kind_of_request_tells_its_place_and_key() -> None:
    """Commands are flat, interactions nested, events without a trigger."""
    command = place_of({"team_id": "T", "user_id": "U", "channel_id": "C", "trigger_id": "t", "enterprise_id": "E"})
    assert (command.team, command.user, command.channel, command.enterprise) == ("T", "U", "C", "E")
    pressed = place_of({"team": {"id": "T"}, "user": {"id": "U"}, "container": {"channel_id": "C"}, "enterprise": None})
    assert (pressed.team, pressed.user, pressed.channel, pressed.enterprise) == ("T", "U", "C", None)
    assert place_of({"team_id": "T", "event": {"user": "U"}}).user == "U"
    assert request_key({"event_id": "E1", "trigger_id": "t"}) == "E1"


def _set(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in ("SIGNING_SECRET", "BOT_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "API_URL", "REDIS_URL"):
        monkeypatch.delenv(f"SLACK_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
