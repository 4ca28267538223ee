#!/usr/bin/env python3
"""Checks an exported log from FORMAT.md alone.

    jejak log export > log.jsonl; jejak log checkpoint > checkpoint; jejak log vkey > vkey
    python3 tests/check_log.py --log log.jsonl --checkpoint checkpoint --vkey vkey

Nothing of the Rust program is used; docs/characters.txt, which is made from Unicode's files, is. Checked: canonical form
of each line, leaf hashes, root, signature, order of recorded times, ids, one kind of stream for a UUID, that no check of
a claim and no release knows a part of what was recorded together, characters and numbers of persons in texts, event 0.
Prints one JSON object; exit 0 when all
holds, 1 when something does not (said on standard error), 2 on wrong usage, 3 when a file cannot be read.
`--size N` tells the root at size N. `--self-test` checks this script, with wrong inputs too. The figures of
the log are recounted by recount.py beside it.
"""

import argparse
import base64
import binascii
import functools
import hashlib
import json
import pathlib
import re
import sys
import unicodedata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

REQUIRED = {"authtype", "data", "datacontenttype", "id", "recordedtime", "source", "specversion", "subject", "time",
            "timeprecision", "type"}
OPTIONAL = {"authid", "causationid", "correlationid"}
RECORDED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[789]:00", re.ASCII)
LIMIT = 2**53
KEY_INTRODUCED = "id.jejak.registry.key_introduced.v1"


class Wrong(Exception):
    """What does not hold, and where."""


# --- Canonical JSON (RFC 8785, whole numbers only) ---

def canonical(value):
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) >= LIMIT:
            raise Wrong(f"number {value} is beyond 2^53")
        return str(value)
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise Wrong(f"text {value!r} is not in form NFC")
        return '"' + "".join(escaped(character) for character in value) + '"'
    if isinstance(value, list):
        if not value:
            raise Wrong("a list is empty")
        elements = [canonical(element) for element in value]
        # Every list of the format means a set.
        if any(left.encode() >= right.encode() for left, right in zip(elements, elements[1:])):
            raise Wrong(f"a set is not sorted, or holds an element twice: {elements}")
        return "[" + ",".join(elements) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    raise Wrong(f"{value!r} has no place in a record")


def escaped(character):
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    if character in short:
        return short[character]
    return f"\\u{ord(character):04x}" if ord(character) < 0x20 else character


def once(pairs):
    names = dict(pairs)
    if len(names) != len(pairs):
        raise Wrong(f"a name stands twice among {[name for name, _ in pairs]}")
    return names


def no_number(text):
    raise Wrong(f"{text} is no whole number")


def read_record(line):
    if len(line) > 60_000:
        raise Wrong(f"{len(line)} bytes; at most 60,000 are allowed")
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=once, parse_float=no_number, parse_constant=no_number)
        written = canonical(value).encode("utf-8")
    except (UnicodeError, ValueError, RecursionError) as error:
        raise Wrong(f"not JSON in UTF-8: {error}") from error
    if written != line:
        raise Wrong(f"not in canonical form, which would be {written[:200]!r}")
    if not isinstance(value, dict) or not REQUIRED <= value.keys() <= REQUIRED | OPTIONAL:
        raise Wrong("the attributes are not those of a record")
    if value["specversion"] != "1.0" or value["datacontenttype"] != "application/json":
        raise Wrong("specversion or datacontenttype is another")
    for name, form in (("recordedtime", RECORDED), ("time", TIME)):
        if not isinstance(value[name], str) or not form.fullmatch(value[name]):
            raise Wrong(f"{name} {value[name]!r} has another form")
    if not isinstance(value["data"], dict):
        raise Wrong("data is no object")
    return value


# --- Texts (FORMAT, section 3) ---

# Fields of a Text in the open; those of the same name that are no Text, such as the source of money, have no number.
TEXTS = {"authority", "basis", "claim", "commodity", "document", "eligibility", "exhibition", "issuer", "kind", "legal_basis",
         "legal_form", "mentor", "name", "organiser", "partners", "publisher", "scheme", "sentra", "source", "stage", "title",
         "topics", "venue"}


def read_table():
    table = {}
    for line in (pathlib.Path(__file__).parent.parent / "docs/characters.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            span, name = line.split()
            first, last = (int(code, 16) for code in span.split(".."))
            table.setdefault(name, []).append((first, last))
    return table


TABLE = read_table()


@functools.cache
def within(name, character):
    """The first of the range of a table that a character lies in, or None."""
    code = ord(character)
    return next((first for first, last in TABLE[name] if first <= code <= last), None)


def is_letter_of_two(text):
    latin, other = False, None
    for character in text:
        base = unicodedata.normalize("NFD", character)[0]
        if within("other_scripts", character) is not None and character not in "\u03bc\u03a9":
            other = other or character
        elif base.isascii() and base.isalpha():
            latin = True
        elif not (base.isascii() and base.isdigit() or "\u0300" <= base <= "\u036f"):
            latin, other = False, None
        if latin and other:
            return other
    return None


def is_sign(character):
    code = ord(character)
    return (within("dashes", character) is not None or code < 0x80 and not character.isalnum()
            or 0xA0 <= code <= 0xBF or code in (0xD7, 0xF7) or 0x2000 <= code <= 0x2BFF or 0x3000 <= code <= 0x303F)


def rows(text):
    """Rows of groups: digits, what stands before in the row, whether a plus sign stands before."""
    def letters(found):
        token = found.group()
        return "x" * len(token) if re.fullmatch("[0-9A-Fa-f]{32,}", token) and not token.isdigit() else token

    text = re.sub("[0-9A-Za-z]+", letters, text)
    plain = []
    for character in (one for given in text for one in unicodedata.normalize("NFKC", given)):
        zero = within("digits", character)
        plain.append(character if zero is None else str((ord(character) - zero) % 10))
    found, between = [[]], ""
    for part in re.findall("[0-9]+|[^0-9]", "".join(plain)):
        if part.isdigit():
            found[-1].append((part, between if found[-1] else "", between.rstrip("(").endswith("+")))
            between = ""
            continue
        between += part
        if found[-1] and (not is_sign(part) or len(between) > 3):
            found.append([])
    return found


def is_day(year, month, day):
    return bool(re.fullmatch("19..|20..", year)) and len(month) <= 2 and len(day) <= 2 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def is_compact_day(digits):
    return len(digits) == 8 and is_day(digits[:4], digits[4:6], digits[6:])


def is_common(groups):
    """Whether groups read as days, years, amounts and hours from the first to the last."""
    while groups:
        digits, seams = [group[0] for group in groups[:3]], [group[1] for group in groups]
        if len(digits) == 3 and (is_day(*digits) or is_day(*reversed(digits))):
            groups = groups[3:]
        elif is_compact_day(digits[0]) or re.fullmatch("19..|20..", digits[0]):
            groups = groups[1:]
        elif len(digits) > 1 and len(digits[0]) <= 3 and len(digits[1]) == 3 and seams[1] == ".":
            groups = groups[1:]
            while groups and len(groups[0][0]) == 3 and groups[0][1] == ".":
                groups = groups[1:]
            if groups and len(groups[0][0]) == 2 and groups[0][1] == ",":
                groups = groups[1:]
        elif (len(digits) > 1 and len(digits[0]) <= 2 and int(digits[0]) <= 24 and len(digits[1]) == 2
              and int(digits[1]) <= 59 and seams[1] in (".", ":")):
            groups = groups[2:]
        else:
            return False
    return True


def is_near(group):
    return all(one.isspace() or within("dashes", one) is not None or one in ".()" for one in group[1])


def is_of_one_kind(groups):
    seams = [group[1] for group in groups[1:]]
    plain = all(one.isspace() or within("dashes", one) is not None for seam in seams for one in seam)
    return plain or set(seams) in ({"."}, {"_"})


def is_nib(groups, is_whole):
    before = [group[0] for group in groups[:-1]]
    return (is_whole and before and min(map(len, before)) >= 3 and is_of_one_kind(groups) and not is_common(groups)
            and not all(re.fullmatch("19..|20..", digits) for digits in before))


def is_nip(groups):
    digits = "".join(group[0] for group in groups)
    return (all(map(is_near, groups[1:])) and is_compact_day(digits[:8]) and re.fullmatch("19..|20..", digits[8:12])
            and 1 <= int(digits[12:14]) <= 12 and digits[14] in "12")


def is_nik(groups, is_whole):
    if len(groups) < 2 or is_common(groups):
        return False
    lengths, digits = [len(group[0]) for group in groups], "".join(group[0] for group in groups)
    if is_whole and min(lengths) >= 3 and is_of_one_kind(groups):
        return True
    day, month = int(digits[6:8]), int(digits[8:10])
    letter = re.fullmatch("19..|20..", groups[-1][0]) and "/" in groups[-1][1]
    return (not letter and (min(lengths) >= 2 or max(lengths) == 1) and 11 <= int(digits[:2]) <= 97
            and (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12 and digits[12:] != "0000")


def is_phone(groups):
    def together(least, most, may_follow):
        length = len(groups[0][0])
        for group in [*groups[1:], None]:
            if least <= length <= most:
                return True
            if group is None or not is_near(group) or re.fullmatch("19..|20..", group[0]) or not may_follow(group):
                return False
            length += len(group[0])
        return False

    first = groups[0][0]
    long = lambda group: len(group[0]) >= 3
    abroad = first.startswith("628") or first == "62" and len(groups) > 1 and groups[1][0].startswith("8")
    return (first.startswith("08") and len(first) >= 3 and together(10, 13, long) or abroad and together(11, 14, long)
            or groups[0][2] and first[0] != "0" and together(10, 15, lambda group: len(group[0]) >= 2 and "." not in group[1]))


def persons_number(text):
    """Whether a text holds what looks like the number of a person."""
    for row in rows(text):
        if any(len(group[0]) >= 13 and len(group[0]) != 14 for group in row):
            return True
        for start in range(len(row)):
            rest = row[start:]
            lengths = [len(group[0]) for group in rest]
            if (is_phone(rest) or lengths[:4] == [8, 6, 1, 3] and is_compact_day(rest[0][0]) and all(map(is_near, rest[1:4]))
                    or lengths[:6] == [2, 3, 3, 1, 3, 3] and all(map(is_near, rest[1:6]))):
                return True
            for count in range(2, len(rest) + 1):
                is_whole = count == len(rest) and (start == 0 or start == 1 and len(row[0][0]) <= 2)
                length, own = sum(lengths[:count]), rest[:count]
                if (length == 13 and is_nib(own, is_whole) or length == 16 and is_nik(own, is_whole)
                        or length == 18 and is_nip(own)):
                    return True
    return False


def check_text(text):
    for place, character in enumerate(text, 1):
        for name in ("unseen", "unknown"):
            if within(name, character) is not None:
                raise Wrong(f"character {place} of {text!r}, U+{ord(character):04X}, is {name}")
    other = None if text.isascii() else is_letter_of_two(text)
    if other:
        raise Wrong(f"U+{ord(other):04X} stands in a word of Latin letters in {text!r}")


def check_texts(value, is_text=False):
    """Every string of a record, and those of its texts in the open for numbers of persons."""
    if isinstance(value, str):
        check_text(value)
        if is_text and persons_number(value):
            raise Wrong("a text in the open holds what looks like the number of a person")
    elif isinstance(value, list):
        for one in value:
            check_texts(one, is_text)
    elif isinstance(value, dict):
        for name, one in value.items():
            check_text(name)
            check_texts(one, name in TEXTS)


# --- Streams: one UUID serves one kind ---

NAMES = {"assessor": "person", "exhibition": "exhibition", "ikm": "ikm", "instructors": "person", "owner": "person",
         "person": "person", "persons": "person", "program": "program", "sentra": "sentra"}


def named(subject, data):
    """The streams that an event stands in or names, as (kind, UUID)."""
    kind, _, own = subject.partition("/")
    yield kind, own
    if isinstance(data.get("subject"), str):  # a correction: what it puts in the place of the original
        yield from named(data["subject"], data.get("data", {}))
    for scan in data.get("evidence", []):
        yield from (tuple(one.split("/", 1)) for one in scan.get("subjects", []) if "/" in one)
    if "into" in data:
        yield kind, data["into"]
    scope = data.get("scope", {})
    facts = [data, data.get("holder", {}), {"program": scope.get("program", [])}]
    for name, value in (pair for part in facts for pair in part.items()):
        if name in NAMES:
            yield from ((NAMES[name], one) for one in (value if isinstance(value, list) else [value]))


def one_kind(record, kinds):
    for kind, identifier in named(record["subject"], record["data"]):
        known = kinds.setdefault(identifier, kind)
        if kind not in ("area", "registry") and known != kind:
            raise Wrong(f"{kind}/{identifier} has the UUID of a stream of another kind, {known}")


# --- Sizes: what is recorded together has one recorded time, and no size lies within it ---

def whole(records, size):
    """Refuses a size that the log never had."""
    if 0 < size < len(records) and records[size - 1]["recordedtime"] == records[size]["recordedtime"]:
        moment = records[size]["recordedtime"]
        times = [record["recordedtime"] for record in records]
        raise Wrong(f"the log never had size {size}: it lies between {times.index(moment)} and "
                    f"{len(times) - times[::-1].index(moment)}, recorded together at {moment}")


# What says how much of the log it knows, and by which field.
KNOWING = {"id.jejak.claim.checked.v1": "as_known", "id.jejak.area.figures_released.v1": "log_size"}


def checked_sizes(records):
    for index, record in enumerate(records):
        data = record["data"]
        facts = data.get("data", {}) if record["type"] == "id.jejak.event.corrected.v1" else data
        kind = data.get("type") if record["type"] == "id.jejak.event.corrected.v1" else record["type"]
        if kind in KNOWING:
            try:
                whole(records[:index + 1], facts[KNOWING[kind]])
            except Wrong as error:
                raise Wrong(f"index {index}: {error}") from error


# --- Tree (RFC 6962) and checkpoint (C2SP signed note) ---

def root(leaves):
    """Level by level: pairs are hashed, a last odd one moves up as it is."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2:]
    return level[0]


def unbase64(text, what):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Wrong(f"{what} is not base64") from error


def key_id(name, typed_key):
    return hashlib.sha256(name.encode() + b"\n" + typed_key).digest()[:4]


def read_vkey(text):
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise Wrong("the verifier key is not <name>+<id>+<key>")
    name, identifier, key = parts[0], parts[1], unbase64(parts[2], "the verifier key")
    if len(key) != 33 or key[0] != 1:
        raise Wrong("the verifier key is not of Ed25519")
    if key_id(name, key).hex() != identifier:
        raise Wrong("the id of the verifier key is not that of its name and key")
    return name, key


def read_checkpoint(note, vkey):
    """Size and root that the key's holder signed."""
    name, key = read_vkey(vkey)
    text, separator, signatures = note.rpartition("\n\n")
    text += "\n"
    if not separator or not signatures.endswith("\n"):
        raise Wrong("the checkpoint is no signed note")
    signed = False
    for line in signatures[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        if dash != "\u2014" or not signer or not encoded:
            raise Wrong(f"{line!r} is no signature line")
        signature = unbase64(encoded, "a signature")
        if signer == name and signature[:4] == key_id(name, key):
            try:
                ed25519.Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], text.encode())
            except InvalidSignature as error:
                raise Wrong("the signature of the checkpoint does not verify") from error
            signed = True
    if not signed:
        raise Wrong(f"the checkpoint is not signed by {name}")
    lines = text.split("\n")
    if len(lines) < 4 or lines[0] != name:
        raise Wrong(f"the origin of the checkpoint is not {name}")
    if not re.fullmatch(r"0|[1-9][0-9]*", lines[1]):
        raise Wrong(f"{lines[1]!r} is no size")
    return int(lines[1]), unbase64(lines[2], "the root of the checkpoint")


def check_names(records, origin):
    """What event 0 and later introductions say again of what is signed: the origin, each key by purpose, type, name."""
    named, keys = {}, set()

    def take(index, purpose, vkey):
        wanted = origin if purpose == "checkpoint" else f"{origin}/{purpose}"
        try:
            name, key = read_vkey(vkey)
        except Wrong as error:
            raise Wrong(f"index {index}: the {purpose} key: {error}") from error
        if name != wanted:
            raise Wrong(f"index {index}: the {purpose} key is named {name}, not {wanted}")
        if key in keys:
            raise Wrong(f"index {index}: the {purpose} key was named before, for this purpose or another")
        keys.add(key)

    opened = records[0]
    if opened["type"] != "id.jejak.registry.opened.v1" or opened["data"]["origin"] != origin:
        raise Wrong(f"index 0 does not open a registry of origin {origin}")
    for entry in opened["data"].get("keys", []):
        purpose = entry["purpose"]
        if purpose in named:
            raise Wrong(f"index 0 names two {purpose} keys")
        named[purpose] = entry["vkey"]
        take(0, purpose, entry["vkey"])
    if "checkpoint" not in named:
        raise Wrong("index 0 names no checkpoint key")
    for index, record in enumerate(records):
        if record["type"] == KEY_INTRODUCED:
            take(index, record["data"]["purpose"], record["data"]["vkey"])


def check_log(lines, note, vkey):
    """All that the checkpoint covers, checked; the records in order."""
    size, signed_root = read_checkpoint(note, vkey)
    if len(lines) < size:
        raise Wrong(f"the checkpoint covers {size} events, only {len(lines)} are there")
    lines = lines[:size]
    records, ids, kinds = [], set(), {}
    for index, line in enumerate(lines):
        try:
            record = read_record(line)
            if record["id"] in ids:
                raise Wrong(f"id {record['id']} stands twice")
            if records and record["recordedtime"] < records[-1]["recordedtime"]:
                raise Wrong(f"recordedtime {record['recordedtime']} is before that of the event before")
            one_kind(record, kinds)
            check_texts(record["data"])
        except Wrong as error:
            raise Wrong(f"index {index}: {error}") from error
        ids.add(record["id"])
        records.append(record)
    checked_sizes(records)
    if root(lines) != signed_root:
        raise Wrong("the root over the events is not that of the checkpoint")
    if size:
        # The origin that is signed is the name of the key: read_checkpoint() holds it so.
        opened, name = records[0], vkey.strip().split("+", 1)[0]
        keys = [key["vkey"] for key in opened["data"].get("keys", []) if key["purpose"] == "checkpoint"]
        introduced = [index for index, record in enumerate(records) if record["type"] == KEY_INTRODUCED
                      and record["data"]["purpose"] == "checkpoint"]
        keys += [records[index]["data"]["vkey"] for index in introduced]
        check_names(records, name)
        if vkey.strip() not in keys:
            raise Wrong("index 0 names another checkpoint key")
        # The checkpoint whose last event introduces a key is signed by the key before it, too.
        signing = keys[-2:] if introduced and introduced[-1] == size - 1 else keys[-1:]
        if vkey.strip() not in signing:
            raise Wrong(f"index {introduced[-1]} introduced another checkpoint key")
    return lines, records


def answer(lines, note, vkey, size):
    """Size and root of the log, or of its first events."""
    lines, records = check_log(lines, note, vkey)
    size = len(lines) if size is None else size
    if size > len(lines):
        raise Wrong(f"--size {size} is beyond the {len(lines)} events that the checkpoint covers")
    whole(records, size)
    return {"size": size, "root": base64.b64encode(root(lines[:size])).decode()}


# --- Self-test ---

class Sample:
    """A small log made here; recount.py knows what its figures are."""

    def __init__(self, secret=bytes(range(32))):
        self.key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
        public = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.typed = b"\1" + public
        self.name = "log.example/test"
        self.vkey = f"{self.name}+{key_id(self.name, self.typed).hex()}+{base64.b64encode(self.typed).decode()}"
        self.lines = []
        a, b, p, s, first, second = "ikm/a", "ikm/b", "program/p", "s", "x", "y"
        self.add("registry.opened", "registry", "2023-01-02",
                 {"origin": self.name, "keys": [{"purpose": "checkpoint", "vkey": self.vkey}]})
        for ikm in (a, b):
            self.add("ikm.registered", ikm, "2023-01-03", {"area": "35.76", "note": 'é "\\ 😀'})
        self.add("program.opened", p, "2023-09-01", {"theme": "export", "unit": "person", "area": "35.76"})
        self.add("program.session_scheduled", p, "2023-09-02",
                 {"session": s, "days": [{"date": f"2023-10-{day}", "theory_minutes": 60, "practice_minutes": 240}
                                         for day in (24, 25, 26)]})
        self.add("enrolment.made", a, "2023-09-10", {"program": "p", "persons": [first, second]})
        self.add("enrolment.made", b, "2023-09-10", {"program": "p", "persons": ["z"]})
        for person, days in ((first, (24, 25, 26)), (second, (24, 25))):
            for day in days:
                self.attended(a, person, day, "present")
        for day in (24, 25):
            self.attended(b, "z", day, "present")
        wrong = self.attended(b, "z", 26, "absent")
        # Sizes of the log that recount.py asks about.
        self.before = len(self.lines)
        fact = {"program": "p", "person": "z", "session": s, "day": "2023-10-26", "status": "present"}
        self.correction = self.add("event.corrected", b, "2023-11-01", {
            "target": wrong, "type": "id.jejak.training.attended.v1", "subject": b,
            "time": "2023-10-26T00:00:00+07:00", "timeprecision": "day", "data": fact, "reason": "typing_error"})
        self.corrected = len(self.lines)
        self.add("event.retracted", b, "2023-11-02", {"target": self.correction, "reason": "recorded_twice"})

    def attended(self, ikm, person, day, status):
        date = f"2023-10-{day}"
        return self.add("training.attended", ikm, date,
                        {"program": "p", "person": person, "session": "s", "day": date, "status": status})

    def add(self, kind, subject, date, data):
        identifier = f"id-{len(self.lines):04}"
        self.lines.append(canonical({
            "authtype": "system", "data": data, "datacontenttype": "application/json", "id": identifier,
            "recordedtime": f"2024-01-01T00:00:{len(self.lines):02}.000Z", "source": "urn:jejak:35.76:dinas",
            "specversion": "1.0", "subject": subject, "time": f"{date}T00:00:00+07:00", "timeprecision": "day",
            "type": f"id.jejak.{kind}.v1"}).encode())
        return identifier

    def records(self):
        return check_log(self.lines, self.sign(self.lines), self.vkey)[1]

    def sign(self, lines, size=None, name=None):
        name = name or self.name
        text = f"{name}\n{len(lines) if size is None else size}\n{base64.b64encode(root(lines)).decode()}\n"
        signature = key_id(name, self.typed) + self.key.sign(text.encode())
        return f"{text}\n\u2014 {name} {base64.b64encode(signature).decode()}\n"


def attests(public, name="log.example/test/attestation", kind=1):
    """An attestation key of made-up bytes."""
    typed = bytes([kind]) + (bytes([public]) * 32 if isinstance(public, int) else public)
    vkey = f"{name}+{key_id(name, typed).hex()}+{base64.b64encode(typed).decode()}"
    return {"purpose": "attestation", "vkey": vkey}


def keys_changed(lines, sample, keys, own=True):
    """The log with other keys in event 0, and the checkpoint over it."""
    opened = json.loads(lines[0])
    keys = keys + ([{"purpose": "checkpoint", "vkey": sample.vkey}] if own else [])
    opened["data"]["keys"] = sorted(keys, key=canonical)
    altered = [canonical(opened).encode(), *lines[1:]]
    return altered, sample.sign(altered)


def self_test():
    # RFC 6962 test vectors, and the three-leaf tree by hand.
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([b""]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    left = root([b"a", b"b"])
    assert root([b"a", b"b", b"c"]) == hashlib.sha256(b"\1" + left + root([b"c"])).digest()
    # Names by UTF-16: U+1F600 is written with surrogates and so sorts before U+FFFD.
    assert canonical({"\ufffd": 1, "\U0001f600": 2, 'a"\n\x1f': 0}) == '{"a\\"\\n\\u001f":0,"\U0001f600":2,"\ufffd":1}'

    texts = json.loads((pathlib.Path(__file__).parent / "data/texts.json").read_text(encoding="utf-8"))
    for _, text in texts["persons"]:
        assert persons_number(text), text
    for text in texts["others"]:
        assert not persons_number(text), text

    sample = Sample()
    lines, note = sample.lines, sample.sign(sample.lines)

    assert answer(lines + [b"unsigned"], note, sample.vkey, None)["size"] == len(lines)
    assert answer(lines, note, sample.vkey, 0)["root"] == base64.b64encode(root([])).decode()

    def changed(at, old, new):
        altered = list(lines)
        assert old in altered[at], (old, altered[at])
        altered[at] = altered[at].replace(old, new, 1)
        return altered, sample.sign(altered)

    swapped = [lines[0], lines[2], lines[1], *lines[3:]]
    wrong = {
        "not signed root": (changed(5, b'"x"', b'"w"')[0], note, "root over the events"),
        "swapped, signed": (swapped, sample.sign(swapped), "index 2: recordedtime"),
        "swapped": (swapped, note, "index 2: recordedtime"),
        "two kinds of one UUID": (*changed(2, b'"ikm/b"', b'"person/a"'), "index 2: person/a has the UUID"),
        "named as another kind": (*changed(6, b'["z"]', b'["a"]'), "index 6: person/a has the UUID"),
        "two kinds in one event": (*changed(6, b'"subject":"ikm/b"', b'"subject":"ikm/z"'), "index 6: person/z"),
        "one missing": (lines[:-1], note, "only"),
        "space": (*changed(3, b'":', b'": '), "index 3: not in canonical form"),
        "order of names": (*changed(3, b'"area":"35.76","theme":"export"', b'"theme":"export","area":"35.76"'),
                           "not in canonical form"),
        "escaped slash": (*changed(1, b'"ikm/a"', b'"ikm\\/a"'), "not in canonical form"),
        "escaped letter": (*changed(1, "é".encode(), b"\\u00e9"), "not in canonical form"),
        "an unseen character": (*changed(1, "é".encode(), "é\u00ad".encode()), "index 1: character 2 of"),
        "a tag": (*changed(1, "é".encode(), "\U000e0041".encode()), "U+E0041, is unseen"),
        "an unassigned character": (*changed(1, "é".encode(), "\u0378".encode()), "U+0378, is unknown"),
        "a character of a later Unicode": (*changed(1, "é".encode(), "\U0001fae9".encode()), "U+1FAE9, is unknown"),
        "a word of two scripts": (*changed(1, "é".encode(), "B\u0430tik".encode()), "U+0430 stands in a word"),
        "the number of a person": (*changed(3, b'"theme":"export"', b'"title":"NIK 3375-0101-0101-0001"'), "number of a person"),
        "not composed": (*changed(1, "é".encode(), "e\u0301".encode()), "NFC"),
        "order of a set": (*changed(5, b'["x","y"]', b'["y","x"]'), "set is not sorted"),
        "twice in a set": (*changed(5, b'["x","y"]', b'["x","x"]'), "set is not sorted"),
        "name twice": (*changed(5, b'"program":"p"', b'"program":"p","program":"p"'), "twice"),
        "null": (*changed(5, b'["x","y"]', b"null"), "no place"),
        "empty list": (*changed(5, b'["x","y"]', b"[]"), "empty"),
        "fraction": (*changed(5, b'"p"', b"1.0"), "whole number"),
        "exponent": (*changed(5, b'"p"', b"1e2"), "whole number"),
        "beyond 2^53": (*changed(5, b'"p"', b"9007199254740992"), "beyond 2^53"),
        "minus zero": (*changed(5, b'"p"', b"-0"), "not in canonical form"),
        "not UTF-8": (*changed(5, b'"x"', b'"\xff"'), "not JSON"),
        "cut short": (*changed(5, b'"}', b'"'), "index 5"),
        "too long": (*changed(5, b'"p"', b'"' + b"p" * 60_000 + b'"'), "60,000"),
        "unknown attribute": (*changed(5, b'{"authtype"', b'{"a":1,"authtype"'), "attributes"),
        "id twice": (*changed(5, b"id-0005", b"id-0004"), "index 5: id id-0004 stands twice"),
        "recordedtime form": (*changed(5, b".000Z", b".00Z"), "recordedtime"),
        "time form": (*changed(5, b"+07:00", b"Z"), "time"),
        "other origin in event 0": (*changed(0, b'"origin":"log', b'"origin":"lag'), "index 0"),
        "other key in event 0": (*changed(0, sample.vkey.encode(), b"k"), "index 0"),
        "two checkpoint keys": (*changed(0, b'"keys":[', b'"keys":[{"purpose":"checkpoint","vkey":"a"},'),
                                "index 0"),
        "two attestation keys": (*keys_changed(lines, sample, [attests(2), attests(3)]), "two attestation keys"),
        "attestation key of another type": (*keys_changed(lines, sample, [attests(2, kind=4)]), "not of Ed25519"),
        "attestation key of another name": (*keys_changed(lines, sample, [attests(2, name="other.example/attestation")]),
                                            "is named other.example/attestation"),
        "one key for two purposes": (*keys_changed(lines, sample, [attests(sample.typed[1:])]), "was named before"),
        "no checkpoint key": (*keys_changed(lines, sample, [attests(2)], own=False), "no checkpoint key"),
        "signature": (lines, note[:-9] + ("A" if note[-9] != "A" else "B") + note[-8:], "signature"),
        "size": (lines, note.replace(f"\n{len(lines)}\n", f"\n{len(lines) - 1}\n", 1), "signature"),
        "other signer": (lines, note.replace(f"\u2014 {sample.name}", "\u2014 other.example"), "not signed"),
        "no signature": (lines, note.split("\n\n", maxsplit=1)[0] + "\n", "no signed note"),
        "origin": (lines, sample.sign(lines, name="other.example/log"), "not signed"),
        "leading zero": (lines, sample.sign(lines, size=f"0{len(lines)}"), "no size"),
    }
    for name, (events, checkpoint, words) in wrong.items():
        try:
            answer(events, checkpoint, sample.vkey, None)
        except Wrong as error:
            assert words in str(error), f"{name}: {error}"
        else:
            raise AssertionError(f"{name}: not noticed")
    together, checkpoint = changed(6, b"00:00:06", b"00:00:05")
    assert answer(together, checkpoint, sample.vkey, 5)["size"] == 5
    try:
        answer(together, checkpoint, sample.vkey, 6)
    except Wrong as error:
        assert "never had size 6: it lies between 5 and 7" in str(error), error
    else:
        raise AssertionError("a size inside a batch: not noticed")
    for kind, subject, field in (("claim.checked", "claim/c", "as_known"),
                                 ("area.figures_released", "area/33.74", "log_size")):
        for known, words in ((5, None), (6, "index 13: the log never had size 6"), (7, None)):
            again = Sample()
            again.lines = together[:13]
            again.add(kind, subject, "2023-11-03", {field: known})
            try:
                check_log(again.lines, again.sign(again.lines), again.vkey)
            except Wrong as error:
                assert words and words in str(error), error
            else:
                assert words is None, f"a {kind} inside a batch: not noticed"
    for vkey, words in ((sample.vkey.replace("log.", "lag."), "id of the verifier key"), ("x", "not <name>"),
                        (sample.vkey[:-20] + "AAAA" + sample.vkey[-16:], "id of the verifier key"),
                        (sample.vkey[:-4], "not of Ed25519")):
        try:
            check_log(lines, note, vkey)
        except Wrong as error:
            assert words in str(error), error
        else:
            raise AssertionError(f"{vkey}: not noticed")
    check_rotations()
    examples, goldens = example_of_format(), golden_events()
    print(f"self-test: {len(wrong) + 4} wrong inputs refused, "
          f"{examples} events of FORMAT.md and {goldens} golden events checked")


def check_rotations():
    """A log that changes its key: the old key signs up to the handover, the new one from there on."""
    old, new = Sample(), Sample(bytes(range(1, 33)))
    before = list(old.lines)
    old.add("registry.key_introduced", "registry", "2023-12-01", {"purpose": "checkpoint", "vkey": new.vkey})
    handover = list(old.lines)
    old.add("ikm.registered", "ikm/c", "2023-12-02", {"area": "35.76", "note": "x"})
    for events, by, words in ((before, old, None), (handover, old, None), (handover, new, None),
                              (old.lines, new, None), (before, new, "index 0"), (old.lines, old, "introduced another")):
        try:
            check_log(events, by.sign(events), by.vkey)
        except Wrong as error:
            assert words and words in str(error), error
        else:
            assert words is None, f"{words}: not noticed"


def golden_events():
    """Golden records are canonical by this script's word too, and hash alike."""
    paths = sorted((pathlib.Path(__file__).parent.parent / "events" / "golden").glob("*.json"))
    for path in paths:
        golden = json.loads(path.read_text(encoding="utf-8"))
        line = golden["record"].encode()
        read_record(line)
        assert base64.b64encode(root([line])).decode() == golden["leaf_hash"], path.name
        for group, disclosures in golden["disclosures"].items():
            for disclosure in disclosures:
                digest = base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode()).digest()).rstrip(b"=")
                assert digest in line, f"{path.name}: no digest for a {group} disclosure"
    assert paths, "no golden events"
    return len(paths)


def example_of_format():
    """The example of FORMAT.md, written by another program, checks here too."""
    page = (pathlib.Path(__file__).parent.parent / "FORMAT.md").read_text(encoding="utf-8")

    def block(name):
        return re.search(rf"<!-- generated: {name} -->\n```text\n(.*?)```", page, re.DOTALL).group(1)

    lines = [line.encode() for line in block("journal").splitlines() if line.startswith("{")]
    check_log(lines, block("checkpoint"), block("vkey"))
    leaves = re.findall(r"leaf \d+ +(\S+)", block("tree"))
    assert [base64.b64encode(root([line])).decode() for line in lines] == leaves
    for size, text in re.findall(r"root at (\d+) (\S+)", block("tree")):
        assert base64.b64encode(root(lines[:int(size)])).decode() == text
    for disclosure, digest in re.findall(r"\| \w+ \| `([\w-]+)` \| .* \| `([\w-]{43})` \|", page):
        made = base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode()).digest()).rstrip(b"=").decode()
        assert made == digest and digest.encode() in lines[1]
    return len(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    for name in ("log", "checkpoint", "vkey"):
        parser.add_argument(f"--{name}", type=pathlib.Path, help=f"output of `jejak log {name.replace('log', 'export')}`")
    parser.add_argument("--size", type=int, help="the root when the log held so many events")
    parser.add_argument("--self-test", action="store_true", help="check this script")
    arguments = parser.parse_args()
    if arguments.self_test:
        self_test()
        return 0
    if not (arguments.log and arguments.checkpoint and arguments.vkey):
        parser.error("--log, --checkpoint and --vkey are needed")
    if arguments.size is not None and arguments.size < 0:
        parser.error("--size is a number of events")
    try:
        lines = arguments.log.read_bytes().removesuffix(b"\n").split(b"\n")
        note, vkey = arguments.checkpoint.read_text("utf-8"), arguments.vkey.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 3
    try:
        print(json.dumps(answer([] if lines == [b""] else lines, note, vkey, arguments.size)))
    except Wrong as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
