"""Getting an answer to whoever asked, by another way where the first is closed, and saying plainly why not."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RateLimitErrorRetryHandler, RetryHandler, RetryState
from slack_sdk.webhook import WebhookClient

from service.logs import LOGGER
from service.slack.place import Place
from service.slack.present.message import notice

Json = dict[str, Any]
Tokens = Callable[[Place], str | None]
Tell = Callable[[str, str], None]

PATIENCE = 30  # seconds that an answer waits for a rate limit to pass
HURRY = 1  # seconds that a window waits: its trigger lives for three
_TIMEOUT = 10  # seconds for one call
_NO_TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked", "no_permission"}
)
_NOT_HERE = frozenset({"channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived"})


class RefusedError(Exception):
    """A call that Slack did not carry out: its code, and a word on the way out."""

    def __init__(self, method: str, code: str, detail: str = "") -> None:
        self.method, self.code, self.detail = method, code, detail
        super().__init__(f"{method}: {code}")

    def said(self) -> str:
        """What a person is told."""
        if self.code == "missing_scope":
            return f"The app lacks the permission {self.detail}. Ask whoever manages it to install it again with that."
        if self.code in _NO_TOKEN:
            return "Slack does not accept the app's token here. Ask whoever manages it to install it again."
        if self.code in ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id"):
            return "Slack waits three seconds for a window, and that was too short this time. Please try again."
        if self.code == "ratelimited":
            return f"Slack limits how often the app may do this. Please try again in {self.detail or 'a few'} seconds."
        return f"Slack did not take it ({self.code}). Please try again; if it stays so, tell whoever manages the app."


class Delivery:
    """Calls Slack: `tokens` finds a place's token, `api_url` is where methods are; `tell` hears how calls went."""

    def __init__(self, tokens: Tokens, api_url: str, tell: Tell = lambda _method, _outcome: None) -> None:
        self._tokens, self._api_url, self._tell = tokens, api_url, tell
        self._complaints: set[tuple[str, str]] = set()

    def answer(self, place: Place, message: Json) -> None:
        """Show a message to the person alone: by the response URL, else in the channel, else in the app's own."""
        try:
            self._answer(place, message)
        except RefusedError as error:
            self._complain(error, place)

    def share(self, place: Place, message: Json) -> bool:
        """Whether a message could be shown to everybody in the channel; the person is told where not."""
        try:
            self._share(place, message)
        except RefusedError as error:
            self._complain(error, place)
            self.answer(place, notice(error.said()))
            return False
        return True

    def open(self, place: Place, view: Json) -> None:
        """Open a window; the person is told where that can't be."""
        try:
            self._call(place, "views.open", {"trigger_id": place.trigger, "view": view}, patience=HURRY)
        except RefusedError as error:
            self._complain(error, place)
            self.answer(place, notice(error.said()))

    def publish(self, place: Place, view: Json) -> None:
        """Set the person's home tab."""
        try:
            self._call(place, "views.publish", {"user_id": place.user, "view": view})
        except RefusedError as error:
            self._complain(error, place)

    def _share(self, place: Place, message: Json) -> None:
        # The response URL reaches every channel, also those that the app is no member of.
        if place.response_url is not None:
            try:
                self._respond(place.response_url, message | {"response_type": "in_channel", "replace_original": False})
                return
            except RefusedError as error:
                self._complain(error, place)
        self._call(place, "chat.postMessage", {"channel": place.channel, **_said(message)})

    def _answer(self, place: Place, message: Json) -> None:
        if place.response_url is not None:
            try:
                self._respond(place.response_url, {"response_type": "ephemeral"} | message)
                return
            except RefusedError as error:
                self._complain(error, place)
        try:
            if place.channel is not None:
                arguments = {"channel": place.channel, "user": place.user, **_said(message)}
                self._call(place, "chat.postEphemeral", arguments)
                return
        except RefusedError as error:
            if error.code not in _NOT_HERE:
                raise
        self._call(place, "chat.postMessage", {"channel": place.user, **_said(message)})

    def _respond(self, url: str, message: Json) -> None:
        client = WebhookClient(url, timeout=_TIMEOUT, retry_handlers=_retries(PATIENCE))
        try:
            response = client.send_dict(message)
        except (OSError, HTTPException) as error:
            raise RefusedError("response_url", type(error).__name__) from error
        if response.status_code == 429:
            raise RefusedError("response_url", "ratelimited", str(response.headers.get("Retry-After", "")))
        if response.status_code != 200:
            raise RefusedError("response_url", f"http_{response.status_code}", str(response.body)[:100])
        self._settle("response_url")

    def _call(self, place: Place, method: str, arguments: Json, patience: int = PATIENCE) -> None:
        token = self._tokens(place)
        if token is None:
            raise RefusedError(method, "not_authed")
        client = WebClient(token, base_url=self._api_url, timeout=_TIMEOUT, retry_handlers=_retries(patience))
        try:
            client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _refused(method, error) from error
        except (OSError, HTTPException) as error:
            raise RefusedError(method, type(error).__name__) from error
        self._settle(method)

    def _complain(self, error: RefusedError, place: Place) -> None:
        """Count a refusal, and log it once until the method works again."""
        self._tell(error.method, "refused")
        if (error.method, error.code) not in self._complaints:
            self._complaints.add((error.method, error.code))
            LOGGER.warning("slack_refused", method=error.method, code=error.code, detail=error.detail, team=place.team)

    def _settle(self, method: str) -> None:
        self._tell(method, "delivered")
        if self._complaints:
            self._complaints -= {complaint for complaint in self._complaints if complaint[0] == method}


class _Patient(RateLimitErrorRetryHandler):
    """Waits for a rate limit to pass, if that is soon."""

    def __init__(self, patience: int) -> None:
        super().__init__(max_retry_count=2)
        self._patience = patience

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = response is not None and response.status_code == 429
        return limited and response is not None and _wait(response) <= self._patience


def _retries(patience: int) -> list[RetryHandler]:
    # Only what was refused is tried again. A connection that broke off may have delivered, and would twice.
    return [_Patient(patience)]


def _wait(response: HttpResponse) -> int:
    found = next((values for name, values in response.headers.items() if name.lower() == "retry-after"), ["1"])
    return int(found[0]) if found[0].isdigit() else PATIENCE + 1


def _refused(method: str, error: SlackApiError) -> RefusedError:
    response = error.response
    headers = {name.lower(): value for name, value in getattr(response, "headers", {}).items()}
    code = str(response.get("error", "")) if hasattr(response, "get") else ""
    if getattr(response, "status_code", 200) == 429:
        return RefusedError(method, "ratelimited", str(headers.get("retry-after", "")))
    return RefusedError(method, code or "unreadable_response", str(response.get("needed", "")) if code else "")


def _said(message: Json) -> Json:
    """The parts of a message that every way of posting takes."""
    return {"text": message["text"], "blocks": message["blocks"]}
