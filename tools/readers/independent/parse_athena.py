"""sqlglot reads every statement in Athena's dialect, and finds the columns of views and queries in the tables that the DDL makes."""

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

from checks import equal

DIALECT = "athena"


def parse(sql):
    found = sqlglot.parse(sql, dialect=DIALECT, error_level=sqlglot.ErrorLevel.RAISE)
    equal(len(found), 1, "the number of statements")
    # What sqlglot does not understand it keeps as text.
    if found[0].find(exp.Command) is not None:
        raise AssertionError("sqlglot does not understand all of it")
    return found[0]


def table_key(table):
    return f"{table.db}.{table.name}"


class Catalogue:
    """Tables and views that were made, with their columns."""

    def __init__(self):
        self.columns = {}

    def schema(self):
        nested = {}
        for name, columns in self.columns.items():
            database, table = name.split(".", 1)
            nested.setdefault(database, {})[table] = columns
        return nested

    def add_table(self, tree):
        schema = tree.this
        columns = {column.name: column.kind for column in schema.expressions}
        partitions = tree.find(exp.PartitionedByProperty)
        for column in partitions.this.expressions:
            columns[column.name] = column.kind
        columns["$path"] = exp.DataType.build("varchar")
        self.columns[table_key(schema.this)] = columns

    def add_view(self, tree):
        select = self.qualified(tree.expression)
        self.columns[table_key(tree.this)] = {column.alias_or_name: exp.DataType.build("unknown") for column in select.selects}

    def qualified(self, select):
        return qualify(select.copy(), schema=self.schema(), dialect=DIALECT, validate_qualify_columns=True, quote_identifiers=False)


def check(checks, statements):
    catalogue = Catalogue()
    for statement in statements:

        def run(statement=statement):
            kind, name, sql = statement["kind"], statement["name"], statement["sql"]
            tree = parse(sql)
            if kind == "schema":
                equal((type(tree), tree.kind, tree.this.db or tree.this.name), (exp.Create, "SCHEMA", name), "statement")
            elif kind == "drop":
                equal((type(tree), tree.kind, table_key(tree.find(exp.Table))), (exp.Drop, "TABLE", name), "statement")
            elif kind == "table":
                equal((type(tree), tree.kind, table_key(tree.this.this)), (exp.Create, "TABLE", name), "statement")
                equal(tree.find(exp.ExternalProperty) is not None, True, "EXTERNAL")
                equal(tree.find(exp.LocationProperty).this.name.startswith("s3://corpus/"), True, "LOCATION")
                catalogue.add_table(tree)
            elif kind == "view":
                equal((type(tree), tree.kind, table_key(tree.this)), (exp.Create, "VIEW", name), "statement")
                catalogue.add_view(tree)
            else:
                equal(isinstance(tree, exp.Select), True, "a SELECT")
                catalogue.qualified(tree)

        checks.check(f"sqlglot/{statement['kind']} {statement['name']}", run)

    def types():
        found = {name: kind.sql(dialect="hive").lower() for name, kind in catalogue.columns["bronze.evolved"].items()}
        wanted = {"c0": "bigint", "c1": "decimal(12, 4)", "c2": "string", "c3": "double", "c4": "string", "c5": "date"}
        equal({name: found[name] for name in wanted}, wanted, "types of bronze.evolved")

    def unknown():
        try:
            catalogue.qualified(parse("SELECT nothing FROM bronze.evolved"))
        except sqlglot.errors.OptimizeError:
            return
        raise AssertionError("a column that is not there was found")

    checks.check("sqlglot/types of a table", types)
    checks.check("sqlglot/finds a column that is not there", unknown)
