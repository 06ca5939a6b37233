"""polars reads the same files with a Parquet reader of its own."""

import struct

import polars as pl

import corpus
from checks import equal

TYPES = {
    "bool": pl.Boolean(),
    "int32": pl.Int32(),
    "int64": pl.Int64(),
    "float": pl.Float32(),
    "double": pl.Float64(),
    "date32[day]": pl.Date(),
    "timestamp[us]": pl.Datetime("us"),
    "timestamp[us, tz=UTC]": pl.Datetime("us", "UTC"),
    "string": pl.String(),
    "binary": pl.Binary(),
}


def dtype(arrow):
    if arrow.startswith("list<element: "):
        return pl.List(dtype(arrow[len("list<element: ") : -1]))
    if arrow.startswith("decimal128("):
        precision, scale = arrow[len("decimal128(") : -1].split(", ")
        return pl.Decimal(int(precision), int(scale))
    return TYPES[arrow]


def plain(series):
    kind = series.dtype
    if isinstance(kind, pl.List):
        return [None if inner is None else plain(inner) for inner in series]
    if kind in (pl.Float32, pl.Float64):
        form = "f" if kind == pl.Float32 else "d"
        return [None if value is None else struct.pack(f">{form}", value).hex() for value in series.to_list()]
    if isinstance(kind, pl.Datetime) or kind == pl.Int64:
        return [None if value is None else str(value) for value in series.to_physical().to_list()]
    if kind == pl.Date:
        return series.to_physical().to_list()
    if isinstance(kind, pl.Decimal):
        return [None if value is None else format(value, "f") for value in series.to_list()]
    if kind == pl.Binary:
        return [None if value is None else value.hex() for value in series.to_list()]
    return series.to_list()


def check(checks, root, values):
    for compression in corpus.COMPRESSIONS:
        for feed in ("copy", "records"):
            cases = values[feed]
            path = corpus.files(root, f"{feed}_{compression}")[0]
            frame = pl.read_parquet(path, hive_partitioning=False)
            rows = corpus.row_count(cases)
            for n, case in enumerate(cases):

                def column(frame=frame, rows=rows, n=n, case=case):
                    equal(frame.schema[f"v{n}"], dtype(case["arrow"]), "type")
                    equal(plain(frame[f"v{n}"]), corpus.expected(case, rows), "values")

                checks.check(f"polars/{feed}_{compression}/{case['type'] or case['arrow']} ({n})", column)

    def dates():
        frame = pl.scan_parquet(corpus.files(root, "dates"), hive_partitioning=True).filter(pl.col("amount") > 900).collect()
        equal(sorted(frame["id"].to_list()), [n for n in range(4000) if n * 7919 % 100003 > 90000], "ids")

    checks.check("polars/dates/a filter misses nothing", dates)
