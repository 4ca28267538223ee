#!/usr/bin/env python3
"""Has the sealed fields that receipts carry checked by an SD-JWT library that nobody here wrote.

    python3 tests/check_disclosures.py --jejak target/release/jejak --seed 7 DIRECTORY

Of one event of each type with sealed fields a receipt is made with its disclosures (`jejak receipt --disclose`)
and taken apart (`receipt verify --extract`). `proofbundle` (PyPI) must accept event and proof. The event's `data`
then becomes the payload of an SD-JWT (RFC 9901), signed by a key of this run; `sd-jwt` (PyPI) must verify it with
the disclosures and find the values that `receipt verify` tells. With disclosures altered, or of another event, it
must refuse or find none of them. The same is asked of every event that a bundle with disclosures discloses something
of (`bundle create --disclose`), against what `bundle verify` tells. Exit 0 when all holds, 1 when something does not (said on standard error), 2 on
wrong usage, 3 when a program does not answer. Looks are noted in the access log of the registry.
"""

import argparse
import base64
import json
import os
import pathlib
import random
import sys
import tempfile
import zipfile

from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from sd_jwt.verifier import SDJWTVerifier

from check_bundle import entries
from check_log import Wrong
from check_proofs import accepted
from same_figures import Unreadable, run

GROUPS = ("confidential", "personal")


def sealed_of(payload):
    """`sealed` of a payload: of a correction, that of its replacement."""
    return payload["sealed"] if "sealed" in payload else payload.get("data", {}).get("sealed")


def resolved(payload, disclosures, key):
    """The sealed values that the library finds, by group and name."""
    jws = JWS(json.dumps(payload).encode())
    jws.add_signature(key, alg="ES256", protected=json.dumps({"alg": "ES256", "typ": "example+sd-jwt"}))
    presented = "~".join([jws.serialize(compact=True), *disclosures, ""])
    found = SDJWTVerifier(presented, lambda issuer, header: key).get_verified_payload()
    sealed = sealed_of(found)
    return {(group, name): value for group in GROUPS for name, value in sealed.get(group, {}).items()}


def refused_or_unresolved(payload, disclosures, key):
    """Whether the library takes none of these disclosures."""
    try:
        return not resolved(payload, disclosures, key)
    # The library says wrong base64 and wrong JSON as they come.
    except (ValueError, IndexError):
        return True


def with_value(disclosure, value):
    """A disclosure with its salt and name, and another value."""
    padded = disclosure + "=" * (-len(disclosure) % 4)
    salt, name, _ = json.loads(base64.urlsafe_b64decode(padded))
    text = json.dumps([salt, name, value], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def receipt_of(jejak, directory, index, vkey, work):
    """What a receipt carries, and what `receipt verify` says of it."""
    page, parts = work / f"{index}.html", work / str(index)
    run(jejak, directory, "receipt", str(index), "-o", page, "--disclose", "--void", "--actor", "pemeriksa")
    said = json.loads(run(jejak, directory, "receipt", "verify", page, "--log-vkey", vkey, "--extract", parts,
                          "--format", "json"))
    entry, proof = (parts / "event.json").read_bytes(), (parts / "event.tlog-proof").read_bytes()
    if not accepted(proof, entry, vkey, work):
        raise Wrong(f"proofbundle refuses the receipt of event {index}")
    disclosures = parts / "disclosures.txt"
    told = {(field["group"], field["field"]): field["value"] for field in said["sealed"] if "value" in field}
    return json.loads(entry)["data"], disclosures.read_text().split() if disclosures.exists() else [], told


def pick(jejak, directory, dice):
    """The index of an event of each type with sealed fields, and of one more of each."""
    by_type = {}
    for index, line in enumerate(run(jejak, directory, "log", "export").splitlines()):
        record = json.loads(line)
        if sealed_of(record["data"]):
            by_type.setdefault(record["type"], []).append(index)
    if not by_type:
        raise Wrong("the registry has no event with sealed fields")
    return [dice.sample(indexes, min(2, len(indexes))) for _, indexes in sorted(by_type.items())]


def check(jejak, directory, dice, work):
    """Numbers of events, of values found, and of altered presentations that came to nothing."""
    vkey = run(jejak, directory, "log", "vkey").decode().strip()
    key = JWK.generate(kty="EC", crv="P-256")
    events = values = refused = 0
    for indexes in pick(jejak, directory, dice):
        receipts = [receipt_of(jejak, directory, index, vkey, work) for index in indexes]
        for index, (payload, disclosures, told) in zip(indexes, receipts):
            found = resolved(payload, disclosures, key)
            if found != told or len(found) != len(disclosures):
                raise Wrong(f"event {index}: the library finds {sorted(found)}, `receipt verify` {sorted(told)}")
            events, values = events + 1, values + len(found)
            altered = [[with_value(one, "x")] for one in disclosures]
            altered += [[one[:-1] + ("A" if one[-1] != "A" else "Q")] for one in disclosures]
            altered += [[one[:9] + "~" + one[9:]] for one in disclosures[:1]]
            for _, others, _ in receipts:
                if others is not disclosures and others:
                    altered.append(others)
            for wrong in altered:
                if not refused_or_unresolved(payload, wrong, key):
                    raise Wrong(f"event {index}: the library finds values in altered or foreign disclosures {wrong}")
                refused += 1
            # One left out is not found, the others are.
            if len(disclosures) > 1 and len(resolved(payload, disclosures[1:], key)) != len(disclosures) - 1:
                raise Wrong(f"event {index}: with a disclosure left out the library does not find the others")
    if not values or not refused:
        raise Wrong("nothing was disclosed: all that was picked is erased")
    return events, values, refused


def check_bundle(jejak, directory, asked, work):
    """Numbers of events and of values that a bundle discloses, each found by the library and no other."""
    bundle = work / "disclosed.zip"
    run(jejak, directory, "bundle", "create", *asked, "-o", bundle)
    said = json.loads(run(jejak, directory, "bundle", "verify", bundle, "--format", "json"))["said"]
    told = {event["index"]: event["values"] for event in said["disclosed"]}
    key = JWK.generate(kty="EC", crv="P-256")
    values = 0
    with zipfile.ZipFile(bundle) as archive:
        log = list(entries(archive))
        lines = [json.loads(line) for line in archive.read("disclosures.jsonl").splitlines()]
    for line in lines:
        payload = json.loads(log[line["index"]])["data"]
        found = resolved(payload, line["disclosures"], key)
        if {name: value for (_, name), value in found.items()} != told.pop(line["index"], None):
            raise Wrong(f"event {line['index']}: the library and `bundle verify` find other values in {bundle.name}")
        if not refused_or_unresolved(payload, [with_value(one, "x") for one in line["disclosures"]], key):
            raise Wrong(f"event {line['index']}: the library finds values in altered disclosures of {bundle.name}")
        values += len(found)
    if told or not values:
        raise Wrong(f"`bundle verify` tells of events that {bundle.name} discloses nothing of: {sorted(told)}")
    return len(lines), values


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--jejak", required=True, type=pathlib.Path, help="the program")
    parser.add_argument("--seed", required=True, type=int, help="says which events are asked about")
    parser.add_argument("directory", type=pathlib.Path, help="a registry with sealed fields")
    arguments = parser.parse_args()
    jejak, dice = os.path.abspath(arguments.jejak), random.Random(arguments.seed)
    try:
        with tempfile.TemporaryDirectory() as work:
            events, values, refused = check(jejak, arguments.directory, dice, pathlib.Path(work))
            asked = ("--view", "exhibited", "--actor", "pemeriksa", "--disclose", "name,sales,orders,buyers")
            bundled = check_bundle(jejak, arguments.directory, asked, pathlib.Path(work))
    except Wrong as wrong:
        print(f"check_disclosures: {wrong} (seed {arguments.seed})", file=sys.stderr)
        return 1
    except (Unreadable, OSError) as error:
        print(f"check_disclosures: {error}", file=sys.stderr)
        return 3
    found = {"receipts": events, "values_found": values, "altered_refused": refused}
    print(json.dumps({**found, "events_in_bundle": bundled[0], "values_in_bundle": bundled[1]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
