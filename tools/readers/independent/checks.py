"""A list of checks that passed or failed, printed for run.mjs."""

import json
import sys
import traceback


class Checks:
    def __init__(self):
        self.found = []

    def check(self, name, run):
        """`run` raises what is wrong."""
        try:
            run()
            self.found.append({"id": name})
        except Exception as error:  # each check says why it failed, and the others go on
            place = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {str(error)[:500]} ({place.name}:{place.lineno})"
            self.found.append({"id": name, "error": reason})

    def print(self):
        json.dump(self.found, sys.stdout)


def equal(found, wanted, what=""):
    if found != wanted:
        raise AssertionError(f"{what} is {str(found)[:200]!r}, should be {str(wanted)[:200]!r}".strip())
