"""The guard of an application: every route is registered under a scope, and nothing is let in by oversight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, g, request
from flask_cors import CORS
from flask_httpauth import HTTPBasicAuth, HTTPTokenAuth, MultiAuth  # type: ignore[import-untyped]
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, TooManyRequests, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix

from service.guard.edge import Edge
from service.guard.keys import Key
from service.guard.limits import Counter, RateLimits, neighbourhood
from service.guard.ring import KeyRing
from service.guard.scopes import Scope
from service.guard.settings import GuardSettings, is_local
from service.logs import LOGGER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

REALM = "Staffing recommender"  # with a space it is quoted, as RFC 9110 wants it
_WHO = (
    "This needs an API key that holds: in X-API-Key, as Authorization: Bearer, or by Basic with any name and the key "
    "for a password."
)
_LOCAL = (
    "No keys are set, so that only this machine is answered. Set API_KEYS_FILE to ask for keys, or OPEN_TO_ALL=yes to "
    "answer everybody."
)
_SENT = ("Accept", "Authorization", "Cache-Control", "Content-Type", "If-None-Match", "X-API-Key", "X-Request-ID")
_READ = ("Cache-Status", "ETag", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID")


class Guard:
    """Lets requests in by key, rate and origin, as the settings say; what they leave unset costs next to nothing."""

    def __init__(self, app: Flask, settings: GuardSettings, counter: Counter) -> None:
        """Put the guard before the views; raises OSError or ValueError for a file of keys that can't be read."""
        self.keys = KeyRing(settings.keys_file) if settings.keys_file else None
        self._app = app
        self._scopes: dict[str, Scope] = {"static": Scope.OPEN}
        self._settings = settings
        rates = {"all": settings.rate_limit, "batch": settings.rate_limit_batch}
        self._limits = RateLimits(rates, counter)
        app.extensions["guard"] = self
        if settings.cors_origins:
            self._share(settings.cors_origins)
        if self.keys:
            self._authenticate = _authentication(self.keys).login_required(optional=True)(lambda: None)
            app.before_request(self._identify)
        if any(rates.values()):
            app.before_request(self._count)
            app.after_request(_tell_allowance)
        if self.keys:
            app.before_request(self._admit)
        elif settings.local_only:
            app.before_request(self.admit_local)
            if not is_local(settings.host):
                LOGGER.warning("closed", reason=_LOCAL)

    def register(self, blueprint: Blueprint, scope: Scope) -> None:
        """Register the routes of a blueprint under the scope that a key needs for them."""
        self._app.register_blueprint(blueprint)
        self._scopes[blueprint.name] = scope

    def scope_of(self, endpoint: str | None) -> Scope | None:
        """The scope of an endpoint, or None where none was declared: then no key opens it."""
        group, _, name = (endpoint or "").rpartition(".")
        return self._scopes.get(group or name)

    def near(self, environ: WSGIEnvironment) -> bool:
        """Whether a caller is near enough, which everybody is unless only this machine is answered."""
        return not self._settings.local_only or is_local(environ.get("REMOTE_ADDR"))

    def surround(self) -> None:
        """Put the edge around the application, outside of all that is around it so far."""
        app = self._app
        app.wsgi_app = Edge(app.wsgi_app, self._settings.body_timeout_s)  # type: ignore[method-assign]
        if hops := self._settings.trusted_proxies:
            app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]

    def _share(self, origins: tuple[str, ...]) -> None:
        CORS(self._app, origins=list(origins), allow_headers=_SENT, expose_headers=_READ, max_age=600)
        self._app.after_request(_vary_by_origin)

    def _identify(self) -> None:
        try:
            self._authenticate()
        except ValueError:  # Werkzeug fails on some that are malformed
            g.flask_httpauth_user = None

    def _count(self) -> None:
        scope = self.scope_of(request.endpoint)
        if scope is not Scope.OPEN and request.method != "OPTIONS":
            key: Key | None = g.get("flask_httpauth_user")
            caller = f"key:{key.id}" if key else f"address:{neighbourhood(request.remote_addr)}"
            g.allowances = self._limits.spend(caller, ("all", "batch") if scope is Scope.BATCH else ("all",))
            if over := next((one for one in g.allowances if one.spent > one.quota), None):
                detail = f"That is more than {over.quota} requests in {over.window} s. Come back in {over.reset} s."
                raise TooManyRequests(detail, retry_after=over.reset)

    def _admit(self) -> None:
        scope = self.scope_of(request.endpoint)
        if scope is Scope.OPEN or request.method == "OPTIONS":  # a preflight brings no key, and gets no content
            return
        key: Key | None = g.flask_httpauth_user
        if not key:
            raise Unauthorized(_WHO, www_authenticate=_challenge(request.blueprint))
        if request.endpoint is not None and scope not in key.scopes:
            has = ", ".join(key.scopes) or "none"
            wanted = f"the scope {scope}" if scope else "a scope that none has yet"
            raise Forbidden(f"This needs a key with {wanted}; this one has {has}.")

    def admit_local(self) -> None:
        """Raise Forbidden for a request from afar to what is not open to all."""
        if not self.near(request.environ) and self.scope_of(request.endpoint) is not Scope.OPEN:
            raise Forbidden(_LOCAL)


def _authentication(keys: KeyRing) -> MultiAuth:
    """Three ways to present a key, and one answer to whether it holds."""
    bearer, header, basic = HTTPTokenAuth(), HTTPTokenAuth(header="X-API-Key"), HTTPBasicAuth()
    bearer.verify_token(keys.find)
    header.verify_token(keys.find)
    basic.verify_password(lambda _name, password: keys.find(password))
    return MultiAuth(bearer, header, basic)


def _challenge(blueprint: str | None) -> WWWAuthenticate:
    """A browser asks its user for a name and a password at a page, and is not made to by the API."""
    if blueprint == "web":
        return WWWAuthenticate("basic", {"realm": REALM, "charset": "UTF-8"})
    return WWWAuthenticate("bearer", {"realm": REALM})


def _vary_by_origin(response: Response) -> Response:
    response.vary.add("Origin")  # which Flask-Cors leaves out where one origin is listed
    return response


def _tell_allowance(response: Response) -> Response:
    if allowances := g.get("allowances"):
        response.headers["RateLimit-Policy"] = ", ".join(one.policy for one in allowances)
        response.headers["RateLimit"] = ", ".join(one.state for one in allowances)
    return response
