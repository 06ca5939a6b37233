"""What the corpus must hold, by values.json: nothing here reads Parquet."""

import glob
import hashlib
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
NUMBERS = {"smallint", "integer", "bigint", "oid", "real", "double precision", "numeric"}
NO_NUMBERS = {"NaN", "Infinity", "-Infinity"}
METADATA = [("_ingestion_ts", "timestamp[us, tz=UTC]"), ("_source_system", "string"), ("_record_hash", "string"), ("_ingestion_id", "string")]
COMPRESSIONS = {"zstd": "ZSTD", "snappy": "SNAPPY", "none": "UNCOMPRESSED"}


def load_values():
    with open(os.path.join(HERE, "values.json"), encoding="utf-8") as file:
        return json.load(file)


def files(root, entity, ingestion_date="*"):
    return sorted(glob.glob(f"{root}/data/bronze/{entity}/ingestion_date={ingestion_date}/**/*.parquet", recursive=True))


def names(cases, feed):
    """Columns of the source as the files have them: of records, declared ones come first."""
    named = [(f"v{n}", case["type"]) for n, case in enumerate(cases)]
    if feed == "copy":
        return ["n", *(name for name, _ in named)]
    return [*(name for name, kind in named if kind is not None), "n", *(name for name, kind in named if kind is None)]


def row_count(cases):
    return 2 * max(len(case["values"]) for case in cases) + 2


def entry(case, row):
    """`[text, expected, canonical?]`, or None for a null."""
    values = case["values"]
    at = row % (len(values) + 1)
    return values[at] if at < len(values) else None


def expected(case, rows):
    return [None if entry(case, row) is None else entry(case, row)[1] for row in range(rows)]


def copy_json(kind, text):
    """A value of a row of COPY in the canonical JSON."""
    if text is None:
        return "null"
    if kind == "boolean":
        return {"t": "true", "f": "false"}[text]
    if kind.split("(")[0] in NUMBERS and not kind.endswith("[]") and text not in NO_NUMBERS:
        return text
    return json.dumps(text, ensure_ascii=False)


def hashes(members, rows):
    """`members(row)` gives pairs of name and JSON text."""
    texts = []
    for row in range(rows):
        # Names are ASCII here, for which Python's order is that of UTF-16 units.
        texts.append("{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in sorted(members(row))) + "}")
    return [hashlib.md5(text.encode("utf-8")).hexdigest() for text in texts]


def copy_hashes(cases):
    def members(row):
        found = [(f"v{n}", copy_json(case["type"], (entry(case, row) or [None])[0])) for n, case in enumerate(cases)]
        return [("n", str(row)), *found]

    return hashes(members, row_count(cases))


def record_hashes(cases):
    def text(case, row):
        found = entry(case, row)
        return "null" if found is None else found[-1] if len(found) == 3 else found[0]

    return hashes(lambda row: [("n", str(row)), *((f"v{n}", text(case, row)) for n, case in enumerate(cases))], row_count(cases))
