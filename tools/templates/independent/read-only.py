"""Prints, for types of resources, what CloudFormation can't change in one that is there: always or in some cases, by the schemas that cfn-lint brings."""

import json
import pathlib
import sys

import cfnlint

schemas = pathlib.Path(cfnlint.__file__).parent / "data" / "schemas"
# Of each region a table from types to files: most regions share them.
files = json.loads((schemas / "providers" / "us-east-1.json").read_text())
found = {}
for name in sys.argv[1:]:
    schema = json.loads((schemas / "resources" / f"{files[name]}.json").read_text())
    names = {key: sorted({path.split("/")[2] for path in schema.get(key, [])}) for key in ("createOnlyProperties", "conditionalCreateOnlyProperties")}
    found[name] = {"always": names["createOnlyProperties"], "sometimes": names["conditionalCreateOnlyProperties"]}
json.dump(found, sys.stdout)
