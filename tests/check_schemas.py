#!/usr/bin/env python3
"""Holds the golden events against the published JSON Schemas, with a library of others.

    pip install -r tests/requirements.txt; python3 tests/check_schemas.py

Every golden proposal and record must pass its schema, and every wrong one made from it must fail: an
unknown name, a character that shows nothing, a missing required one, a value of another type, `null`, a sealed value in a record, digests
in a proposal, one digest too few. Exit 0 when all is as it should be, 1 otherwise.
"""

import copy
import json
import pathlib
import sys

import jsonschema

EVENTS = pathlib.Path(__file__).parent.parent / "events"
FORMS = ("proposal", "record")


def wrong_ones(event, schema, form):
    """(what is wrong, the wrong event) for one good event."""
    def spoil(what, change):
        wrong = copy.deepcopy(event)
        change(wrong)
        return what, wrong

    facts = schema["properties"]["data"]
    for place, part in (("the envelope", lambda one: one), ("data", lambda one: one["data"])):
        yield spoil(f"an unknown name in {place}", lambda one, part=part: part(one).update(colour="red"))
        for name in part(event):
            yield spoil(f"{name} null in {place}", lambda one, part=part, name=name: part(one).update({name: None}))
            yield spoil(f"{name} an empty list in {place}", lambda one, part=part, name=name: part(one).update({name: []}))
    for name in ("name", "title", "venue", "issuer", "number", "village", "note", "organiser", "claim"):
        if isinstance(event["data"].get(name), str):
            for unseen in "\u00ad\u034f\u061c\u115f\u180e\u200b\u3164\ue000\ufe0f\uffa0":
                yield spoil(f"U+{ord(unseen):04X} in {name}", lambda one, name=name, unseen=unseen:
                            one["data"].update({name: f"Batik{unseen}Melati"}))
    for name in schema["required"]:
        yield spoil(f"no {name}", lambda one, name=name: one.pop(name))
    for name in facts.get("required", []):
        yield spoil(f"no {name} in data", lambda one, name=name: one["data"].pop(name))
    for name, value in (("type", "id.jejak.ikm.sold.v1"), ("subject", "office/1"), ("specversion", "2.0"),
                        ("time", "2021-03-01"), ("time", "2021-03-01T00:00:00Z"), ("id", event["id"].upper() + "A"),
                        ("source", "urn:jejak:Pekalongan"), ("timeprecision", "week"), ("data", "text")):
        yield spoil(f"{name} {value!r}", lambda one, name=name, value=value: one.update({name: value}))
    yield spoil("a clock beyond the precision",
                lambda one: one.update(time="2021-03-01T08:00:00+07:00", timeprecision="day"))
    yield spoil("a day beyond the precision",
                lambda one: one.update(time="2021-03-02T00:00:00+07:00", timeprecision="month"))
    if form == "proposal":
        yield spoil("a recorded time in a proposal", lambda one: one.update(recordedtime="2021-03-01T00:00:00.000Z"))
        yield spoil("digests in a proposal", lambda one: one["data"].update(sealed={"has": ["workers"]}))
    else:
        yield spoil("an expected revision in a record", lambda one: one.update(expectedrevision=1))
        for group in event["data"].get("sealed", {}):
            yield spoil(f"no {group} in sealed" if group != "has" else "another name in has",
                        lambda one, group=group: one["data"]["sealed"].pop(group) if group != "has"
                        else one["data"]["sealed"].update(has=["name"]))
            if group != "has":
                yield spoil("a digest too few", lambda one, group=group: one["data"]["sealed"][group]["_sd"].pop())
    if event["type"] == "id.jejak.event.corrected.v1":
        yield spoil("facts of another type", lambda one: one["data"].update(type="id.jejak.certificate.revoked.v1"))
        yield spoil("a type that cannot be corrected", lambda one: one["data"].update(type=event["type"]))
        yield spoil("an unknown name in data.data", lambda one: one["data"]["data"].update(colour="red"))


def main():
    passed, refused, failures = 0, 0, []
    for path in sorted((EVENTS / "golden").glob("*.json")):
        golden = json.loads(path.read_text(encoding="utf-8"))
        for form in FORMS:
            event = golden["proposal"] if form == "proposal" else json.loads(golden["record"])
            schema = json.loads((EVENTS / "schemas" / f"{event['type']}.{form}.schema.json").read_text(encoding="utf-8"))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            failures += [f"{path.name}, {form}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(event)]
            passed += 1
            for what, wrong in wrong_ones(event, schema, form):
                if validator.is_valid(wrong):
                    failures.append(f"{path.name}, {form}: {what} passes")
                refused += 1
            sealed = json.loads(golden["record"])["data"].get("sealed")
            if sealed and form == "record" and "name" in golden["proposal"]["data"]:
                wrong = copy.deepcopy(event)
                wrong["data"]["name"] = golden["proposal"]["data"]["name"]
                if validator.is_valid(wrong):
                    failures.append(f"{path.name}: a sealed value passes in a record")
                refused += 1
    if not passed:
        failures.append(f"no golden events in {EVENTS}")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{passed} golden events held against their schemas, {refused} wrong ones; {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
