"""All checks of a corpus: python main.py <folder>. Prints them as JSON: `id`, and `error` where one failed."""

import json
import os
import sys

import corpus
import make_values
import parse_athena
import read_polars
import read_pyarrow
from checks import Checks, equal


def main(root):
    checks = Checks()
    values = corpus.load_values()
    checks.check("values/are what make_values.py makes", lambda: equal(values, {"copy": make_values.COPY, "records": make_values.RECORDS}))
    read_pyarrow.check(checks, root, values)
    read_polars.check(checks, root, values)
    with open(os.path.join(root, "_loadin", "statements.json"), encoding="utf-8") as file:
        parse_athena.check(checks, json.load(file))
    checks.print()


if __name__ == "__main__":
    main(sys.argv[1])
