"""The Slack app in the service: Bolt behind a route, acknowledging at once and working afterwards."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from flask import Blueprint, Response, request
from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.adapter.flask.handler import SlackRequestHandler, to_flask_response
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import CallableAuthorize
from slack_sdk import WebClient
from werkzeug.exceptions import InternalServerError, NotFound, ServiceUnavailable, Unauthorized

from schemas.faults import UnreadableError
from schemas.text import interpret
from service.api.bodies import read_body
from service.cache import Unavailable
from service.logs import LOGGER
from service.recommender import Recommender
from service.slack import form
from service.slack.conversation import Conversation
from service.slack.delivery import Delivery
from service.slack.installs import Installations, oauth_settings
from service.slack.listeners import Listeners
from service.slack.place import Place, place_of, request_key
from service.slack.present.message import help_message, notice
from service.slack.settings import SlackSettings
from service.slack.store import Store

Json = dict[str, Any]
Work = Callable[[Json], None]

AT_ONCE = 32  # answers worked on together in one process; the others wait, acknowledged
_TYPES = ("application/x-www-form-urlencoded", "application/json")
_REFUSED = {
    401: Unauthorized("The request is not signed with this app's secret, or its timestamp is too old."),
    404: NotFound("The Slack app does not listen to this kind of request."),
}


def blueprint(recommender: Recommender, settings: SlackSettings, max_body: int) -> Blueprint:
    """The app's routes: `/slack/events`, and `/slack/install` and `/slack/oauth_redirect` where OAuth is set."""
    routes = Blueprint("slack", __name__, url_prefix="/slack")
    app = build(recommender, settings)

    @routes.post("/events")
    def events() -> Response:
        body = read_body(request.environ, max_body, *_TYPES)
        if not request.headers.get("X-Slack-Request-Timestamp", "0").isdecimal():
            raise _REFUSED[401]  # the library's verifier fails on it
        try:
            asked = BoltRequest(body=body.decode(), headers=dict(request.headers))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise UnreadableError("the body is not what Slack sends") from error
        return _rendered(app.dispatch(asked))

    if settings.oauth:
        handler = SlackRequestHandler(app)

        @routes.get("/install")
        @routes.get("/oauth_redirect")
        def install() -> Response:
            try:
                return handler.handle(request)
            except Unavailable as error:
                raise ServiceUnavailable("Installing needs the store, which does not answer now.") from error

    return routes


def build(recommender: Recommender, settings: SlackSettings) -> App:
    """Bolt with every listener; nothing is asked of Slack until somebody asks the app."""
    interpret("")  # reads the lexicon now: threads that meet a first sentence together would each read it
    logger, store = _logger(), Store.at(settings.redis_url)
    oauth = oauth_settings(settings, store, logger) if settings.oauth else None
    app = App(
        name="staffing",
        logger=logger,
        signing_secret=settings.signing_secret,
        client=WebClient(base_url=settings.api_url, logger=logger),
        # Bolt would ask auth.test before it acknowledges; we look for a token only when one is needed.
        authorize=CallableAuthorize(logger=logger, func=_anybody),  # type: ignore[arg-type]
        oauth_settings=oauth,
        # Acknowledging on the request's own thread: Bolt's pool is for the work, which may fill it.
        process_before_response=True,
        listener_executor=ThreadPoolExecutor(AT_ONCE, thread_name_prefix="slack"),
    )
    installations = Installations(store, logger) if oauth else None
    delivery = Delivery(partial(_token, settings, installations), settings.api_url, recommender.observer.delivered)
    listeners = Listeners(Conversation(recommender, settings.public_url), store, delivery)
    _listen(app, listeners, partial(_job, store, delivery))
    if oauth:
        app.enable_token_revocation_listeners()
    else:  # a token that was set by hand is taken back by hand
        app.event(re.compile("^(tokens_revoked|app_uninstalled)$"))(ack=_ack, lazy=[])
    return app


def _listen(app: App, listeners: Listeners, job: Callable[[Work], Work]) -> None:
    command, submitted = job(listeners.command), job(listeners.submitted)
    anything = re.compile("")
    app.command(anything, matchers=[_asks_for_help])(ack=_help, lazy=[])
    app.command(anything)(ack=_ack, lazy=[command])
    app.shortcut("staff_message")(ack=_ack, lazy=[job(listeners.shortcut)])
    app.action(re.compile(r"^answer:"))(ack=_ack, lazy=[job(listeners.answered)])
    for action in ("adjust", "reasons", "share"):
        app.action(action)(ack=_ack, lazy=[job(getattr(listeners, action))])
    app.action("describe")(ack=_ack, lazy=[job(listeners.adjust)])
    app.action("open")(ack=_ack, lazy=[])

    def faults_of(ack: Ack, view: Json) -> BoltResponse:
        turn = listeners.turn_of_form(view)
        return ack(response_action="errors", errors=form.errors(turn.faults)) if turn.faults else ack()

    app.view("project")(ack=faults_of, lazy=[submitted])
    app.event("app_home_opened", matchers=[_is_home])(ack=_ack, lazy=[job(listeners.home)])
    app.event("app_home_opened")(ack=_ack, lazy=[])


def _job(store: Store, delivery: Delivery, work: Work) -> Work:
    """Work done once for however many repetitions of a request; a failure is logged and said."""

    def run(body: Json) -> None:
        if (key := request_key(body)) and not store.claim(key):
            return
        try:
            work(body)
        except Exception as error:
            LOGGER.error("slack_failed", work=work.__name__, exc_info=error)
            delivery.answer(place_of(body), notice("Something failed here, and is in the service's log."))

    return run


def _ack(ack: Ack) -> BoltResponse:
    return ack()


def _help(ack: Ack, command: Json) -> BoltResponse:
    return ack(response_type="ephemeral", **help_message(command["command"]))


def _asks_for_help(command: Json) -> bool:
    return command.get("text", "").strip().casefold() in ("help", "?", "--help")


def _is_home(event: Json) -> bool:
    return event.get("tab") == "home"


def _anybody(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _token(settings: SlackSettings, installations: Installations | None, place: Place) -> str | None:
    """The token for a place: the only one, or that of the workspace's installation."""
    if installations is None:
        return settings.bot_token
    try:
        bot = installations.find_bot(enterprise_id=place.enterprise, team_id=place.team)
    except Unavailable:
        return None
    return bot.bot_token if bot else None


def _rendered(answered: BoltResponse) -> Response:
    if answered.status >= 400:
        raise _REFUSED.get(answered.status, InternalServerError())
    return to_flask_response(answered)


class _Lines(logging.Handler):
    """Bolt's own errors as lines of the service's log."""

    def emit(self, record: logging.LogRecord) -> None:
        LOGGER.error("slack_bolt", message=record.getMessage())


def _logger() -> logging.Logger:
    # The SDK tells of every call that fails, and so do we, once; Bolt's warnings are about how it is set up.
    logging.getLogger("slack_sdk").addHandler(logging.NullHandler())
    logging.getLogger("slack_sdk").propagate = False
    logger = logging.getLogger("staffing.slack")
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(_Lines())
    return logger
