#!/usr/bin/env python3
"""Holds what the commands printed against their JSON Schemas in docs/schemas, with a library of others.

    JEJAK_WRITE_ANSWERS=<folder> cargo test --test all cli::
    pip install -r tests/requirements.txt; python3 tests/check_answers.py <folder>

The tests of the command line write each answer in JSON into the folder, with the words of the call. Every one must pass
the schema of its command, every record in it the schema of its type, and every wrong one made from it must fail: a
required field missing, an unknown one more, a value of another type, `null`, a text that is none of the list or not of
the form. Exit 0 when all is as it should be, 1 otherwise.
"""

import copy
import json
import pathlib
import re
import sys

import jsonschema

ROOT = pathlib.Path(__file__).parent.parent
# Objects whose names are not fixed, with what they are. A wrong name or value in the first kind passes; in the second
# another name does.
OPEN_OBJECTS = {
    "data": "facts of a record, which the schema of its type holds",
    "open": "open facts of a record, which the schema of its type holds",
    "columns": "what a list was asked to tell of each stream, by name of the column",
}
OPEN_NAMES = {
    "facts": "texts by field of the stream", "titles": "titles by stream", "names": "names by stream",
    "folded": "counts by type of event", "reasons": "reasons by stream",
}
# Schemas that no test of the command line prints an answer of; none.
UNSEEN = set()


def schemas():
    found = {}
    for path in sorted((ROOT / "docs" / "schemas").glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        found[path.stem] = validator(schema)
    return found


def validator(schema):
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def name_of(words, names):
    """The schema of a call: of two words, else of one."""
    for count in (2, 1):
        if "-".join(words[:count]) in names:
            return "-".join(words[:count])
    return None


def documents(call):
    """What the call printed: one document, or one on each line."""
    text = call["out"]
    try:
        return [json.loads(text)] if text.strip() else []
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.split("\n") if line]


def shortened(node):
    """The same with short lists: of the elements that look alike, the first two."""
    if isinstance(node, dict):
        return {name: shortened(value) for name, value in node.items()}
    if isinstance(node, list):
        kept, seen = [], {}
        for one in node:
            looks = tuple(sorted(one)) if isinstance(one, dict) else type(one).__name__
            seen[looks] = seen.get(looks, 0) + 1
            if seen[looks] <= 2:
                kept.append(shortened(one))
        return kept
    return node


def places(node, path=()):
    """Every place of a document, with its path."""
    yield path, node
    if isinstance(node, dict):
        for name, value in node.items():
            yield from places(value, (*path, name))
    if isinstance(node, list):
        for number, value in enumerate(node):
            yield from places(value, (*path, number))


def at(node, path):
    for step in path:
        node = node[step]
    return node


def wrong_ones(document):
    """(kind, path, what makes the wrong document) for one good document."""
    def spoiled(path, change):
        def make():
            # Only what lies on the way is made anew.
            wrong = inner = copy.copy(document)
            for step in path[:-1]:
                inner[step] = copy.copy(inner[step])
                inner = inner[step]
            change(inner, path[-1])
            return wrong
        return make

    def put(value):
        def change(parent, name):
            parent[name] = value
        return change

    for path, node in places(document):
        if isinstance(node, dict):
            yield "another name", path, spoiled((*path, "colour"), put("red"))
        if not path:
            continue
        if isinstance(path[-1], str):
            yield "missing", path, spoiled(path, lambda parent, name: parent.pop(name))
        if node is not None:
            yield "null", path, spoiled(path, put(None))
        other = {dict: [], list: {}, str: 12345, bool: "true", int: "12", type(None): {"colour": "red"}}[type(node)]
        yield "another type", path, spoiled(path, put(other))
        if isinstance(node, str):
            yield "another text", path, spoiled(path, put("\u0007?! " + node))
        if isinstance(node, int) and not isinstance(node, bool):
            yield "a fraction", path, spoiled(path, put(node + 0.5))


def is_open(kind, path):
    """Whether an open field explains why a wrong document passes."""
    names = [step for step in path if isinstance(step, str)]
    if any(name in OPEN_OBJECTS for name in names[:-1]) or (names and names[-1] in OPEN_OBJECTS and kind == "another name"):
        return True
    if kind == "another name":
        return bool(names) and names[-1] in OPEN_NAMES
    # A figure that nobody told is null, not 0, on either side of a comparison too.
    if kind == "null" and names[-2:-1] == ["figures"] and names[-1:][0] in ("before", "after", "difference"):
        return True
    if kind == "null" and names[-2:] in (["figures", "value"], ["year_before", "value"],
                                         ["known_then", "counted"]):
        return True
    # Of a sealed field that stands beside its name, the value may be that of another field.
    if (kind, names[-2:]) == ("another type", ["sealed", "value"]) or (kind, names[-1:]) == ("null", ["value"]):
        return "sealed" in names
    # A disclosed field may have none.
    if kind == "null" and names[-2:-1] == ["values"]:
        return True
    return kind in ("missing", "null") and len(names) > 1 and names[-2] in OPEN_NAMES


def records(document):
    """The records in an answer."""
    for _, node in places(document):
        if isinstance(node, dict) and "specversion" in node:
            yield node


def main():
    folder = pathlib.Path(sys.argv[1])
    known, types, seen, done = schemas(), {}, {}, set()
    counts = {"answers": 0, "records": 0, "refused": 0, "optional": 0, "texts": 0, "open": 0}
    failures, optional, absent = [], {}, {}
    for path in sorted(folder.glob("*.json")):
        call = json.loads(path.read_text(encoding="utf-8"))
        name = name_of(call["words"], known)
        for document in documents(call) if name else []:
            counts["answers"] += 1
            seen[name] = seen.get(name, 0) + 1
            errors = [f"{' '.join(call['words'])}: {error.json_path}: {error.message[:300]}"
                      for error in known[name].iter_errors(document)]
            failures += errors[:3]
            for record in records(document):
                if record["type"] not in types:
                    file = ROOT / "events" / "schemas" / f"{record['type']}.record.schema.json"
                    types[record["type"]] = validator(json.loads(file.read_text(encoding="utf-8")))
                counts["records"] += 1
                failures += [f"{' '.join(call['words'])}: {record['type']}: {error.json_path}: {error.message[:300]}"
                             for error in types[record["type"]].iter_errors(record)]
            if errors:
                continue
            document = shortened(document)
            for kind, place, make in wrong_ones(document):
                # The same mistake in the same place of an object that looks alike is one mistake.
                parent = at(document, place[:-1]) if place else document
                looks = tuple(sorted(parent)) if isinstance(parent, dict) and len(parent) < 60 else ()
                where = tuple("[]" if isinstance(step, int) else step for step in place)
                key = (name, kind, where, looks)
                if key in done:
                    continue
                done.add(key)
                if not known[name].is_valid(make()):
                    counts["refused"] += 1
                elif is_open(kind, place):
                    counts["open"] += 1
                elif kind == "missing":
                    counts["optional"] += 1
                    optional.setdefault((name, where), []).append(looks)
                elif kind == "another text":
                    counts["texts"] += 1
                else:
                    failures.append(f"{name}: {kind} at {'.'.join(map(str, place))} passes")
    failures += [f"docs/schemas/{name}.json: no answer of it was printed" for name in sorted(set(known) - set(seen) - UNSEEN)]
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{counts['answers']} answers of {len(seen)} commands and {counts['records']} records held against their schemas, "
          f"{counts['refused']} wrong ones refused; {counts['optional']} fields may be left out, {counts['texts']} texts are free, "
          f"{counts['open']} wrong ones stand in open objects; {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
