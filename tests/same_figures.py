#!/usr/bin/env python3
"""Holds the figures of `jejak view` against those that recount.py counts from the exported log.

    python3 tests/same_figures.py --jejak target/release/jejak --seed 7 --questions 5 DIRECTORY...

Of each registry the log is exported and checked (check_log.py), then asked about on random days, as known at
random sizes that the log had, for a city, a province or everywhere; each question is asked over time, too, of a random
view by month, quarter or year, and against another day, of some random views: the figures of both, who entered and left,
and how many stayed. Random rows of the answer are held against the question that is narrowed to each, and both against
what recount.py counts in that row alone, where it does. Exit 0 when every figure is the same, 1 when one is not
(said on standard error: view, figure, day, size, area, both values) or a log does not hold, 2 on wrong
usage, 3 when a registry cannot be read.
"""

import argparse
import json
import random
import subprocess
import sys
from collections import Counter

import check_log
from check_log import Wrong
from recount import OF_MEMBERS, OVER_TIME, VIEWS, Known, between, days_after, over_time, recount, row


class Unreadable(Exception):
    """The program does not answer."""


def run(jejak, directory, *arguments):
    command = [jejak, *arguments, "--dir", directory]
    try:
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unreadable(f"{' '.join(map(str, command))}: {error}") from error


def export(jejak, directory):
    """The records of a registry, its log checked."""
    lines = run(jejak, directory, "log", "export").removesuffix(b"\n").split(b"\n")
    note, vkey = (run(jejak, directory, "log", what).decode() for what in ("checkpoint", "vkey"))
    return check_log.check_log(lines, note, vkey)[1]


def questions(dice, records, count):
    """Random days, sizes and areas; the first is about everything at the end."""
    dates = sorted({record["time"][:10] for record in records})
    areas = sorted({record["data"]["area"] for record in records if "area" in record["data"]})
    times = [record["recordedtime"] for record in records]
    # The log stood only where the recorded time changes, and at its end.
    sizes = [size for size in range(1, len(times) + 1) if times[size - 1:size] != times[size:size + 1]]
    last = days_after(dates[-1], 1)
    yield last, len(records), None
    for _ in range(count - 1):
        # Days around those on which something happened, where off by one shows.
        on = days_after(dice.choice(dates), dice.choice((-1, 0, 0, 1, 40)))
        size = dice.choice((len(records), dice.choice(sizes)))
        area = dice.choice((None, None, dice.choice(areas), dice.choice(areas)[:2])) if areas else None
        yield on, size, area


def is_to_come(answered, period):
    """Whether a period has not begun, so that nothing is known of it."""
    _, on, figures = period
    return answered.get("today", "9999") < on and not any(value is not None for value in figures.values())


PERIODS = {"month": 1, "quarter": 3, "year": 12}


def compare_over_time(jejak, directory, dice, records, asked):
    """The same of a random view over time: each period with its days and figures."""
    on, size, area = asked
    view, by = dice.choice(sorted(OVER_TIME)), dice.choice(sorted(PERIODS))
    begun = sorted({record["time"][:10] for record in records if record["time"][:10] <= on}) or [on]
    first = max(dice.choice(begun), days_after(on, -{"month": 700, "quarter": 2000, "year": 9000}[by]))
    answered = json.loads(run(jejak, directory, "view", view, "--by", by, "--from", first, "--on", on, "--as-known",
                              str(size), *(("--area", area) if area else ()), "--format", "json"))
    theirs = [(period.get("from"), period["on"], {figure["name"]: figure["value"] for figure in period["figures"]})
              for period in answered["periods"]]
    mine = list(over_time(records[:size], view, first, on, PERIODS[by], area, answered.get("today", "9999")))
    values = [value for _, _, figures in mine for value in figures.values()]
    different = [f"{directory}: {view} by {by} from {first} on {on} as known at {size} in {area or 'all areas'}: "
                 f"{ours} recounted, {given} by jejak" for ours, given in zip(mine, theirs)
                 if ours != given and not is_to_come(answered, given)]
    if len(mine) != len(theirs):
        different.append(f"{directory}: {view} by {by} from {first} on {on}: {len(theirs)} periods, not {len(mine)}")
    return len(values), sum((value or 0) > 0 for value in values), different


# Views of which each question is asked against another day.
VIEWS_BETWEEN = 5


def kinds(members, how):
    """How many of each kind there are, by the kind and how they differ."""
    return {(kind, how): count for kind, count in Counter(who.split("/")[0] for who in members).items()}


def compare_days(jejak, directory, dice, records, asked):
    """Some random views on another day as well: figures, who entered and left each of them, and how many stayed."""
    on, size, area = asked
    dates = sorted({record["time"][:10] for record in records})
    other = days_after(dice.choice(dates), dice.choice((-1, 0, 0, 400)))
    figures, above, different = 0, 0, []
    for view in dice.sample(OF_MEMBERS, VIEWS_BETWEEN):
        told = json.loads(run(jejak, directory, "view", view, "--on", on, "--compare-on", other, "--as-known", str(size),
                              *(("--area", area) if area else ()), "--format", "json"))

        def counting(side, name):
            return {member["who"] for member in told["members"] if name in member.get(side, {}).get("figures", [])}

        theirs = {}
        for figure in told["figures"]:
            before, after = (counting(side, figure["name"]) for side in ("before", "after"))
            theirs[figure["name"]] = (figure.get("before"), figure.get("after"), after - before,
                                       before - after, sum(of["stayed"] for of in figure["members"]))
            moved = {(of["kind"], word): of[word] for of in figure["members"] for word in ("entered", "left") if of[word]}
            if moved != {**kinds(after - before, "entered"), **kinds(before - after, "left")}:
                different.append(f"{directory}: {view} {figure} counts others than its members")
        mine = between(records[:size], view, sorted((on, other)), area)
        if theirs.keys() != mine.keys():
            different.append(f"{directory}: {view} has figures {list(theirs)}; recounted are {list(mine)}")
            continue
        for name, values in mine.items():
            known = [value is not None or at < 2 for at, value in enumerate(values)]
            figures, above = figures + sum(known), above + sum(bool(value) for value in values)
            if any(here and ours != given for here, ours, given in zip(known, values, theirs[name])):
                different.append(f"{directory}: {view} {name} on {on} against {other} as known at {size} in "
                                 f"{area or 'all areas'}: {theirs[name]} by jejak, {values} recounted")
        for member in told["members"]:
            if not member.get("steps") or any(not step["causes"] for step in member["steps"]):
                different.append(f"{directory}: {view} {member['who']} from {other} to {on} without a cause")
    return figures, above, different


# Views of which a row is held against its question, for each question.
VIEWS_BY_ROW = 6


def compare_rows(jejak, directory, dice, records, asked):
    """A random row of each breakdown of some random views against the question that is narrowed to it, and the recount."""
    on, size, area = asked
    known = Known(records[:size], on)
    figures, above, different, number, recounted = 0, 0, [], 0, 0
    narrowing = ["--on", on, "--as-known", str(size), *(("--area", area) if area else ()), "--format", "json"]
    for view in dice.sample(sorted(VIEWS), VIEWS_BY_ROW):
        whole = json.loads(run(jejak, directory, "view", view, *narrowing))
        breakdowns = [("area", [(one.get("area"), one["figures"]) for one in whole["by_area"]]),
                      *((one["by"], [(row.get("key"), row["figures"]) for row in one["rows"]]) for one in whole["breakdowns"])]
        for by, rows in breakdowns:
            if not rows:
                continue
            key, told = dice.choice(rows)
            narrowed = json.loads(run(jejak, directory, "view", view, "--only", f"{by}={key or ''}", *narrowing))
            theirs = {figure["name"]: figure["value"] for figure in told}
            mine = row(known, view, by, key, area)
            number, figures, recounted = number + 1, figures + len(theirs), recounted + (mine is not None)
            above += sum((value or 0) > 0 for value in theirs.values())
            what = f"{directory}: {view} {by}={key} on {on} as known at {size} in {area or 'all areas'}"
            if narrowed["figures"] != told:
                different.append(f"{what}: {narrowed['figures']} asked, {told} in the row")
            if mine not in (None, theirs):
                different.append(f"{what}: {theirs} by jejak, {mine} recounted")
    return figures, above, different, number, recounted


def compare(jejak, directory, dice, count):
    """Number of figures held against each other, number above 0, and what differs; number of questions, and of rows that
    are recounted."""
    records = export(jejak, directory)
    figures, above, different, number, recounted = 0, 0, [], 0, 0
    for on, size, area in questions(dice, records, count):
        rows = compare_rows(jejak, directory, dice, records, (on, size, area))
        figures, above, number, recounted = figures + rows[0], above + rows[1], number + rows[3], recounted + rows[4]
        different += rows[2]
        more = compare_over_time(jejak, directory, dice, records, (on, size, area))
        days = compare_days(jejak, directory, dice, records, (on, size, area))
        figures, above, number = figures + more[0] + days[0], above + more[1] + days[1], number + 1 + VIEWS_BETWEEN
        different += more[2] + days[2]
        opened = sorted(record["subject"].removeprefix("program/") for record in records[:size]
                        if record["type"] == "id.jejak.program.opened.v1")
        narrowings = [(None, None), ("ikm", None), *([(None, dice.choice(opened))] if opened else [])]
        for area_of, program in narrowings:
            asked = ["view", "--format", "json", "--on", on, "--as-known", str(size)]
            narrowed = [*(("--area", area) if area else ()), *(("--area-of", area_of) if area_of else ()),
                        *(("--program", program) if program else ())]
            answered = json.loads(run(jejak, directory, *asked, *narrowed))
            views = {view["view"]: view for view in answered["views"]}
            number += 1
            for name, mine in recount(records[:size], on, area, area_of, program).items():
                view = views[name]
                theirs = {figure["name"]: figure["value"] for figure in view["figures"]}
                if view["version"] != VIEWS[name][0] or theirs.keys() != mine.keys():
                    different.append(f"{directory}: {name} is of version {view['version']} with figures "
                                     f"{list(theirs)}; recounted is version {VIEWS[name][0]} with {list(mine)}")
                    continue
                for figure, value in mine.items():
                    figures += 1
                    above += (value or 0) > 0
                    if theirs[figure] != value:
                        different.append(f"{directory}: {name} {figure} on {on} as known at {size} in "
                                         f"{area or 'all areas'} {'of the IKM' if area_of else ''} "
                                         f"{program or ''}: "
                                         f"{theirs[figure]} by jejak, {value} recounted")
    return figures, above, different, number, recounted


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("directories", nargs="+", metavar="DIRECTORY", help="data directory of a registry")
    parser.add_argument("--jejak", default="target/release/jejak", help="the program to hold against")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random days, sizes and areas")
    parser.add_argument("--questions", type=int, default=4, help="number of questions to each registry")
    arguments = parser.parse_args()
    if arguments.questions < 1:
        parser.error("--questions is a number of questions")
    dice = random.Random(arguments.seed)
    figures, above, different, number, recounted = 0, 0, [], 0, 0
    try:
        for directory in arguments.directories:
            more = compare(arguments.jejak, directory, dice, arguments.questions)
            figures, above, number = figures + more[0], above + more[1], number + more[3]
            recounted += more[4]
            different += more[2]
    except Unreadable as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 3
    except Wrong as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    print(f"same_figures: {number} questions, {figures} figures of {len(arguments.directories)} registries (seed {arguments.seed}), "
          f"{above} of them above 0, {recounted} rows recounted, {len(different)} different")
    for line in different:
        print(line, file=sys.stderr)
    return 1 if different or not above else 0


if __name__ == "__main__":
    sys.exit(main())
