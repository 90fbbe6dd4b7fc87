"""A portfolio of any size answered by Ray Data: `python examples/batch_ray.py IN OUT`.

IN is a CSV or Parquet file, or a folder of them, with the columns of POST /recommend/batch; OUT becomes a folder of
Parquet with its answers. The scorer is the service's own and runs unchanged, one to a worker; requirements-engines.txt
has what is needed. On one machine nothing has to be set up; `RAY_ADDRESS` names a cluster.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import ray
from pyarrow import csv

from rules.engine import Engine
from schemas.batch_answer import COLUMNS
from schemas.rulebook import load_rulebook
from service.batch import Batch
from service.config import read_settings

ROWS_AT_ONCE = 8_192

# Every block has the same types, whatever is empty in it.
WORDS = ("name", "reference", "lean", "ratio.text", "headcount.basis", "warnings", "inferred", "errors")
TYPES = (
    dict.fromkeys(COLUMNS, pa.float64())
    | dict.fromkeys(WORDS, pa.string())
    | dict.fromkeys(("score.net", "score.raw"), pa.int64())
    | {"both_required": pa.bool_()}
)


class Recommend:
    """The batch scorer in a worker: made once, called for every block of rows."""

    def __init__(self) -> None:
        path = read_settings().rulebook
        self._batch = Batch(Engine(load_rulebook(path.read_text("utf-8"), filename=str(path))))

    def __call__(self, rows: pa.Table) -> pa.Table:
        sent = BytesIO()
        csv.write_csv(rows, sent)
        answers = b"".join(piece.body for piece in self._batch.answer([sent.getvalue()], "csv", "csv"))
        return csv.read_csv(
            BytesIO(answers),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(include_columns=COLUMNS, column_types=TYPES),
        )


def main(source: str, target: str) -> None:
    """Read, answer and write, block by block, on every core that there is."""
    ray.init()
    parquet = source.endswith(".parquet") or (Path(source).is_dir() and any(Path(source).glob("*.parquet")))
    rows = (ray.data.read_parquet if parquet else ray.data.read_csv)(source)
    workers = ray.data.ActorPoolStrategy(min_size=1, max_size=int(ray.cluster_resources()["CPU"]))
    answers = rows.map_batches(Recommend, batch_size=ROWS_AT_ONCE, batch_format="pyarrow", compute=workers)
    answers.write_parquet(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
