"""Slack's Web API as far as the app calls it: an HTTP server that checks every payload, counts, and fails on demand."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.slack.block_kit import message_faults, view_faults

Json = dict[str, Any]
Failure = tuple[int, dict[str, str], Json]


@dataclass
class Call:
    """One call that arrived: `method` is a name of the Web API, or `response_url`."""

    method: str
    token: str | None
    body: Json
    address: str = ""


@dataclass
class Slack:
    """What arrived at the mock, what was wrong with it, and what it is told to do next."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    delay: float = 0.0
    tokens: set[str] = field(default_factory=lambda: {"xoxb-1"})
    _failures: dict[str, deque[Failure]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"http://127.0.0.1:{self.port}/api/"

    def response_url(self, name: str = "1") -> str:
        """An address to answer at; one named `expired` takes nothing."""
        return f"http://127.0.0.1:{self.port}/response/{name}"

    def fail(
        self, method: str, error: str = "", status: int = 200, retry_after: int | None = None, **more: Any
    ) -> None:
        """Let the next call of a method fail."""
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        failure = (status, headers, {"ok": False, "error": error} | more)
        with self._lock:
            self._failures.setdefault(method, deque()).append(failure)

    def forget(self) -> None:
        """Start anew: nothing arrived, nothing was wrong, nothing will fail."""
        with self._lock:
            self.calls, self.faults, self.delay, self._failures = [], [], 0.0, {}

    def of(self, *methods: str) -> list[Call]:
        """The calls of some methods so far."""
        with self._lock:
            return [call for call in self.calls if call.method in methods]

    def counts(self) -> Counter[str]:
        """How often each method was called."""
        with self._lock:
            return Counter(call.method for call in self.calls)

    def take(self, call: Call) -> Failure:
        """Check a call, keep it, and return what is answered."""
        time.sleep(self.delay)
        with self._lock:
            self.calls.append(call)
            queue = self._failures.get(call.method)
            failure = queue.popleft() if queue else None
            self.faults += [f"{call.method}: {fault}" for fault in _faults(call)]
        return failure or self._answer(call)

    def _answer(self, call: Call) -> Failure:
        if call.method == "response_url":
            gone = call.address.endswith("expired")
            return (404, {}, {"ok": False, "error": "expired_url"}) if gone else (200, {}, {"ok": True})
        if call.method == "oauth.v2.access":
            good = call.body.get("code") == "good"
            return 200, {}, _INSTALLED if good else {"ok": False, "error": "invalid_code"}
        if call.token not in self.tokens:
            return 200, {}, {"ok": False, "error": "invalid_auth" if call.token else "not_authed"}
        return 200, {}, {"ok": True, "bot_id": "B1", "user_id": "U9", "team_id": "T1", "url": "https://t.slack.com/"}


_INSTALLED = {
    "ok": True, "app_id": "A1", "access_token": "xoxb-1", "token_type": "bot", "scope": "commands,chat:write",
    "bot_user_id": "U9", "team": {"id": "T1", "name": "Team"}, "authed_user": {"id": "U1"},
}  # fmt: skip


def _faults(call: Call) -> list[str]:
    body = call.body
    if call.method in ("chat.postMessage", "chat.postEphemeral", "response_url"):
        return message_faults(body)
    if call.method in ("views.open", "views.publish"):
        return view_faults(body["view"])
    return []


class _Handler(BaseHTTPRequestHandler):
    slack: Slack

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        said_json = self.headers["Content-Type"].startswith("application/json")
        body = json.loads(raw or "{}") if said_json else dict(parse_qsl(raw, keep_blank_values=True))
        method = self.path.removeprefix("/api/") if self.path.startswith("/api/") else "response_url"
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ") or body.get("token")
        status, headers, answer = self.slack.take(Call(method, token, body, self.path))
        payload = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(payload)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_args: object) -> None:
        """Say nothing on standard error."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


@contextmanager
def running_slack() -> Iterator[Slack]:
    """Run a mock of one's own; whoever ran it sees that no payload broke a limit."""
    slack = Slack()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"slack": slack}))
    slack.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
