"""What the Slack app remembers is remembered in a Redis of any kind."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import uuid4

import pytest
from slack_sdk.oauth.installation_store import Bot

from service.slack.installs import Installations
from service.slack.store import RECENT, Store
from tests.lab import KINDS, Lab

pytestmark = pytest.mark.redis


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, redis_of: Callable[[str], Lab]) -> Store:
    """A store in a Redis of each kind."""
    return Store.at(redis_of(request.param).url)


def test_claims_texts_and_recent_answers_are_kept(store: Store) -> None:
    """One key a command, or several commands on one key, is all that it asks of Redis."""
    person, claim = uuid4().hex, uuid4().hex
    for number in range(RECENT + 2):
        store.remember(person, {"number": number})
    name = store.keep(person)

    assert [entry["number"] for entry in store.recent(person) or []] == list(range(RECENT + 1, 1, -1))
    assert name is not None
    assert store.kept(name) == person
    assert store.claim(claim)
    store.release(claim)
    assert store.claim(claim)


def test_a_bot_is_found_by_its_workspace_or_its_organisation(store: Store) -> None:
    """The two keys may be on different nodes."""
    organisation = uuid4().hex
    installations = Installations(store, logging.getLogger("test"))
    installations.save_bot(
        Bot(
            bot_token="xoxb-1", bot_id="B1", bot_user_id="U1", installed_at=1.0, team_id=None,  # noqa: S106
            enterprise_id=organisation, is_enterprise_install=True,
        )
    )  # fmt: skip

    found = installations.find_bot(enterprise_id=organisation, team_id="T1")

    assert found is not None
    assert found.bot_id == "B1"
