"""The words a project is described in: every field, its values, its question.

Industries are the NAICS 2022 sectors, phases those of CRISP-ML(Q), MLOps levels
Google's. The order of `FIELDS` is the contract's order, which breaks ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Answer = str | int | float | bool | tuple[str, ...]

ROLES = ("data_scientist", "ml_engineer")
ROLE_TITLES = {"data_scientist": "data scientist", "ml_engineer": "ML engineer"}


@dataclass(frozen=True, slots=True)
class Field:
    """A question about the project; `name` is its dotted path in the request."""

    name: str
    question: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of `values`. `aliases` maps other spellings to a value; `undecided` values leave the question open."""

    values: tuple[str | int, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    undecided: tuple[str, ...] = ()
    fact: bool = False  # a given of the project, not a decision that a planner could change


@dataclass(frozen=True, slots=True)
class Flag(Field):
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Number(Field):
    """A quantity in `unit`, `minimum` to `maximum` inclusive. `low` is an ordinary small value, to speak of "less"."""

    unit: str = ""
    minimum: float = 0
    maximum: float = 0
    low: float = 0
    integer: bool = False


@dataclass(frozen=True, slots=True)
class Many(Field):
    """Any number of `values`, in no order. `aliases` maps other spellings to a value."""

    values: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)


INDUSTRIES = (
    "agriculture",
    "mining",
    "utilities",
    "construction",
    "manufacturing",
    "wholesale",
    "retail",
    "transportation",
    "information",
    "finance",
    "real_estate",
    "professional_services",
    "management",
    "administrative_services",
    "education",
    "healthcare",
    "arts",
    "accommodation_and_food",
    "other_services",
    "public_administration",
)  # fmt: skip

NAICS_CODES = {
    "11": "agriculture", "21": "mining", "22": "utilities", "23": "construction", "31": "manufacturing",
    "32": "manufacturing", "33": "manufacturing", "31-33": "manufacturing", "42": "wholesale", "44": "retail",
    "45": "retail", "44-45": "retail", "48": "transportation", "49": "transportation", "48-49": "transportation",
    "51": "information", "52": "finance", "53": "real_estate", "54": "professional_services", "55": "management",
    "56": "administrative_services", "61": "education", "62": "healthcare", "71": "arts",
    "72": "accommodation_and_food", "81": "other_services", "92": "public_administration",
}  # fmt: skip

INDUSTRY_ALIASES = NAICS_CODES | {
    "farming": "agriculture", "forestry": "agriculture", "fishing": "agriculture", "agritech": "agriculture",
    "oil_and_gas": "mining", "extraction": "mining", "energy": "utilities", "water": "utilities",
    "building": "construction", "industrial": "manufacturing", "automotive": "manufacturing",
    "pharma": "manufacturing", "pharmaceuticals": "manufacturing", "distribution": "wholesale",
    "wholesale_trade": "wholesale", "retail_trade": "retail", "e_commerce": "retail", "ecommerce": "retail",
    "logistics": "transportation", "transport": "transportation", "warehousing": "transportation",
    "shipping": "transportation", "airline": "transportation", "software": "information", "saas": "information",
    "telecom": "information", "telecommunications": "information", "media": "information",
    "technology": "information", "publishing": "information", "fintech": "finance", "banking": "finance",
    "bank": "finance", "insurance": "finance", "insurtech": "finance", "financial_services": "finance",
    "property": "real_estate", "proptech": "real_estate", "consulting": "professional_services",
    "legal": "professional_services", "research": "professional_services", "holding_company": "management",
    "staffing": "administrative_services", "facilities": "administrative_services", "edtech": "education",
    "university": "education", "school": "education", "health": "healthcare", "healthtech": "healthcare",
    "hospital": "healthcare", "medical": "healthcare", "entertainment": "arts", "sports": "arts",
    "gaming": "information", "hospitality": "accommodation_and_food", "hotel": "accommodation_and_food",
    "restaurant": "accommodation_and_food", "travel": "accommodation_and_food", "nonprofit": "other_services",
    "public_sector": "public_administration", "government": "public_administration",
    "defense": "public_administration", "defence": "public_administration",
}  # fmt: skip

PHASES = (
    "business_and_data_understanding",
    "data_preparation",
    "modeling",
    "evaluation",
    "deployment",
    "monitoring_and_maintenance",
)

PHASE_ALIASES = {
    "discovery": "business_and_data_understanding", "business_understanding": "business_and_data_understanding",
    "data_understanding": "business_and_data_understanding", "scoping": "business_and_data_understanding",
    "ideation": "business_and_data_understanding", "exploration": "business_and_data_understanding",
    "data_engineering": "data_preparation", "data_prep": "data_preparation", "cleaning": "data_preparation",
    "labelling": "data_preparation", "labeling": "data_preparation", "modelling": "modeling", "poc": "modeling",
    "proof_of_concept": "modeling", "prototype": "modeling", "prototyping": "modeling",
    "model_development": "modeling", "training": "modeling", "experimentation": "modeling", "pilot": "evaluation",
    "validation": "evaluation", "testing": "evaluation", "model_evaluation": "evaluation", "mvp": "deployment",
    "productionise": "deployment", "productionize": "deployment", "go_live": "deployment", "launch": "deployment",
    "rollout": "deployment", "release": "deployment", "prod": "monitoring_and_maintenance",
    "production": "monitoring_and_maintenance", "bau": "monitoring_and_maintenance",
    "operate": "monitoring_and_maintenance", "operations": "monitoring_and_maintenance",
    "monitoring": "monitoring_and_maintenance", "maintenance": "monitoring_and_maintenance",
    "run": "monitoring_and_maintenance",
}  # fmt: skip

LANGUAGES = (
    "python", "r", "sql", "julia", "sas", "matlab", "java", "scala", "c", "c++", "c#", "go", "rust",
    "javascript", "typescript", "kotlin", "swift",
)  # fmt: skip

LANGUAGE_ALIASES = {
    "cpp": "c++",
    "csharp": "c#",
    "golang": "go",
    "js": "javascript",
    "ts": "typescript",
    "py": "python",
}

FIELDS: tuple[Field, ...] = (
    Choice("industry", "Which industry is the project for?", True, INDUSTRIES, INDUSTRY_ALIASES, fact=True),
    Choice("phase", "Which phase is the project in?", True, PHASES, PHASE_ALIASES, fact=True),
    Choice(
        "goal",
        "What is the project for above all?",
        values=(
            "insights",
            "decision_support",
            "prediction",
            "decision_automation",
            "product_feature",
            "operational_efficiency",
        ),
    ),
    Choice(
        "deployment.pattern",
        "How will the model's answers be delivered?",
        True,
        ("none", "batch", "real_time", "streaming", "edge", "undecided"),
        undecided=("undecided",),
    ),
    Number(
        "deployment.latency_ms_p99",
        "How fast must 99 % of the answers come, in milliseconds?",
        unit="ms", minimum=0.001, maximum=86_400_000, low=10,
    ),
    Number(
        "deployment.peak_rps",
        "How many requests a second come at the peak?",
        unit="requests/s", minimum=0, maximum=1_000_000_000, low=1,
    ),
    Number(
        "deployment.availability_pct",
        "What share of the time must it be available, in percent?",
        unit="%", minimum=0, maximum=100, low=95,
    ),
    Number(
        "deployment.users",
        "How many people will use it?",
        unit="users", minimum=0, maximum=10_000_000_000, low=10, integer=True,
    ),
    Number(
        "deployment.models_in_production",
        "How many models does the team keep in production?",
        unit="models", minimum=0, maximum=1_000_000, low=0, integer=True,
    ),
    Choice(
        "deployment.retraining",
        "How is the model retrained?",
        values=("none", "manual", "scheduled", "continuous"),
    ),
    Choice(
        "deployment.serving_platform",
        "Is there a platform to serve the model from, or must one be built?",
        values=("existing", "new"),
    ),
    Number(
        "deployment.integrations",
        "How many other systems must it be integrated with?",
        unit="systems", minimum=0, maximum=100_000, low=0, integer=True,
    ),
    Choice(
        "model.status",
        "How far along is the model?",
        values=("none", "prototype", "validated", "in_production"),
    ),
    Choice(
        "model.origin",
        "Is the model bought in, fine-tuned or made to measure?",
        values=("off_the_shelf", "fine_tuned", "custom"),
    ),
    Choice(
        "model.family",
        "What family of model is it?",
        values=("statistical", "classical_ml", "deep_learning", "generative"),
    ),
    Choice("data.volume", "How much data is there?", values=("mb", "gb", "tb", "pb")),
    Choice(
        "data.quality",
        "How good is the data?",
        values=("good", "fair", "poor", "unknown"),
        undecided=("unknown",),
    ),
    Choice(
        "data.sensitivity",
        "How sensitive is the data?",
        values=("public", "internal", "confidential", "personal", "special_category"),
    ),
    Flag("governance.regulated", "Is the work under a regulator's eye?"),
    Flag("governance.affects_people", "Does the model decide about people?"),
    Choice("mlops_level", "How automated is the machine-learning pipeline (MLOps level 0, 1 or 2)?", values=(0, 1, 2)),
    Choice(
        "audience",
        "Who is the result explained to?",
        values=("executives", "business", "technical"),
    ),
    Many("languages", "Which programming languages are set?", values=LANGUAGES, aliases=LANGUAGE_ALIASES),
)  # fmt: skip

FIELD_BY_NAME: Mapping[str, Field] = MappingProxyType({item.name: item for item in FIELDS})
