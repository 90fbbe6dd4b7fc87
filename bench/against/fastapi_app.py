"""What a user would write instead: FastAPI and pydantic read the project, zen-engine scores it, a few lines do more.

It tells lean, ratio, points, the rules that hold with what they matched, and the headcount. Ours tells besides: reasons
with their claims, the range, the other phases, what would change the answer, profiles, the next question; it reads
aliases, dates and money, and says all faults with a way out.
"""

from __future__ import annotations

import os
from itertools import product
from math import gcd, log2
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import zen
from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field

Industry = Literal[
    "agriculture", "mining", "utilities", "construction", "manufacturing", "wholesale", "retail", "transportation",
    "information", "finance", "real_estate", "professional_services", "management", "administrative_services",
    "education", "healthcare", "arts", "accommodation_and_food", "other_services", "public_administration",
]  # fmt: skip
Phase = Literal[
    "business_and_data_understanding", "data_preparation", "modeling", "evaluation", "deployment",
    "monitoring_and_maintenance",
]  # fmt: skip
Goal = Literal[
    "insights", "decision_support", "prediction", "decision_automation", "product_feature", "operational_efficiency",
]  # fmt: skip
Language = Literal[
    "python", "r", "sql", "julia", "sas", "matlab", "java", "scala", "c", "c++", "c#", "go", "rust", "javascript",
    "typescript", "kotlin", "swift",
]  # fmt: skip
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0)]


class Part(BaseModel):
    """What no unknown key passes."""

    model_config = ConfigDict(extra="forbid")


class Deployment(Part):
    pattern: Literal["none", "batch", "real_time", "streaming", "edge", "undecided"]
    latency_ms_p99: Amount | None = None
    peak_rps: Amount | None = None
    availability_pct: Annotated[float, Field(ge=0, le=100)] | None = None
    users: Count | None = None
    models_in_production: Count | None = None
    retraining: Literal["none", "manual", "scheduled", "continuous"] | None = None
    serving_platform: Literal["existing", "new"] | None = None
    integrations: Count | None = None


class Model(Part):
    status: Literal["none", "prototype", "validated", "in_production"] | None = None
    origin: Literal["off_the_shelf", "fine_tuned", "custom"] | None = None
    family: Literal["statistical", "classical_ml", "deep_learning", "generative"] | None = None


class Data(Part):
    volume: Literal["mb", "gb", "tb", "pb"] | None = None
    quality: Literal["good", "fair", "poor", "unknown"] | None = None
    sensitivity: Literal["public", "internal", "confidential", "personal", "special_category"] | None = None


class Governance(Part):
    regulated: bool | None = None
    affects_people: bool | None = None


class Team(Part):
    size: Annotated[int, Field(ge=1, le=100_000)]


class Project(Part):
    name: str | None = None
    reference: str | None = None
    industry: Industry
    phase: Phase
    goal: Goal | None = None
    deployment: Deployment
    model: Model | None = None
    data: Data | None = None
    governance: Governance | None = None
    mlops_level: Literal[0, 1, 2] | None = None
    audience: Literal["executives", "business", "technical"] | None = None
    languages: list[Language] | None = None
    team: Team


app = FastAPI()
_graph = zen.ZenDecisionContent(Path(os.environ["GRAPH"]).read_text(encoding="utf-8"))
_engine = zen.ZenEngine({"loader": lambda _key: _graph})
_BOUND, _DOUBLE, _BALANCED = 8, 4, 2


@app.post("/recommend")
async def recommend(project: Project) -> Response:
    """Answer one project; it awaits nothing, so that it needs no thread."""
    asked = project.model_dump(exclude_none=True, exclude={"name", "reference", "team"})
    scored = _engine.evaluate("staffing", asked)["result"]
    raw = int(scored["net"])
    net = max(-_BOUND, min(_BOUND, raw))
    answer = {
        "name": project.name,
        "reference": project.reference,
        "lean": "balanced" if abs(net) <= _BALANCED else "data_scientist" if net > 0 else "ml_engineer",
        "ratio": _RATIOS[net],
        "headcount": _seats(project.team.size, net, 1 if project.industry in ("finance", "healthcare") else 0),
        "score": {
            **{role: int(scored[role]) for role in ("data_scientist", "ml_engineer")},
            "net": net,
            "raw": raw,
            "factors": scored["fired"]["all"],
        },
    }
    return Response(orjson.dumps(answer), media_type="application/json")


def _ratio(net: int) -> dict[str, Any]:
    terms = [(a, b) for a, b in product(range(1, 9), repeat=2) if gcd(a, b) == 1]
    a, b = min(terms, key=lambda pair: (round(abs(log2(pair[0] / pair[1]) - net / _DOUBLE), 9), sum(pair)))
    return {"text": f"{a}:{b}", "value": round(2 ** (net / _DOUBLE), 3)}


_RATIOS = {net: _ratio(net) for net in range(-_BOUND, _BOUND + 1)}


def _seats(size: int, net: int, minimum: int) -> dict[str, int]:
    """The nearest share, with a minimum of each role where the team is large enough for both."""
    odds = 2 ** (net / _DOUBLE)
    ours = int(size * odds / (1 + odds) + (0.5 if net >= 0 else 0.4999999))
    if size >= 2 * minimum:
        ours = max(minimum, min(size - minimum, ours))
    return {"total": size, "data_scientist": ours, "ml_engineer": size - ours}
