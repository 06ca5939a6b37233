"""pyarrow reads the corpus: types, values bit for bit, hashes, statistics, layout."""

import datetime
import decimal
import os

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

import corpus
from checks import equal


FIRST_DAY = datetime.date(2026, 1, 1).toordinal()


def plain(array):
    """The values of an array as values.json writes them: exact texts, bits in hexadecimal, days, microseconds."""
    if isinstance(array, pa.ChunkedArray):
        return [value for chunk in array.chunks for value in plain(chunk)]
    kind = array.type
    if pa.types.is_list(kind):
        inner = plain(array.values)
        offsets = array.offsets.to_pylist()
        return [inner[offsets[n] : offsets[n + 1]] if array[n].is_valid else None for n in range(len(array))]
    if pa.types.is_floating(kind):
        width = kind.bit_width
        whole = array.view(pa.int32() if width == 32 else pa.int64()).to_pylist()
        return [None if bits is None else format(bits & ((1 << width) - 1), f"0{width // 4}x") for bits in whole]
    if pa.types.is_timestamp(kind) or kind == pa.int64():
        return [None if value is None else str(value) for value in array.view(pa.int64()).to_pylist()]
    if pa.types.is_date32(kind):
        return array.view(pa.int32()).to_pylist()
    if pa.types.is_decimal(kind):
        return [None if value is None else format(value, "f") for value in array.to_pylist()]
    if pa.types.is_binary(kind):
        return [None if value is None else value.hex() for value in array.to_pylist()]
    return array.to_pylist()


def table_of(path):
    return pq.ParquetFile(path).read()


def check(checks, root, values):
    for compression, codec in corpus.COMPRESSIONS.items():
        for feed in ("copy", "records"):
            check_feed(checks, root, feed, compression, codec, values[feed])
    check_evolved(checks, root)
    check_tombstones(checks, root)
    check_dates(checks, root)


def check_feed(checks, root, feed, compression, codec, cases):
    paths = corpus.files(root, f"{feed}_{compression}")
    name = f"pyarrow/{feed}_{compression}"
    hashes = {"copy": corpus.copy_hashes, "records": corpus.record_hashes}[feed](cases)
    rows = corpus.row_count(cases)
    table = table_of(paths[0])

    def shape():
        equal(len(paths), 1, "the number of files")
        equal(table.column_names, [*corpus.names(cases, feed), *(column for column, _ in corpus.METADATA)], "columns")
        equal(table.num_rows, rows, "rows")
        for column, kind in corpus.METADATA:
            equal(str(table.schema.field(column).type), kind, column)

    def compressed():
        metadata = pq.ParquetFile(paths[0]).metadata
        groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
        found = {group.column(n).compression for group in groups for n in range(metadata.num_columns)}
        # A column that does not get smaller stays as it is.
        equal(found - {"UNCOMPRESSED"} or found, {codec}, "compression")

    checks.check(f"{name}/shape", shape)
    checks.check(f"{name}/compression", compressed)
    checks.check(f"{name}/hashes", lambda: equal(plain(table["_record_hash"]), hashes, "_record_hash"))
    for n, case in enumerate(cases):

        def column(n=n, case=case):
            equal(str(table.schema.field(f"v{n}").type), case["arrow"], "type")
            equal(plain(table[f"v{n}"]), corpus.expected(case, rows), "values")

        checks.check(f"{name}/{case['type'] or case['arrow']} ({n})", column)


def check_evolved(checks, root):
    old, new = (table_of(corpus.files(root, "evolved", day)[0]) for day in ("2026-03-01", "2026-03-02"))
    types = lambda table, names: [str(table.schema.field(name).type) for name in names]
    names = ["c0", "c1", "c2", "c3", "c4"]

    def each_file():
        equal(types(old, names), ["int32", "decimal128(6, 2)", "int32", "float", "bool"], "types before")
        equal(types(new, [*names, "c5"]), ["int64", "decimal128(12, 4)", "string", "double", "string", "date32[day]"], "types after")
        equal([plain(old[name]) for name in names], [[2147483647, None], ["1234.56", None], [-7, None], ["3f000000", None], [True, None]])
        found = [plain(new[name])[0] for name in [*names, "c5"]]
        equal(found, ["9223372036854775807", "12345678.9012", "seven", "7e37e43c8800759c", "maybe", 20514])

    def united():
        # pyarrow makes a common type of numbers by itself; of numbers and texts only when it is told to.
        as_text = old.set_column(2, "c2", old["c2"].cast(pa.string())).set_column(4, "c4", old["c4"].cast(pa.string()))
        both = pa.concat_tables([as_text, new], promote_options="permissive")
        equal(types(both, [*names, "c5"]), ["int64", "decimal128(12, 4)", "string", "double", "string", "date32[day]"], "types")
        equal(plain(both["c0"]), ["2147483647", None, "9223372036854775807"], "c0")
        equal(plain(both["c1"]), ["1234.5600", None, "12345678.9012"], "c1")
        equal(plain(both["c2"]), ["-7", None, "seven"], "c2")
        equal(plain(both["c3"]), ["3fe0000000000000", None, "7e37e43c8800759c"], "c3")
        equal(plain(both["c4"]), ["true", None, "maybe"], "c4")
        equal(plain(both["c5"]), [None, None, 20514], "c5")

    checks.check("pyarrow/evolved/each file", each_file)
    checks.check("pyarrow/evolved/united by name", united)


def check_tombstones(checks, root):
    def run():
        found = {}
        for path in corpus.files(root, "tombstones"):
            table = table_of(path)
            equal(str(table.schema.field("_deleted").type), "bool", "_deleted")
            partition = os.path.basename(os.path.dirname(path))
            for row in table.to_pylist():
                found[row["id"]] = (partition, row["_deleted"], str(row["tenant"]), row["note"], row["at"] is None, row["_record_hash"])
        tenant = "11111111-2222-3333-4444-555555555555"
        equal(sorted(found), [1, 2, 9223372036854775807], "ids")
        equal(found[1][:5], ("event_date=2026-02-01", False, tenant, "stays", False), "a row")
        none = "event_date=__HIVE_DEFAULT_PARTITION__"
        equal(found[2], (none, True, tenant, None, True, bytes(range(16)).hex()), "a tombstone")
        equal(found[9223372036854775807], (none, True, tenant, None, True, bytes(range(16, 32)).hex()), "a tombstone")

    checks.check("pyarrow/tombstones", run)


def check_dates(checks, root):
    paths = corpus.files(root, "dates")
    wanted = {n: (f"{n * 7919 % 100003 / 100:.2f}", None if n % 7 == 0 else f"name {n % 50}", None if n % 41 == 40 else n % 41) for n in range(4000)}

    def partitions():
        parts = pa.schema([(name, pa.string()) for name in ("ingestion_date", "load_type", "event_date")])
        table = ds.dataset(f"{root}/data/bronze/dates", partitioning=ds.partitioning(parts, flavor="hive")).to_table()
        equal(table.num_rows, 4000, "rows")
        for row in table.to_pylist():
            amount, name, day = wanted.pop(row["id"])
            equal((format(row["amount"], "f"), row["name"]), (amount, name), f"row {row['id']}")
            date = None if row["day"] is None else row["day"].isoformat()
            equal(row["event_date"], date, f"event_date of row {row['id']}")
            equal(None if row["day"] is None else row["day"].toordinal() - FIRST_DAY, day, f"day of row {row['id']}")
        equal(wanted, {}, "rows that are missing")

    def statistics():
        groups = 0
        for path in paths:
            file = pq.ParquetFile(path)
            for n in range(file.metadata.num_row_groups):
                groups += 1
                table = file.read_row_group(n)
                for at, name in enumerate(("id", "amount", "name")):
                    found = file.metadata.row_group(n).column(at).statistics
                    least, greatest = pc.min(table[name]).as_py(), pc.max(table[name]).as_py()
                    equal((found.min, found.max, found.null_count), (least, greatest, table[name].null_count), f"{name} in {path}")
                amounts = table["amount"].to_pylist()
                equal(amounts, sorted(amounts), "the order of amounts")
        if groups <= len(paths):
            raise AssertionError("there is no file of several row groups")

    def pruned():
        found = pq.read_table(paths, filters=[("amount", ">", decimal.Decimal("900.00"))], columns=["id"], partitioning=None)
        equal(sorted(found["id"].to_pylist()), [n for n in range(4000) if n * 7919 % 100003 > 90000], "ids")

    checks.check("pyarrow/dates/partitions and rows", partitions)
    checks.check("pyarrow/dates/statistics and order", statistics)
    checks.check("pyarrow/dates/a filter misses nothing", pruned)
