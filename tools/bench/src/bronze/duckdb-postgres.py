"""Reads a table of orders from Postgres with DuckDB's extension and writes it as Parquet by date, and says how long that took and what memory it needed.

Arguments: the database's URL; the table; a folder for the output. One thread, and with it one connection: what is compared is the work, not how it is cut.
"""

import json
import pathlib
import resource
import sys
import time

import duckdb
import duckdb_ext

url, table, folder = sys.argv[1:]
extension = next(pathlib.Path(duckdb_ext.__path__[0]).glob("extensions/v1.4.4/*/postgres_scanner.duckdb_extension"))

started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
connection = duckdb.connect(config={"threads": 1, "temp_directory": folder})
connection.execute(f"LOAD '{extension}'")
connection.execute("SET TimeZone = 'UTC'")
connection.execute(f"ATTACH '{url}' AS pg (TYPE postgres, READ_ONLY)")
# to_json gives the columns in the table's order, which is that of the canonical JSON; numerics are bare numbers and arrays arrays, which is as near to it as SQL gets.
rows = connection.execute(
    f"""COPY (SELECT *, TIMESTAMPTZ '2026-03-01 02:00:00Z' AS _ingestion_ts, 'rds' AS _source_system, md5(to_json(r)::VARCHAR) AS _record_hash, 'bench' AS _ingestion_id,
          order_date AS event_date FROM pg.{table} r)
        TO '{folder}/out' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARTITION_BY (event_date))"""
).fetchone()[0]
seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "rows": rows,
            "files": sum(1 for _ in pathlib.Path(folder, "out").rglob("*.parquet")),
            "seconds": seconds,
            "cpuSeconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            # Kilobytes on Linux, bytes on macOS.
            "rssMB": after.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024),
        }
    )
)
