"""`/`, `/compare`, `/rules`, and an answer as PNG and CSV: views read the query, call, and render."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, current_app, render_template, request, url_for
from werkzeug.exceptions import NotFound

from schemas.faults import Fault, InputError
from schemas.flat import nest
from schemas.project import Request, load_project
from service.api.recommend import pairs as read_pairs
from service.recommender import Recommender
from service.requests import CACHE_STATUS
from service.web import catalogue, charts, picture, words
from service.web.answer import Answer, answer
from service.web.compare import MOST, compare, query_of, variants, without
from service.web.delivery import Assets, page
from service.web.form import form
from service.web.sheet import as_csv

Json = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]

_EXAMPLES = (
    "industry=finance&phase=modeling&deployment.pattern=real_time&goal=decision_automation&deployment.latency_ms_p99=50"
    "&deployment.peak_rps=900&deployment.serving_platform=existing&data.quality=poor&data.sensitivity=personal"
    "&governance.regulated=true&team.size=8&team.existing.data_scientist=2&team.existing.ml_engineer=1",
    "industry=retail&phase=deployment&deployment.pattern=batch&goal=prediction&model.origin=off_the_shelf"
    "&data.quality=good&deployment.models_in_production=4&deployment.retraining=scheduled",
    "industry=healthcare&phase=business_and_data_understanding&deployment.pattern=none&goal=insights"
    "&audience=executives&data.sensitivity=special_category",
)
_TITLES = ("Card fraud at a bank", "Demand at a retailer", "Readmissions at a hospital")
_ASSETS = ("page.css", "page.js", "follow.js", "copy.js", "filter.js", "icon.svg")
_PROOF = "/rulebook/proof"


class Told(NamedTuple):
    """What a query came to: an answer, or the faults that keep it from one."""

    pairs: Pairs
    request: Request | None
    answer: Answer | None
    faults: tuple[Fault, ...]


def blueprint(recommender: Recommender, public_url: str | None, certificate: Json | None = None) -> Blueprint:
    """The page's routes; `certificate` is the rulebook's proof, where there is one."""
    routes = Blueprint("web", __name__)
    book = recommender.engine.rulebook
    claims = {claim.id: claim.says for claim in book.claims.values()}
    themes = [*((theme.id, theme.title) for theme in book.themes.values()), ("none", "Beside the sum")]
    assets = Assets(_ASSETS)

    def tell(pairs: Pairs) -> Told:
        pairs = [(name, text) for name, text in pairs if text.strip()]
        try:
            read = load_project(nest(pairs))
        except InputError as error:
            return Told(pairs, None, None, error.faults)
        found = recommender.answer(recommender.ticket(read))
        request.environ[CACHE_STATUS] = found.cache_status
        body = orjson.loads(found.body)
        return Told(pairs, read, answer(body, pairs, claims, str(read.project.answers["phase"])), ())

    def surely(pairs: Pairs) -> Answer:
        told = tell(pairs)
        if told.answer is None:
            raise InputError(told.faults)
        return told.answer

    @routes.get("/")
    def home() -> Response:
        told = tell(read_pairs(request.query_string))
        shape = form(told.pairs, told.faults, told.answer.body["inferred"] if told.answer else ())
        wrong = bool(shape.wrong or shape.astray)
        html = render("home.html", told=told, form=shape, wrong=wrong, examples=examples() if not told.pairs else ())
        return page(html, 422 if wrong else 200)

    @routes.get("/compare")
    def side_by_side() -> Response:
        given = [text for text in request.args.getlist("scenario") if text.strip()][:MOST]
        told = [tell(query_of(text)) for text in given]
        queries = [urlencode(one.pairs) for one in told]
        answers = [one.answer for one in told if one.answer]
        requests = [one.request for one in told if one.request]
        whole = len(answers) == len(told)
        sections = compare(answers, requests) if whole and len(told) > 1 else []
        others = variants(answers[-1], told[-1].pairs) if told and whole and len(told) < MOST else {}
        html = render(
            "compare.html", told=told, queries=queries, sections=sections, variants=others, without=without, most=MOST
        )
        return page(html, 200 if whole else 422)

    @routes.get("/rules")
    def rulebook() -> Response:
        pairs = read_pairs(request.query_string)
        wanted = catalogue.Filters(**{name: text for name, text in pairs if name in catalogue.Filters.__slots__})
        told = tell([(name, text) for name, text in pairs if name not in catalogue.Filters.__slots__])
        project = told.request.project if told.request else None
        rules = catalogue.entries(recommender.engine, project, certificate)
        html = render(
            "rules.html", told=told, rules=rules, shown=[rule for rule in rules if wanted.show(rule)], wanted=wanted,
            book=book, themes=themes, states=catalogue.STATES, effects=catalogue.EFFECTS, certificate=certificate,
            query=urlencode(told.pairs),
        )  # fmt: skip
        return page(html)

    @routes.get("/recommend.png")
    def as_png() -> Response:
        shown = surely(read_pairs(request.query_string))
        svg = render("card.svg", answer=shown, width=picture.WIDTH, height=picture.HEIGHT)
        response = Response(picture.png(svg), content_type="image/png")
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        return response.make_conditional(request)  # type: ignore[return-value]

    @routes.get("/recommend.csv")
    def as_sheet() -> Response:
        body = as_csv(surely(read_pairs(request.query_string)).body)
        headers = {"Content-Disposition": 'attachment; filename="recommendation.csv"', "Cache-Control": "no-cache"}
        return Response(body, headers=headers, content_type="text/csv; charset=utf-8")

    @routes.get("/assets/<digest>/<name>")
    def asset(digest: str, name: str) -> Response:
        response = assets.send(name) if digest == assets.digest else None
        if response is None:
            raise NotFound
        return response

    def render(template: str, **view: Any) -> str:
        return render_template(
            template,
            words=words,
            charts=charts,
            stamp=book,
            proof=_PROOF if any(rule.rule == _PROOF for rule in current_app.url_map.iter_rules()) else None,
            asset=lambda name: url_for("web.asset", digest=assets.digest, name=name),
            origin=(public_url or request.host_url).rstrip("/"),
            **view,
        )

    def examples() -> list[tuple[str, Answer]]:
        return [(title, surely(read_pairs(query.encode()))) for title, query in zip(_TITLES, _EXAMPLES, strict=True)]

    return routes
