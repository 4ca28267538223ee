#!/usr/bin/env python3
"""Recounts what is open of the releases in a log, from FORMAT.md alone.

    python3 tests/check_releases.py --log log.jsonl
    python3 tests/check_releases.py --jejak target/release/jejak --release 2024-Q1,2024 DIRECTORY...
    python3 tests/check_releases.py --cheating tests/data/cheating/log

Nothing of the Rust program is used. Recounted: which reports stand behind each cell, by the period, the log size and
the areas; IKMs, reports that do not give the figure and erased ones; that no cell is missing or too many. Of the
suppression what needs no sealed value: no told cell, none of the sets that told cells of this and earlier releases
cut out, and nothing that is left of a whole without its part is of fewer than four IKMs (those of one owner are one)
or holds an erased figure; no part is told without its whole or above it. Also that a release knows every event before it,
that its events lie together, and that none was corrected or retracted. What it cannot see is the sums and shares.

With --release each registry first makes the releases that are named, where it does not refuse. Prints one JSON object;
exit 0 when all holds, 1 when something does not (said on standard error), 2 on wrong usage, 3 when a file or registry
cannot be read. `--self-test` checks this script.
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys
from collections import defaultdict

import check_log
import recount
from check_log import Wrong

RELEASED = "id.jejak.area.figures_released.v1"
FEWEST = 4
MOST_RELEASES = 1000
# Kind of report: its type, and each figure with the sealed field that gives it.
REPORTS = {
    "ikm.workforce_reported": {name: name for name in ("workers", "women", "under_35", "over_60", "bpjs_ketenagakerjaan",
                                                       "bpjs_kesehatan")},
    "exhibition.joined": {"sales": "sales", "orders": "orders", "buyers": "buyers"},
    "ikm.shipment_reported": {"shipment_value": "value"},
}
WHOLES = {part: "workers" for part in REPORTS["ikm.workforce_reported"] if part != "workers"}


def is_calendar(period):
    """A month, a quarter or a year."""
    first, last = (datetime.date.fromisoformat(period[end]) for end in ("from", "to"))
    after = last + datetime.timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    whole = first.day == 1 and after.day == 1
    return whole and (months == 1 or months in (3, 12) and (first.month - 1) % months == 0)


class Erasures:
    """Whose confidential figures were destroyed, and by which request."""

    def __init__(self, records):
        self.records = records
        self.requests = [(index, record["subject"]) for index, record in enumerate(records)
                         if record["type"] == "id.jejak.ikm.erasure_requested.v1"]
        self.merges = {index: recount.Known(records[:index], recount.FOR_EVER).merges for index, _ in self.requests}

    def holds(self, report, size):
        """Whether a report's figures were destroyed by a request below a size."""
        record = self.records[report]
        stream = record["data"].get("subject", record["subject"])
        for index, asked in self.requests:
            if index >= size:
                continue
            own = stream
            while own != asked and own in self.merges[index]:
                own = self.merges[index][own][1]
            if own == asked:
                return True
        return False


class Table:
    """What stands behind each cell of a release."""

    def __init__(self, records, erasures, period, day, size):
        self.size = size
        known = recount.Known(records[:size], max(day, period["to"]))
        ended = recount.Known(records[:size], period["to"])
        latest, reports = {}, []
        for form in known.of(*REPORTS):
            happened = form.data["period"]["to"] if form.kind == "ikm.workforce_reported" else form.date
            if not period["from"] <= happened <= period["to"]:
                continue
            ikm = known.counts_as(form.stream)
            if form.kind == "ikm.workforce_reported":
                if ikm not in latest or (happened, form.order) > latest[ikm][0]:
                    latest[ikm] = (happened, form.order), form
            else:
                reports.append((ikm, form))
        reports += [(ikm, form) for ikm, (_, form) in latest.items()]
        # How many there are of an IKM that lies somewhere.
        self.reports = sum(ended.area(ikm) is not None for ikm, _ in reports)
        self.cells = defaultdict(lambda: {"given": {}, "unseen": 0, "erased": 0})
        for ikm, form in reports:
            area = ended.area(ikm)
            if area is None:
                continue
            has = form.data.get("sealed", {}).get("has", [])
            for figure, field in REPORTS[form.kind].items():
                for place in {area, area[:2]}:
                    cell = self.cells[place, figure]
                    if field not in has:
                        cell["unseen"] += 1
                    elif erasures.holds(form.effective, size):
                        cell["erased"] += 1
                    else:
                        cell["given"][form.effective] = ikm
        # What nobody ever gave has no cell.
        self.cells = {key: cell for key, cell in self.cells.items() if cell["given"] or cell["erased"]}
        self.known = known
        owners = recount.Known(records[:size], recount.FOR_EVER)
        self.owners = {}
        for form in owners.of("ikm.registered", "ikm.profile_changed"):
            if "owner" in form.data:
                self.owners[form.stream] = owners.person(form.data["owner"])

    def party(self, stream):
        """Who knows the figures of a stream: the owner where one is recorded, else the IKM."""
        ikm = self.known.counts_as(stream)
        return self.owners.get(ikm, ikm)


class Atoms:
    """The sets that told sums cut the reports into."""

    def __init__(self):
        self.of, self.count = {}, 0

    def cut(self, told):
        """Takes in a told set; the atoms that this makes."""
        parts = defaultdict(set)
        for report in told:
            parts[self.of.get(report)].add(report)
        made = []
        for atom, inside in parts.items():
            left = set() if atom is None else {one for one, own in self.of.items() if own == atom} - inside
            if atom is not None and not left:
                continue
            for part in filter(None, (inside, left)):
                self.count += 1
                self.of.update(dict.fromkeys(part, self.count))
                made.append(part)
        return made


def releases(records):
    """The events of each release, which lie together."""
    found = {}
    for index, record in enumerate(records):
        if record["type"] == RELEASED:
            found.setdefault(record.get("correlationid"), []).append((index, record))
    for events in found.values():
        indexes = [index for index, _ in events]
        if indexes != list(range(indexes[0], indexes[0] + len(indexes))):
            raise Wrong(f"index {indexes[0]}: the events of its release do not lie together")
        yield events


class Checked:
    """Releases in turn, each held against the open facts and against what was told before."""

    def __init__(self, records):
        self.records, self.erasures = records, Erasures(records)
        self.told, self.left = defaultdict(Atoms), defaultdict(Atoms)
        self.reports = 0
        self.counts = {"releases": 0, "told": 0, "withheld": 0}

    def release(self, events):
        index, first = events[0]
        period, size, day = first["data"]["period"], first["data"]["log_size"], first["time"][:10]
        if any((one["data"]["period"], one["data"]["log_size"], one["time"][:10]) != (period, size, day)
               for _, one in events):
            raise Wrong("the events of the release are of other periods, sizes or days")
        if not is_calendar(period) or period["to"] >= day or size != index:
            raise Wrong(f"no release on {day} at index {index} can be of {period} and know {size} events")
        if self.counts["releases"] == MOST_RELEASES:
            raise Wrong(f"there are {MOST_RELEASES} releases before it")
        table = Table(self.records, self.erasures, period, day, size)
        self.reports += table.reports
        if self.reports > 100_000 + 16 * size:
            raise Wrong(f"the releases are made of {self.reports} reports")
        said = {}
        for _, record in events:
            for cell in record["data"]["cells"]:
                key = bare(record["subject"]), cell["figure"]
                if key in said:
                    raise Wrong(f"{key} stands twice")
                said[key] = cell
        if said.keys() != table.cells.keys():
            raise Wrong(f"cells differ: {sorted(said.keys() ^ table.cells.keys())}")
        for key, cell in said.items():
            self.counted(key, cell, table.cells[key])
        # The order in which sums are decided does not matter for what they cut.
        for (area, figure), cell in said.items():
            if "sum" in cell:
                self.tell(table, (area, figure), cell, said)
        self.counts["releases"] += 1
        self.counts["told"] += sum("sum" in cell for cell in said.values())
        self.counts["withheld"] += sum("sum" not in cell for cell in said.values())

    @staticmethod
    def counted(key, cell, mine):
        counts = {"ikms": len(set(mine["given"].values())), "unseen": mine["unseen"], "erased": mine["erased"]}
        theirs = {name: cell[name] for name in counts}
        if counts != theirs:
            raise Wrong(f"{key} says {theirs}; recounted are {counts}")

    def tell(self, table, key, cell, said):
        area, figure = key
        if cell["ikms"] < FEWEST or cell["sum"] < 1:
            raise Wrong(f"{key} tells {cell['sum']} of {cell['ikms']} IKMs")
        given = set(table.cells[key]["given"])
        self.safe(table, key, self.told[figure].cut(given))
        if figure in WHOLES:
            whole = said.get((area, WHOLES[figure]), {})
            if whole.get("sum", -1) < cell["sum"] or whole["ikms"] < cell["ikms"]:
                raise Wrong(f"{key} is told, and its whole is {whole}")
            self.safe(table, key, self.left[figure].cut(set(table.cells[area, WHOLES[figure]]["given"])))

    def safe(self, table, key, made):
        for atom in made:
            parties = {table.party(stream(self.records[report])) for report in atom}
            if len(parties) < FEWEST:
                raise Wrong(f"{key} tells, beside other sums, what {len(parties)} IKMs have: reports {sorted(atom)}")
            if any(self.erasures.holds(report, table.size) for report in atom):
                raise Wrong(f"{key} tells a sum over an erased figure: reports {sorted(atom)}")


def stream(record):
    return record["data"].get("subject", record["subject"])


def bare(subject):
    return subject.partition("/")[2]


def check(records):
    checked = Checked(records)
    ids = {record["id"] for record in records if record["type"] == RELEASED}
    for index, record in enumerate(records):
        if record["data"].get("target") in ids:
            raise Wrong(f"index {index}: a release is neither corrected nor retracted")
    for events in releases(records):
        try:
            checked.release(events)
        except Wrong as error:
            raise Wrong(f"release at index {events[0][0]}: {error}") from error
    return checked.counts


def release_and_export(jejak, directory, periods):
    for period in periods:
        made = subprocess.run([jejak, "release", "--period", period, "--actor", "pemeriksa", "--dir", directory, "--accept-clock"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        # Refused: the period is not over on the registry's day, or nothing was reported.
        if made.returncode not in (0, 1):
            raise OSError(made.stderr.decode())
    return subprocess.run([jejak, "log", "export", "--dir", directory], stdout=subprocess.PIPE, check=True).stdout


# --- Self-test ---

class Sample(check_log.Sample):
    """Seven IKMs of one city, and one of another, report their workers."""

    def __init__(self):
        super().__init__()
        for number in range(8):
            area = "33.26" if number == 7 else "33.75"
            self.add("ikm.registered", f"ikm/w{number}", "2023-02-01", {"area": area})
        for number in range(6):
            self.report(number)

    def report(self, number, has=("women", "workers")):
        return self.add("ikm.workforce_reported", f"ikm/w{number}", "2023-04-03",
                        {"period": {"from": "2023-01-01", "to": "2023-03-31"}, "sealed": {"has": list(has)}})

    def cell(self, figure, ikms, total=None, unseen=0, erased=0):
        cell = {"erased": erased, "figure": figure, "ikms": ikms, "unseen": unseen}
        return cell if total is None else {**cell, "sum": total}

    def release(self, areas, period=("2023-01-01", "2023-03-31"), day="2023-12-01", size=None):
        size, first = size or len(self.lines), f"id-{len(self.lines):04}"
        for area, cells in areas.items():
            record = {"cells": sorted(cells, key=check_log.canonical), "log_size": size,
                      "period": dict(zip(("from", "to"), period))}
            self.add("area.figures_released", f"area/{area}", day, record)
            written = json.loads(self.lines[-1])
            self.lines[-1] = check_log.canonical({**written, "correlationid": first}).encode()

    def checked(self):
        return check([check_log.read_record(line) for line in self.lines])


def self_test():
    def both(sample, *cells):
        return {"33": [sample.cell(*cell) for cell in cells], "33.75": [sample.cell(*cell) for cell in cells]}

    good = ("workers", 6, 100), ("women", 6, 50)
    sample = Sample()
    sample.release(both(sample, *good))
    assert sample.checked() == {"releases": 1, "told": 4, "withheld": 0}
    # Again with nothing new, and with one more that is withheld.
    sample.release(both(sample, *good))
    sample.report(6, has=("workers",))
    sample.release(both(sample, ("workers", 7), ("women", 6, None, 1)))
    assert sample.checked() == {"releases": 3, "told": 8, "withheld": 4}

    def late(sample):
        sample.release(both(sample, *good))
        sample.report(6)
        sample.release(both(sample, ("workers", 7, 109), ("women", 7)))

    def of_one_owner(sample):
        for number in (0, 1, 2, 3):
            sample.add("ikm.profile_changed", f"ikm/w{number}", "2023-02-02", {"owner": "o"})
        sample.release(both(sample, ("workers", 6, 100), ("women", 6)))

    def merged(sample):
        for number in (0, 1, 2):
            sample.add("ikm.merged", f"ikm/w{number}", "2023-05-05", {"into": "w3"})
        sample.release(both(sample, ("workers", 6, 100), ("women", 6)))

    def elsewhere(sample):
        sample.report(7)
        sample.release({"33": [sample.cell("workers", 7, 109), sample.cell("women", 7)],
                        "33.75": [sample.cell("workers", 6, 100), sample.cell("women", 6)],
                        "33.26": [sample.cell("workers", 1), sample.cell("women", 1)]})

    def erased(sample):
        sample.release(both(sample, *good))
        sample.add("ikm.erasure_requested", "ikm/w5", "2023-06-06", {"basis": "subject_request"})
        sample.release(both(sample, ("workers", 5, 90, 0, 1), ("women", 5, None, 0, 1)))

    def corrected(sample):
        sample.release(both(sample, *good))
        target = json.loads(sample.lines[-3])
        sample.add("event.corrected", target["subject"], "2023-06-06", {
            "target": target["id"], "type": target["type"], "subject": target["subject"], "time": target["time"],
            "timeprecision": "day", "data": target["data"], "reason": "typing_error"})
        sample.release(both(sample, ("workers", 6, 101), ("women", 6)))

    def earlier(sample):
        size = len(sample.lines)
        sample.report(6)
        sample.release(both(sample, *good), size=size)

    def retracted(sample):
        sample.release(both(sample, *good))
        target = json.loads(sample.lines[-1])
        sample.add("event.retracted", target["subject"], "2023-12-02", {"target": target["id"], "reason": "not_ours"})

    def plain(*cells, **other):
        return lambda sample: sample.release(both(sample, *cells), **other)

    wrong = {
        "an earlier state": (earlier, "no release"),
        "a retracted one": (retracted, "neither corrected nor retracted"),
        "a late one": (late, "what 1 IKMs have"),
        "a corrected one": (corrected, "what 1 IKMs have"),
        "one owner": (of_one_owner, "what 3 IKMs have"),
        "merged": (merged, "recounted are {'ikms': 3"),
        "a city by its province": (elsewhere, "what 1 IKMs have"),
        "an erased one": (erased, "what 1 IKMs have"),
        "too many IKMs": (plain(("workers", 7, 100), ("women", 6)), "recounted are"),
        "a cell missing": (plain(("workers", 6, 100)), "cells differ"),
        "a cell too many": (plain(("workers", 6, 100), ("women", 6), ("sales", 6)), "cells differ"),
        "nothing": (plain(("workers", 6, 0), ("women", 6)), "tells 0"),
        "a part alone": (plain(("workers", 6), ("women", 6, 50)), "its whole is"),
        "a part above its whole": (plain(("workers", 6, 100), ("women", 6, 101)), "its whole is"),
        "half a year": (plain(*good, period=("2023-01-01", "2023-06-30")), "no release"),
        "not over": (plain(*good, day="2023-03-31"), "no release"),
        "of the future": (plain(*good, size=99), "no release"),
    }
    for name, (spoil, words) in wrong.items():
        sample = Sample()
        spoil(sample)
        try:
            sample.checked()
        except Wrong as error:
            assert words in str(error), f"{name}: {error}"
        else:
            raise AssertionError(f"{name}: not noticed")
    print(f"self-test: {len(wrong)} releases judged")


def cheating(folder):
    """Holds the logs of tricks with releases: those that the program refuses for one are refused here, too."""
    counts = {"refused": 0, "sound": 0}
    for path in sorted(folder.glob("*release*.json")):
        trick = json.loads(path.read_bytes())
        try:
            check([check_log.read_record(line.encode()) for line in trick["entries"]])
            sound = True
        except Wrong as error:
            sound = False
            print(f"{path.stem}: {error}", file=sys.stderr)
        if sound != (trick.get("answer") is None):
            raise Wrong(f"{path.stem}: sound here: {sound}; the program says {trick.get('answer')}")
        counts["sound" if sound else "refused"] += 1
    if not all(counts.values()):
        raise Wrong(f"too few files in {folder}: {counts}")
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("directories", nargs="*", metavar="DIRECTORY", help="data directory of a registry")
    parser.add_argument("--log", type=pathlib.Path, nargs="+", help="output of `jejak log export`, of one log or more")
    parser.add_argument("--jejak", default="target/release/jejak", help="the program that exports and releases")
    parser.add_argument("--release", default="", help="periods to release first, separated by commas")
    parser.add_argument("--cheating", type=pathlib.Path, metavar="FOLDER", help="files of tests/data/cheating/log")
    parser.add_argument("--self-test", action="store_true", help="check this script")
    arguments = parser.parse_args()
    if arguments.self_test:
        self_test()
        return 0
    if arguments.cheating:
        try:
            print(json.dumps(cheating(arguments.cheating)))
        except Wrong as error:
            print(f"does not hold: {error}", file=sys.stderr)
            return 1
        return 0
    if bool(arguments.log) == bool(arguments.directories):
        parser.error("give --log or registries")
    periods = [period for period in arguments.release.split(",") if period]
    total = defaultdict(int)
    try:
        for log in arguments.log or arguments.directories:
            lines = log.read_bytes() if arguments.log else release_and_export(arguments.jejak, log, periods)
            try:
                counts = check([check_log.read_record(line) for line in lines.splitlines()])
            except Wrong as error:
                raise Wrong(f"{log}: {error}") from error
            for name, count in counts.items():
                total[name] += count
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 3
    except Wrong as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    print(json.dumps(total))
    return 0


if __name__ == "__main__":
    sys.exit(main())
