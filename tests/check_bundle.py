#!/usr/bin/env python3
"""Unpacks an evidence bundle with an ordinary zip library and checks it from FORMAT.md alone.

    jejak bundle create --view trained -o bundle.zip; jejak log vkey > vkey
    python3 tests/check_bundle.py --vkey vkey bundle.zip

Checked: that every member can be unpacked and has the hashes of the manifest, that nothing else is in it, that
event 0 names the key under which the manifest is signed, one of each purpose, and the log that the checkpoint names,
that the question is about a size that the log had, and, by check_log.py, that the entries are the log under the
checkpoint. Nothing of the Rust program is used. Exit 0 when all holds, 1 when something does not.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile
import zlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

import check_log
import check_releases

LOCAL_HEADER_BYTES = 30


def packed(raw, info):
    """The bytes of a member as they lie in the archive."""
    start = info.header_offset + LOCAL_HEADER_BYTES + len(info.filename)
    return raw[start:start + info.compress_size]


def entries(archive):
    """The entries, in order, from their entry bundles."""
    for name in archive.namelist():
        if name.startswith("tile/entries/"):
            data = archive.read(name)
            while data:
                length = int.from_bytes(data[:2], "big")
                yield data[2:2 + length]
                data = data[2 + length:]


def check(path, vkey):
    raw = pathlib.Path(path).read_bytes()
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged is not None:
            raise ValueError(f"{damaged} is damaged")
        *members, last = archive.infolist()
        text, _, signature = archive.read(last).decode().partition("\n\n")
        lines = ["jejak-bundle/0"]
        for info in members:
            content = hashlib.sha256(archive.read(info)).hexdigest()
            lines.append(f"{content} {hashlib.sha256(packed(raw, info)).hexdigest()} {info.filename}")
        if last.filename != "manifest" or text != "\n".join(lines):
            raise ValueError("the manifest does not list what is in the archive")
        log = list(entries(archive))
        opened = json.loads(log[0])["data"]
        keys = {key["purpose"]: key["vkey"] for key in opened["keys"]}
        if len(keys) != len(opened["keys"]):
            raise ValueError("event 0 names two keys of one purpose")
        if opened["origin"] != archive.read("checkpoint").decode().split("\n", 1)[0]:
            raise ValueError(f"event 0 calls itself {opened['origin']}, the checkpoint is of another log")
        for record in map(json.loads, log):
            if record["type"] == "id.jejak.registry.key_introduced.v1":
                keys[record["data"]["purpose"]] = record["data"]["vkey"]
        asked = json.loads(archive.read("question.json"))
        known = asked["as_known"] if "as_known" in asked else asked["question"]["as_known"]
        times = [json.loads(entry)["recordedtime"] for entry in log]
        if known > len(log) or 0 < known < len(log) and times[known - 1] == times[known]:
            raise ValueError(f"the question is about size {known}, which the log never had")
        name, _, key = keys["attestation"].split("+", 2)
        if name != f"{opened['origin']}/attestation" or base64.b64decode(key)[:1] != b"\1":
            raise ValueError(f"{keys['attestation']} is no attestation key of {opened['origin']}")
        dash, signer, signed = signature.rstrip("\n").split(" ")
        if (dash, signer) != ("\u2014", name):
            raise ValueError(f"the manifest is signed by {signer}, not by {name}")
        public = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])
        public.verify(base64.b64decode(signed)[4:], f"{text}\n".encode())
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            (directory / "log.jsonl").write_bytes(b"".join(entry + b"\n" for entry in log))
            (directory / "checkpoint").write_bytes(archive.read("checkpoint"))
            subprocess.run(
                [sys.executable, pathlib.Path(__file__).with_name("check_log.py"), "--log", directory / "log.jsonl",
                 "--checkpoint", directory / "checkpoint", "--vkey", vkey],
                check=True, stdout=subprocess.DEVNULL)
        released = check_releases.check([check_log.read_record(entry) for entry in log])
    print(f"{path}: {len(log)} entries, {len(members)} members and their manifest; {released['told']} sums in "
          f"{released['releases']} releases")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vkey", required=True, help="file with the log's vkey")
    parser.add_argument("bundles", nargs="+")
    arguments = parser.parse_args()
    for path in arguments.bundles:
        try:
            check(path, arguments.vkey)
        except (check_log.Wrong, ValueError, KeyError, InvalidSignature, zipfile.BadZipFile, zlib.error,
                subprocess.CalledProcessError) as error:
            sys.exit(f"{path}: {error or 'the manifest is not signed under the key that the log names'}")


if __name__ == "__main__":
    main()
