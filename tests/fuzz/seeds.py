"""What the fuzzer begins with: one good input or more of every kind, and the words that inputs are made of."""

from __future__ import annotations

import json
from pathlib import Path

from schemas.contract import WIRE
from schemas.fields import Choice, Many
from service.cache.redis_url import OPTIONS, SCHEMES

ROOT = Path(__file__).parents[2]

_PROJECT = json.loads((ROOT / "examples/card-fraud.json").read_text())
_LEAST = {"industry": "retail", "phase": "poc", "deployment": {"pattern": "batch"}}
_FULL = _LEAST | {
    "team": {"size": 2.5, "increment": 0.25, "existing": {"data_scientist": 1}},
    "budget": {"amount": 400000, "currency": "EUR", "annual_cost": {"data_scientist": 90000, "ml_engineer": 95000}},
    "schedule": {"start": "2027-01-04", "weeks": 26},
    "languages": ["python", "scala"],
    "name": "Näme",
}
_SENTENCE = (
    "Fraud model for a bank, prototype done, p99 < 80ms, 8 people, two of them data scientists. Nothing for retail."
)

BODIES = [json.dumps(one).encode() for one in (_PROJECT, _LEAST, _FULL, {"description": _SENTENCE})]
QUERIES = [
    b"industry=44-45&phase=go-live&deployment.pattern=batch",
    b"description=Fraud+model+for+a+bank%2C+poc&team.size=8&languages=python,sql&languages=r",
]
TEXTS = [_SENTENCE.encode(), b"Not a chatbot. 2,000 requests per second, 99.9 % available; retrained weekly.\nIn 2028?"]
LINES = [b"\x10" + b"\n".join(BODIES) + b"\r\n\n"]
TABLES = [
    b' name,industry,phase,deployment.pattern,team.size\nA,retail,poc,batch,8\r\n\n"B, ""b""",44-45,go-live,batch,\n',
    b'\x05description,reference\n"Fraud model\nfor a bank, poc, real-time",R-1\n',
]
RULEBOOKS = [
    (ROOT / "tests/fuzz/small.yaml").read_bytes(),
    b"- &a [*a, 1, 0x1F, no, 1e5]\n- !!str {<<: {a: b}, a: 'c', ? k : |\n  text}\n---\n",
    *BODIES,
]
KEYS = [
    json.dumps(
        {
            "keys": [
                {
                    "id": "0123456789ab",
                    "name": "planning",
                    "scopes": ["recommend"],
                    "created": "2026-01-01T00:00:00+00:00",
                    "expires": None,
                    "sha256": "0" * 64,
                }
            ]
        }
    ).encode(),
    b"stf_0123456789ab_" + b"A" * 43,
]
REDIS_URLS = [
    b"redis://:hunter2@localhost:6379/0",
    b"rediss://user:12?hunter2&x=1@host:6380/1?ssl_cert_reqs=none",
    b"redis+sentinel://u:hunter2@a:26379,[::1]:26380/mymaster/2?sentinel_password=x",
    b"redis+cluster://:hunter2@a,b:7000?socket_timeout=0.5",
    b"unix://u:hunter2@/run/redis.sock?db=1",
]
SLACK = [
    b"\x00" + _SENTENCE.encode(),
    b"\x01industry=retail;phase=modeling;deployment.pattern=batch\nstreaming",
    b"\x02industry=finance;languages=python\nmodeling",
    b"\x03@0123456789abcdef01234567\n<https://example.org|bank> &amp; p99 &lt; 80ms",
]
REQUESTS = [b"\x00\x00?" + QUERIES[0], *(b"%c\x01\n" % number + BODIES[0] for number in range(16))]

_VALUES = {value for field in WIRE.values() if isinstance(field, Choice) for value in field.spellings}
_LISTED = {value for field in WIRE.values() if isinstance(field, Many) for value in field.inner.spellings}
_SECTIONS = ("when:", "all:", "any:", "not:", "raises:", "lowers:", "requires:", "profiles:", "considers:", "warns:")
_SAID = {*WIRE, *map(str, _VALUES | _LISTED), *_SECTIONS, *OPTIONS}
WORDS = sorted(_SAID | {f"{scheme}://" for scheme in SCHEMES})


def dictionary() -> str:
    """The words as libFuzzer takes them."""
    return "".join(f'"{_escaped(word)}"\n' for word in WORDS)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())
