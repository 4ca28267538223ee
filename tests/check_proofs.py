#!/usr/bin/env python3
"""Has the proofs and the published tree of a log checked by programs that nobody here wrote.

    python3 tests/check_proofs.py --jejak target/release/jejak --seed 7 DIRECTORY

`proofbundle` (PyPI) must accept tlog-proofs of random events of a registry and refuse each altered one; the same
for proofs under a checkpoint that two auditors of ours cosigned, by how many cosignatures are asked for. A
registry of its own is then grown and published (`jejak log tiles`) at three sizes, served by the plain file
server of Python on the loopback address, and fetched: the entries must hash to the checkpoint, the tiles must
be the hashes of the entries, no full file may be written anew, and `proofbundle` must accept the proofs that
each checkpoint extends the earlier ones. Exit 0 when all holds, 1 when something does not (said on standard
error), 2 on wrong usage, 3 when a program does not answer.
"""

import argparse
import functools
import hashlib
import http.server
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import urllib.request

from proofbundle.merkle import verify_consistency

from check_log import Wrong, read_checkpoint, root, unbase64
from same_figures import Unreadable, run

WIDTH = 256
SIZES = (200, 700, 1300)


# --- Proofs ---

def accepted(proof, entry, vkey, work, witnesses=(), threshold=0):
    """Whether proofbundle accepts it, with so many of these witnesses."""
    (work / "proof").write_bytes(proof)
    (work / "entry").write_bytes(entry)
    program = pathlib.Path(sys.executable).parent / "proofbundle"
    command = [program, "verify-proof", "--payload-file", work / "entry", "--log-vkey", vkey, "--json", work / "proof"]
    for witness in witnesses:
        command += ["--witness-vkey", witness]
    if witnesses:
        command += ["--threshold", str(threshold)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if ran.returncode not in (0, 1, 2) or (ran.returncode == 0) != (json.loads(ran.stdout or b"{}").get("ok") is True):
        raise Unreadable(f"proofbundle answers {ran.returncode}: {ran.stderr.decode()}")
    return ran.returncode == 0


def flipped(text, at):
    """Another character of base64 in this place."""
    return text[:at] + (b"A" if text[at:at + 1] != b"A" else b"B") + text[at + 1:]


def altered(proof, entry, other_entry, other_index):
    """Wrong pairs of proof and entry, by what is wrong."""
    head, checkpoint = proof.split(b"\n\n", 1)
    lines = head.split(b"\n")
    origin, size, rest = checkpoint.split(b"\n", 2)

    def proof_of(lines, checkpoint):
        return b"\n".join(lines) + b"\n\n" + checkpoint

    yield "a byte of the entry", proof, entry[:-2] + bytes([entry[-2] ^ 1]) + entry[-1:]
    yield "a newline after the entry", proof, entry + b"\n"
    yield "the entry of another index", proof, other_entry
    yield "another index", proof_of([lines[0], b"index %d" % other_index, *lines[2:]], checkpoint), entry
    yield "a hash less", proof_of(lines[:-1], checkpoint), entry
    yield "a hash more", proof_of([*lines, lines[-1]], checkpoint), entry
    yield "a hash", proof_of([*lines[:-1], flipped(lines[-1], 5)], checkpoint), entry
    yield "two hashes swapped", proof_of([*lines[:2], lines[3], lines[2], *lines[4:]], checkpoint), entry
    yield "the size", proof_of(lines, b"\n".join([origin, b"%d" % (int(size) + 1), rest])), entry
    yield "the root", proof_of(lines, b"\n".join([origin, size, flipped(rest, 5)])), entry
    yield "the origin", proof_of(lines, b"\n".join([origin + b"x", size, rest])), entry
    yield "the signature", proof_of(lines, checkpoint[:-8] + flipped(checkpoint[-8:], 0)), entry


def check_proofs(jejak, directory, dice, count, work):
    """Number of proofs accepted and refused."""
    vkey = run(jejak, directory, "log", "vkey").decode().strip()
    entries = run(jejak, directory, "log", "export").removesuffix(b"\n").split(b"\n")
    picked = [0, len(entries) - 1, *dice.sample(range(1, len(entries) - 1), count - 2)]
    refused = 0
    for number, index in enumerate(picked):
        proof = run(jejak, directory, "log", "proof", str(index))
        if not accepted(proof, entries[index], vkey, work):
            raise Wrong(f"proofbundle refuses the proof of index {index}")
        if number > 1:
            continue
        other = picked[(number + 1) % len(picked)]
        for what, wrong, entry in altered(proof, entries[index], entries[other], other):
            if accepted(wrong, entry, vkey, work):
                raise Wrong(f"proofbundle accepts the proof of index {index} with {what} altered")
            refused += 1
    return len(picked), refused


# --- Cosigned checkpoints ---

def cosigned_proofs(jejak, directory, work):
    """Number of proofs under cosigned checkpoints accepted and refused."""
    vkey = run(jejak, directory, "log", "vkey").decode().strip()
    witnesses = []
    for name in ("auditor.example/a", "auditor.example/b", "stranger.example/c"):
        key = work / name.replace("/", "-")
        witnesses.append(run(jejak, directory, "key", "--kind", "cosigner", "--name", name, "--out", key).decode().strip())
    first, second, stranger = witnesses
    policy = work / "policy"
    policy.write_text(f"log {vkey}\nwitness a {first}\nwitness b {second}\ngroup both all a b\nquorum both\n")
    for number, name in enumerate(("auditor.example-a", "auditor.example-b")):
        signed = work / f"signed-{number}"
        run(jejak, directory, "audit", directory, "--log-vkey", vkey, "--cosign-key", work / name,
            "--state", work / f"state-{number}", "--out", signed)
        run(jejak, directory, "cosign", "--add", signed / "checkpoint", "--policy", policy)
    index = 7
    proof = run(jejak, directory, "log", "proof", str(index), "--cosigned")
    entry = run(jejak, directory, "log", "export", "--from", str(index), "--to", str(index + 1)).removesuffix(b"\n")
    good = 0
    for keys, threshold in (([first], 1), ([second], 1), ([first, second], 2), ([first, stranger], 1)):
        if not accepted(proof, entry, vkey, work, keys, threshold):
            raise Wrong(f"proofbundle refuses a checkpoint that {threshold} of {keys} cosigned")
        good += 1
    lines = proof.split(b"\n")
    of_first = next(at for at, line in enumerate(lines) if b"auditor.example/a" in line)
    spoilt = b"\n".join([*lines[:of_first], lines[of_first][:-8] + flipped(lines[of_first][-8:], 0), *lines[of_first + 1:]])
    without = b"\n".join(lines[:of_first] + lines[of_first + 1:])
    moved = b"\n".join([*lines[:of_first], lines[of_first].replace(b"auditor.example/a", b"stranger.example/c"),
                        *lines[of_first + 1:]])
    bad = 0
    for what, wrong, keys, threshold in (
        ("one cosigner too few", proof, [first, stranger], 2),
        ("a stranger only", proof, [stranger], 1),
        ("a spoilt cosignature", spoilt, [first], 1),
        ("a spoilt cosignature of two", spoilt, [first, second], 2),
        ("a cosignature left out", without, [first, second], 2),
        ("a cosignature under another name", moved, [stranger], 1),
        ("another event", proof.replace(b"index 7", b"index 6", 1), [first], 1),
    ):
        if accepted(wrong, entry, vkey, work, keys, threshold):
            raise Wrong(f"proofbundle accepts {what}")
        bad += 1
    return good, bad


# --- The published tree ---

class Quiet(http.server.SimpleHTTPRequestHandler):
    """The plain file server, without a line for each request."""

    def log_message(self, *_):
        pass


def name_of(index):
    """Path of a number (C2SP tlog-tiles): groups of three digits, all but the last with an x."""
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups)


def resources(count):
    """Name and number of things of each full or partial file for so many things in a row."""
    for index in range(count // WIDTH):
        yield name_of(index), WIDTH
    if count % WIDTH:
        yield f"{name_of(count // WIDTH)}.p/{count % WIDTH}", count % WIDTH


def read_bundle(data, width):
    entries, at = [], 0
    for _ in range(width):
        length = int.from_bytes(data[at:at + 2], "big")
        entries.append(data[at + 2:at + 2 + length])
        at += 2 + length
    if at != len(data):
        raise Wrong("a bundle does not end with its last entry")
    return entries


def fetch_tree(fetch, vkey):
    """The checkpoint, after everything below it was fetched and hashed."""
    note = fetch("checkpoint").decode()
    size, signed_root = read_checkpoint(note, vkey)
    entries = []
    for name, width in resources(size):
        entries += read_bundle(fetch(f"tile/entries/{name}"), width)
    if root(entries) != signed_root:
        raise Wrong(f"the published entries do not hash to the checkpoint of size {size}")
    level, hashes = 0, [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    while hashes:
        fetched = b"".join(fetch(f"tile/{level}/{name}") for name, _ in resources(len(hashes)))
        if fetched != b"".join(hashes):
            raise Wrong(f"the published tiles of level {level} are not the hashes of the entries")
        # The hash over a full tile is one of the next level.
        full = range(0, len(hashes) // WIDTH * WIDTH, WIDTH)
        level, hashes = level + 1, [over(hashes[at:at + WIDTH]) for at in full]
    return size, signed_root


def over(hashes):
    while len(hashes) > 1:
        hashes = [hashlib.sha256(b"\1" + hashes[at] + hashes[at + 1]).digest() for at in range(0, len(hashes), 2)]
    return hashes[0]


def proposals(numbers):
    """Announcements of exhibitions, one for each number."""
    for number in numbers:
        yield json.dumps({
            "id": f"01890a5d-ac96-774b-bcce-{number:012x}", "type": "id.jejak.exhibition.announced.v1",
            "subject": f"exhibition/01890a5d-ac96-774b-bccf-{number:012x}", "time": "2025-04-21T00:00:00+07:00",
            "data": {"area": "33.75", "from": "2025-05-05", "to": "2025-05-07", "level": "city",
                     "name": "Pameran contoh", "venue": "Gedung Contoh"}})


def full_files(tree):
    """What may never be written anew: inode, time of the last change and bytes of each full file."""
    paths = [path for path in tree.glob("tile/**/*") if path.is_file() and ".p" not in str(path.relative_to(tree))]
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


def check_published(jejak, work):
    """Number of files fetched and of consistency proofs accepted."""
    registry, tree = work / "registry", work / "www"
    run(jejak, registry, "init", "--origin", "jejak.example/published", "--source", "urn:jejak:33.75:dinperinaker")
    vkey = run(jejak, registry, "log", "vkey").decode()
    tree.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=tree))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fetched, proven, known, before = 0, 0, [], {}

    def fetch(name):
        nonlocal fetched
        fetched += 1
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/{name}", timeout=30) as answer:
            return answer.read()

    for size in SIZES:
        lines = work / "proposals.jsonl"
        lines.write_text("".join(f"{line}\n" for line in proposals(range(known[-1][0] if known else 1, size))))
        run(jejak, registry, "append", lines)
        run(jejak, registry, "log", "tiles", tree)
        now = full_files(tree)
        for path, was in before.items():
            if now.get(path) != was:
                raise Wrong(f"{path.relative_to(tree)} was full, and written anew")
        before = now
        found = fetch_tree(fetch, vkey)
        if found[0] != size:
            raise Wrong(f"{found[0]} events are published, {size} were recorded")
        (work / f"checkpoint-{size}").write_bytes(fetch("checkpoint"))
        for old_size, old_root in known:
            request = run(jejak, registry, "log", "consistency", work / f"checkpoint-{old_size}").decode()
            head, checkpoint = request.split("\n\n", 1)
            first, *hashes = head.split("\n")
            hashes = [unbase64(line, "a hash") for line in hashes]
            if first != f"old {old_size}" or read_checkpoint(checkpoint, vkey) != found:
                raise Wrong("the proof is of other checkpoints than those asked for")
            if not verify_consistency(old_size, size, hashes, old_root, found[1]):
                raise Wrong(f"proofbundle refuses the proof that {size} extends {old_size}")
            wrong = [bytes([hashes[0][0] ^ 1]) + hashes[0][1:], *hashes[1:]]
            if verify_consistency(old_size, size, wrong, old_root, found[1]) or verify_consistency(
                    old_size, size, hashes, found[1], old_root):
                raise Wrong("proofbundle accepts an altered proof of consistency")
            proven += 1
        known.append(found)
    server.shutdown()
    if not any("entries" in str(path) for path in before):
        raise Wrong("no full file was published")
    return fetched, proven


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--jejak", required=True, type=pathlib.Path, help="the program")
    parser.add_argument("--seed", required=True, type=int, help="says which events are asked about")
    parser.add_argument("--count", type=int, default=12, help="number of events, 2 or more")
    parser.add_argument("directory", type=pathlib.Path, help="a registry with some events")
    arguments = parser.parse_args()
    jejak, dice = os.path.abspath(arguments.jejak), random.Random(arguments.seed)
    try:
        with tempfile.TemporaryDirectory() as work:
            work = pathlib.Path(work)
            good, refused = check_proofs(jejak, arguments.directory, dice, arguments.count, work)
            cosigned, uncosigned = cosigned_proofs(jejak, arguments.directory, work)
            fetched, proven = check_published(jejak, work)
    except Wrong as wrong:
        print(f"check_proofs: {wrong} (seed {arguments.seed})", file=sys.stderr)
        return 1
    except (Unreadable, OSError) as error:
        print(f"check_proofs: {error}", file=sys.stderr)
        return 3
    print(json.dumps({"proofs_accepted": good, "altered_refused": refused, "cosigned_accepted": cosigned,
                      "cosigned_refused": uncosigned, "published_sizes": SIZES,
                      "files_fetched": fetched, "consistency_proofs_accepted": proven}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
