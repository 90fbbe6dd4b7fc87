"""The one place that wires the service together."""

from __future__ import annotations

from flask import Flask

from rules.engine import Engine
from schemas.rulebook import load_rulebook
from service import logs, problems
from service.api import batch, compare, docs, health, interpret, plan, portfolio, proof, recommend, rulebook
from service.api import metrics as scrape
from service.api.straight import Straight
from service.cache import ProcessTier, RedisTier, Tier, TieredCache, connect
from service.config import Settings, read_settings
from service.guard.guard import Guard
from service.guard.limits import Counter
from service.guard.scopes import Scope
from service.guard.settings import refuse_exposure
from service.recommender import Recommender
from service.reload.in_force import InForce
from service.reload.readiness import check_reload
from service.requests import Requests
from service.rulebook_files import read_bounded
from service.slack import app as slack
from service.watch import telemetry
from service.watch.decisions import Watch
from service.watch.metrics import Metrics
from service.watch.readiness import Readiness, check_cache, check_rulebook
from service.web import routes as web


def create_app(settings: Settings | None = None) -> Flask:
    """Build the WSGI application from settings, by default the environment's.

    Raises schemas.rulebook.RulebookError, or environs.EnvError, for what is wrong with either.
    """
    settings = settings or read_settings()
    refuse_exposure(settings.guard, [settings.guard.host])
    logs.configure_logging(settings.log_level)
    recommender = build_recommender(settings)
    rules = recommender.engine.rulebook
    readiness = build_readiness(recommender, settings)
    metrics = build_metrics(settings, recommender, readiness)
    app = Flask("service")
    app.url_map.merge_slashes = False  # an address with two is unknown, not one to be sent on from
    telemetry.install(app, recommender)
    problems.register(app)
    guard = Guard(app, settings.guard, build_counter(settings))
    if guard.keys:
        readiness.register("keys", guard.keys.condition)
    recommending = recommend.Recommend(recommender, settings.max_body_kb * 1_024)
    guard.register(recommend.blueprint(recommending), Scope.RECOMMEND)
    guard.register(
        batch.blueprint(recommender, settings.max_body_kb * 1_024, settings.batch_spool_mb << 20), Scope.BATCH
    )
    guard.register(interpret.blueprint(settings.max_body_kb * 1_024), Scope.RECOMMEND)
    guard.register(plan.blueprint(recommender, settings.max_body_kb * 1_024), Scope.RECOMMEND)
    guard.register(portfolio.blueprint(recommender, settings.max_body_kb * 1_024), Scope.BATCH)
    guard.register(compare.blueprint(recommender, settings.max_body_kb * 1_024), Scope.RECOMMEND)
    guard.register(rulebook.blueprint(rules), Scope.RULEBOOK)
    guard.register(proof.blueprint(recommender, settings.in_force), Scope.RULEBOOK)
    guard.register(health.blueprint(readiness), Scope.OPEN)
    guard.register(scrape.blueprint(metrics), Scope.METRICS)
    guard.register(docs.blueprint(recommender), Scope.OPEN)
    guard.register(
        web.blueprint(recommender, settings.public_url, lambda: proof.certified(recommender, settings.in_force).value),
        Scope.RECOMMEND,
    )
    if settings.slack:
        guard.register(slack.blueprint(recommender, settings.slack, settings.max_body_kb * 1_024), Scope.OPEN)
    app.wsgi_app = Straight(app, recommending, guard)  # type: ignore[method-assign]
    app.wsgi_app = Requests(app.wsgi_app, metrics.request)  # type: ignore[method-assign]
    guard.surround()
    return app


def build_readiness(recommender: Recommender, settings: Settings) -> Readiness:
    """What has to be well for the service to be ready."""
    readiness = Readiness()
    readiness.register("cache", check_cache(recommender.cache))
    readiness.register("rulebook", check_rulebook(lambda: recommender.engine))
    if settings.folder:
        readiness.register("reload", check_reload(InForce(settings.folder)))
    return readiness


def build_metrics(settings: Settings, recommender: Recommender, readiness: Readiness) -> Metrics:
    """The metrics, told of every answer from now on."""
    rulebook = recommender.engine.rulebook
    metrics = Metrics(readiness, recommender.cache, rulebook)
    recommender.observer = Watch(metrics, settings.decision_log, rulebook.digest)
    return metrics


def build_recommender(settings: Settings) -> Recommender:
    """The settings' rulebook, ready to answer from the cache or by the rules."""
    text = read_bounded(settings.in_force).decode(errors="surrogateescape")  # what is no UTF-8 is refused with its line
    return Recommender(Engine(load_rulebook(text, filename=str(settings.rulebook))), build_cache(settings))


def build_counter(settings: Settings) -> Counter:
    """What counts for the rate limits: in Redis where a URL is set."""
    if not settings.redis_url:
        return Counter()
    seconds = settings.redis_timeout_ms / 1_000
    client = connect(settings.redis_url, timeout=seconds, connect_timeout=seconds)
    return Counter(client, settings.redis_retry_after_s)


def build_cache(settings: Settings) -> TieredCache:
    """The process tier, and Redis behind it where a URL is set."""
    tiers: list[Tier] = [ProcessTier(settings.cache_process_mb * 1_024 * 1_024, settings.cache_ttl_s)]
    if settings.redis_url:
        seconds = settings.redis_timeout_ms / 1_000
        client = connect(settings.redis_url, timeout=seconds, connect_timeout=seconds)
        tiers.append(RedisTier(client, ttl=settings.cache_ttl_s, reset_after=settings.redis_retry_after_s))
    return TieredCache(tiers)
