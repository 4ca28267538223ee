#!/usr/bin/env python3
"""Holds the figures of `jejak view export_trained --format json` against those of check_log.py.

    python3 tests/same_figures.py own.json other.json

Exit 0 when every figure is the same, 1 otherwise.
"""

import json
import pathlib
import sys


def main():
    own, other = (json.loads(pathlib.Path(path).read_text("utf-8")) for path in sys.argv[1:3])
    own = {figure["unit"]: figure["value"] for figure in own["figures"]}
    other = {unit: other["export_trained"][unit] for unit in own}
    print(f"export_trained: {own} by jejak, {other} by another program")
    return 0 if own == other else 1


if __name__ == "__main__":
    sys.exit(main())
