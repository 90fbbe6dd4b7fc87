"""`/`, `/compare`, `/rules`, and an answer as PNG and CSV: views read the query, call, and render."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import NotFound, ServiceUnavailable

from rules.engine import Engine
from service.api.recommend import pairs
from service.recommender import Recommender
from service.web import catalogue, charts, picture, words
from service.web.compare import MOST, compare, query_of, variants, without
from service.web.delivery import Assets, page
from service.web.form import form
from service.web.sheet import as_csv
from service.web.telling import Teller

Json = Mapping[str, Any]
Render = Callable[..., str]
Prove = Callable[[], bytes]

_ASSETS = ("page.css", "page.js", "follow.js", "copy.js", "filter.js", "icon.svg")
_FILTERS = ("find", "theme", "effect", "state")
_PROOF = "proof"  # asks the rulebook's page for what the proof says


def blueprint(recommender: Recommender, public_url: str | None, prove: Prove) -> Blueprint:
    """The page's routes; `prove` gives the rulebook's certificate, or raises ServiceUnavailable."""
    routes = Blueprint("web", __name__)
    engine, teller, assets = recommender.engine, Teller(recommender), Assets(_ASSETS)

    def render(template: str, **view: Any) -> str:
        return render_template(
            template,
            words=words,
            charts=charts,
            book=engine.rulebook,
            asset=lambda name: url_for("web.asset", digest=assets.digest, name=name),
            origin=(public_url or request.host_url).rstrip("/"),
            **view,
        )

    @routes.get("/assets/<digest>/<name>")
    def asset(digest: str, name: str) -> Response:
        response = assets.send(name) if digest == assets.digest else None
        if response is None:
            raise NotFound
        return response

    _add_home(routes, teller, render)
    _add_comparison(routes, teller, render)
    _add_rulebook(routes, teller, render, engine, prove)
    _add_files(routes, teller, render)
    return routes


def _add_home(routes: Blueprint, teller: Teller, render: Render) -> None:
    @routes.get("/")
    def home() -> Response:
        told = teller.tell(pairs(request.query_string))
        shape = form(told.pairs, told.faults, told.inferred)
        examples = () if told.pairs else teller.examples
        return page(render("home.html", told=told, form=shape, examples=examples), 422 if shape.is_wrong else 200)


def _add_comparison(routes: Blueprint, teller: Teller, render: Render) -> None:
    @routes.get("/compare")
    def side_by_side() -> Response:
        given = [text for text in request.args.getlist("scenario") if text.strip()][:MOST]
        told = [teller.tell(query_of(text)) for text in given]
        answers = [one.answer for one in told if one.answer]
        requests = [one.request for one in told if one.request]
        whole = len(answers) == len(told)
        html = render(
            "compare.html",
            told=told,
            queries=[one.query for one in told],
            sections=compare(answers, requests) if whole and len(told) > 1 else (),
            variants=variants(answers[-1], told[-1].pairs) if whole and 0 < len(told) < MOST else {},
            without=without,
            most=MOST,
        )
        return page(html, 200 if whole else 422)


def _add_rulebook(routes: Blueprint, teller: Teller, render: Render, engine: Engine, prove: Prove) -> None:
    themes = [*((theme.id, theme.title) for theme in engine.rulebook.themes.values()), ("none", catalogue.NO_THEME)]

    @routes.get("/rules")
    def rulebook() -> Response:
        said = pairs(request.query_string)
        wanted = catalogue.Filters(**{name: text for name, text in said if name in _FILTERS})
        told = teller.tell([(name, text) for name, text in said if name not in (*_FILTERS, _PROOF)])
        asked = any(name == _PROOF for name, _ in said)
        certificate = _certificate(prove) if asked else None
        rules = catalogue.entries(engine, told.request.project if told.request else None, certificate)
        html = render(
            "rules.html",
            told=told,
            rules=rules,
            shown=[rule for rule in rules if wanted.show(rule)],
            wanted=wanted,
            themes=themes,
            states=catalogue.STATES,
            effects=catalogue.EFFECTS,
            certificate=certificate,
            asked=asked,
        )
        return page(html)


def _certificate(prove: Prove) -> Json | None:
    """The proof, or nothing where it can't be had: the rules are worth reading without it."""
    try:
        certificate: Json = orjson.loads(prove())
    except ServiceUnavailable:
        return None
    return certificate


def _add_files(routes: Blueprint, teller: Teller, render: Render) -> None:
    @routes.get("/recommend.png")
    def as_png() -> Response:
        answer = teller.answer(pairs(request.query_string))
        svg = render("card.svg", answer=answer, width=picture.WIDTH, height=picture.HEIGHT)
        response = Response(picture.png(svg), content_type="image/png")
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        return response.make_conditional(request)  # type: ignore[return-value]

    @routes.get("/recommend.csv")
    def as_sheet() -> Response:
        body = as_csv(teller.answer(pairs(request.query_string)).body)
        headers = {"Content-Disposition": 'attachment; filename="recommendation.csv"', "Cache-Control": "no-cache"}
        return Response(body, headers=headers, content_type="text/csv; charset=utf-8")
