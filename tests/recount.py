#!/usr/bin/env python3
"""Recounts figures from the records of a log alone.

Nothing of the Rust program is used but the list of areas: what is counted here is written from what the
indicators mean and from the definitions that `jejak view NAME --format json` publishes, in the versions
that VIEWS names. same_figures.py holds these figures against those of the program.

    python3 tests/recount.py --log log.jsonl --on 2025-12-31 [--size N] [--area CODE]

prints them as one JSON object, of a log that check_log.py has checked. `--self-test` checks this script.
Exit 0; 1 when the log contradicts itself, 2 on wrong usage, 3 when the file cannot be read.
"""

import argparse
import copy
import datetime
import json
import pathlib
import sys
from collections import defaultdict
from fractions import Fraction
from math import floor

import check_log
from check_log import Wrong

CORRECTED, RETRACTED = "id.jejak.event.corrected.v1", "id.jejak.event.retracted.v1"
FOR_EVER = "9999-12-31"
AREAS = pathlib.Path(__file__).resolve().parent.parent / "events" / "data" / "areas.csv"
CITIES = [line.split(",")[0] for line in AREAS.read_text().splitlines() if "." in line.split(",")[0]]


# --- Which forms are in force ---

class Form:
    """The content that counts for an event: index of the original and of what holds, type, stream, local date, facts."""

    def __init__(self, index, content, effective):
        self.index = index
        self.effective = effective
        self.kind = content["type"].removeprefix("id.jejak.").removesuffix(".v1")
        self.stream = content["subject"]
        self.date = content["time"][:10]
        self.data = content["data"]

    @property
    def order(self):
        return self.date, self.index


def in_force(records):
    """The forms in force of what was recorded, by index of the originals."""
    originals, corrections, retracted, is_correction = {}, defaultdict(list), set(), set()
    for index, record in enumerate(records):
        facts, kind, identifier = record["data"], record["type"], record["id"]
        if kind in (CORRECTED, RETRACTED):
            target = facts["target"]
            if target not in originals and not (kind == RETRACTED and target in is_correction):
                raise Wrong(f"index {index}: target {target} is not an event that it may name")
        if kind == CORRECTED:
            corrections[facts["target"]].append((identifier, facts, index))
            is_correction.add(identifier)
        elif kind == RETRACTED:
            retracted.add(facts["target"])
        else:
            originals[identifier] = index, record
    forms = []
    for identifier, (index, record) in originals.items():
        if identifier not in retracted:
            holding = [(facts, at) for correction, facts, at in corrections[identifier] if correction not in retracted]
            forms.append(Form(index, *(holding[-1] if holding else (record, index))))
    return forms


def bare(stream):
    return stream.partition("/")[2]


class Known:
    """What is known at a size of the log, for a day: the forms in force by then, and who counts as whom.

    `area_of` is "ikm" where results of programmes count in the area of the IKM; only what came about on the day
    `since` or later counts where one is given, in the views that OVER_TIME says.
    """

    def __init__(self, records, on, area_of=None, since=None):
        self.on = on
        self.since = since
        self.records = records
        self.area_of = area_of
        # By figure: who counts in it, once it is counted.
        self.members = {}
        forms = in_force(records)
        # Merges act on every day, from their index on.
        self.merges = {form.stream: (form.index, form.stream.split("/")[0] + "/" + form.data["into"])
                       for form in forms if form.kind in ("ikm.merged", "person.merged")}
        self.by_kind = defaultdict(list)
        for form in sorted((form for form in forms if form.date <= on), key=lambda form: form.order):
            self.by_kind[form.kind].append(form)
        self.programs = {bare(form.stream): form.data for form in self.of("program.opened")}
        lives = defaultdict(list)
        for form in self.of("ikm.registered", "ikm.profile_changed", "ikm.closed", "ikm.reopened"):
            lives[form.stream].append(form)
        # A merge tells that the register knew the IKM earlier, under another stream: where its own is not
        # registered yet on the day, the first of those that were merged into it speaks for it.
        self.lives = {}
        # The day from which the register knows it, under whichever stream.
        self.entered = {}
        for form in self.of("ikm.registered"):
            ikm = self.counts_as(form.stream)
            self.entered.setdefault(ikm, form.date)
            if ikm not in self.lives or form.stream == ikm:
                self.lives[ikm] = lives[form.stream]

    def where(self, is_of, programs=None):
        """The same where only the forms were ever recorded that fit; with these programmes alone, where they are given."""
        other = copy.copy(self)
        other.members = {}
        other.by_kind = defaultdict(list, {kind: [form for form in forms if is_of(form)]
                                           for kind, forms in self.by_kind.items()})
        other.programs = self.programs if programs is None else programs
        return other

    def count(self, name, those):
        """The number of those who count in a figure; who they are is kept."""
        self.members[name] = set(those)
        return len(self.members[name])

    def of(self, *kinds):
        """The forms of some types, earliest first."""
        return sorted((form for kind in kinds for form in self.by_kind[kind]), key=lambda form: form.order)

    def is_asked(self, day):
        """Whether something of this day lies in the period asked for."""
        return self.since is None or self.since <= day

    def came_about(self, *kinds):
        """The forms of some types in the period asked for, earliest first."""
        return [form for form in self.of(*kinds) if self.is_asked(form.date)]

    def counts_as(self, stream, before=None):
        """The stream that this one was merged into, in the end or before an index."""
        while stream in self.merges and (before is None or self.merges[stream][0] < before):
            stream = self.merges[stream][1]
        return stream

    def person(self, identifier, before=None):
        return self.counts_as(f"person/{identifier}", before)

    def area(self, ikm):
        """The area of an IKM on the day; None before its registration."""
        said = [form.data["area"] for form in self.lives.get(ikm, []) if "area" in form.data]
        return said[-1] if said else None

    def commodity(self, ikm):
        """What an IKM makes on the day."""
        return [form.data["commodity"] for form in self.lives[ikm] if "commodity" in form.data][-1]

    def works(self, ikm):
        steps = [form.kind for form in self.lives[ikm] if form.kind != "ikm.profile_changed"]
        return steps[-1] != "ikm.closed"


def within(area, wanted):
    return wanted is None or area is not None and (area == wanted or area.startswith(wanted + "."))


def of_person(stream):
    """Whether somebody takes part in their own name; else it is an IKM."""
    return stream.startswith("person/")


# --- Places in programmes ---

class Place:
    """A place or a wait of one stream in one programme."""

    def __init__(self, form):
        self.form = form
        self.program = form.data["program"]
        # Whoever stands in their own name, or whom an IKM names.
        self.persons = {bare(form.stream)} if of_person(form.stream) else set(form.data.get("persons", []))
        self.group = form.data.get("group")


def concerns(known, later, place):
    """Whether a later step is about the place: of its stream, or of the one it counted as by then."""
    form = place.form
    return (later.data["program"] == place.program and later.order > form.order
            and known.counts_as(form.stream, later.index) == later.stream)


def places(known):
    """All places that were ever given."""
    return [Place(form) for form in known.of("enrolment.made", "enrolment.promoted")]


def places_on_the_day(known):
    """The places held on the day, without the persons who left before it."""
    held = []
    for place in places(known):
        named, whole = bool(place.persons), True
        for left in known.of("enrolment.withdrawn"):
            # Whoever leaves on the day was still there.
            if left.date >= known.on or not concerns(known, left, place):
                continue
            if "persons" in left.data:
                gone = {known.person(person, left.index) for person in left.data["persons"]}
                place.persons = {one for one in place.persons if known.person(one, left.index) not in gone}
                whole = whole and not (named and not place.persons)
            else:
                whole = False
        if whole:
            held.append(place)
    return held


def waits(known):
    """The waits that last on the day: no place was given since, and nobody left before the day."""
    given = known.of("enrolment.made", "enrolment.promoted")
    left = [form for form in known.of("enrolment.withdrawn") if form.date < known.on]

    def placed(place, wait):
        # Merged IKMs are one: whichever of them got the place.
        same = known.counts_as(place.stream) == known.counts_as(wait.form.stream)
        return same and place.data["program"] == wait.program and place.order > wait.form.order

    return [wait for wait in map(Place, known.of("enrolment.waitlisted"))
            if not any(placed(place, wait) for place in given)
            and not any(concerns(known, end, wait) for end in left)]


# --- Completing a programme ---

def calendar(known, day=None):
    """Programme, group and minutes by day of each session on the calendar at the end of a day, as last decided."""
    sessions = {}
    for form in known.of("program.session_scheduled", "program.session_rescheduled", "program.session_cancelled"):
        if day is not None and form.date > day:
            continue
        session = form.data["session"]
        if form.kind == "program.session_cancelled":
            sessions.pop(session, None)
            continue
        days = {one["date"]: one["theory_minutes"] + one["practice_minutes"] for one in form.data["days"]}
        if form.kind == "program.session_scheduled":
            sessions[session] = bare(form.stream), form.data.get("group"), days
        elif session in sessions:
            sessions[session] = sessions[session][:2] + (days,)
    return sessions


def minutes_of(sessions, place):
    """Minutes by (session, day) scheduled for the group of an enrolment."""
    return {(session, day): minutes for session, (program, group, days) in sessions.items()
            if program == place.program and group in (None, place.group) for day, minutes in days.items()}


def counts_persons(known, place):
    return known.programs[place.program]["unit"] == "person"


def attendees(known, place):
    """Whoever of a place may complete: the persons named, and in programmes of unit IKM the delegation."""
    whom = {known.person(person) for person in place.persons}
    return whom if counts_persons(known, place) else whom | {None}


def person_of(attendance):
    """The person of an attendance: whose stream it is, or whom it names; None for a delegation."""
    return bare(attendance.stream) if of_person(attendance.stream) else attendance.data.get("person")


def presences(known):
    """What (IKM, programme, person) was present at, with the minutes said; anyone's presence is the delegation's."""
    present = defaultdict(list)
    for form in known.of("training.attended"):
        if form.data["status"] == "present":
            ikm, program = known.counts_as(form.stream), form.data["program"]
            pair = form.data["session"], form.data["day"]
            present[ikm, program, None].append((pair, form.data.get("minutes")))
            person = person_of(form)
            if person is not None:
                present[ikm, program, known.person(person)].append((pair, form.data.get("minutes")))
    return present


def completed(known):
    """(IKM, programme, person) of whoever completed, no person for the delegation; with the first such day.

    A closing day is one on which all sessions that were on the calendar by then are past. Who was present for enough
    of their minutes on one has completed, whatever is scheduled later.
    """
    changes = {form.date for form in known.of("program.session_scheduled", "program.session_rescheduled",
                                              "program.session_cancelled")}
    days = sorted(changes | {days_after(day, -1) for day in changes} | {known.on}
                  | {day for form in known.of("program.session_scheduled", "program.session_rescheduled")
                     for day in (one["date"] for one in form.data["days"]) if day <= known.on})
    calendars = [(day, calendar(known, day)) for day in days]
    present, done = presences(known), {}
    for place in places(known):
        ikm, program = known.counts_as(place.form.stream), known.programs[place.program]
        for day, sessions in calendars:
            scheduled = minutes_of(sessions, place)
            if place.form.date > day or not scheduled or max(on for _, on in scheduled) > day:
                continue
            for who in attendees(known, place):
                longest = {}
                for pair, said in present[ikm, place.program, who]:
                    if pair in scheduled and pair[1] <= day:
                        minutes = scheduled[pair] if said is None else said
                        longest[pair] = max(minutes, longest.get(pair, 0))
                enough = program.get("completion_percent", 80) * sum(scheduled.values())
                if longest and sum(longest.values()) * 100 >= enough:
                    done.setdefault((ikm, place.program, who), day)
    return done


def ikm_completed(known, done):
    """(IKM, programme) by which an IKM completed: its delegation, or in programmes of persons one of them."""
    return {(ikm, program) for ikm, program, person in done if not of_person(ikm)
            and (person is None or known.programs[program]["unit"] == "person")}


# --- Certificates ---

def days_after(day, number):
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=number)).isoformat()
    except OverflowError:
        return FOR_EVER


class Certificate:
    """A certificate that is valid on the day."""

    def __init__(self, issue, until):
        self.program = issue.data.get("program")
        self.scheme = issue.data["scheme"]
        self.holder = issue.data["holder"]
        self.until = until


def valid_certificates(known):
    lives = defaultdict(list)
    for form in known.of("certificate.issued", "certificate.renewed", "certificate.suspended",
                         "certificate.reinstated", "certificate.revoked"):
        lives[form.stream].append(form)
    valid = []
    for life in lives.values():
        kinds = [form.kind.removeprefix("certificate.") for form in life]
        held = [kind for kind in kinds if kind in ("suspended", "reinstated")]
        terms = [(form.data["valid_from"], form.data["valid_to"]) for form in life if "valid_to" in form.data]
        until = max((to for first, to in terms if first <= known.on <= to), default=None)
        if "issued" not in kinds or "revoked" in kinds or held[-1:] == ["suspended"] or until is None:
            continue
        # Terms that follow without a gap.
        for first, to in sorted(terms):
            if first <= days_after(until, 1):
                until = max(until, to)
        issue = next(form for form in life if form.kind == "certificate.issued")
        valid.append(Certificate(issue, until))
    return valid


def ikm_of_person(known, person):
    """The IKM that a person works for."""
    ikm = None
    for form in known.of("person.registered", "person.profile_changed"):
        if form.stream == person and ("ikm" in form.data or form.data.get("leaves_ikm")):
            ikm = form.data.get("ikm")
    return None if ikm is None else known.counts_as("ikm/" + ikm)


def ikm_of_holder(known, holder):
    if "ikm" in holder:
        return known.counts_as("ikm/" + holder["ikm"])
    return ikm_of_person(known, known.person(holder["person"]))


def area_of_holder(known, holder):
    """The area of the IKM of a holder; of a person without one, their own."""
    ikm = ikm_of_holder(known, holder)
    return area_of_person(known, known.person(holder["person"])) if ikm is None else known.area(ikm)


# --- The figures: each is a function of what is known and of the area asked about; None is not known ---

def area_of_person(known, person):
    """Where a person was last said to be; where that was never said, the area of the IKM that they work for."""
    registered = [form.stream for form in known.of("person.registered") if known.counts_as(form.stream) == person]
    if not registered:
        return None
    # Their own registration speaks, or before it the first of those that were merged into it.
    speaker = person if person in registered else registered[0]
    said = [form.data["area"] for form in known.of("person.registered", "person.profile_changed")
            if form.stream == speaker and "area" in form.data]
    return said[-1] if said else known.area(ikm_of_person(known, speaker))


def result_area(known, program, who):
    """Where what came of a programme counts: in its own area, or in that of the IKM, or of the person in their own
    name, where asked so."""
    if known.area_of != "ikm":
        return known.programs[program]["area"]
    return area_of_person(known, who) if of_person(who) else known.area(who)


def result_within(known, program, ikm, area):
    return within(result_area(known, program, ikm), area)

def registered(known, area):
    those = {ikm for ikm in known.lives if known.works(ikm) and within(known.area(ikm), area)
             and known.is_asked(known.entered[ikm])}
    return {"registered": known.count("registered", those)}


def persons_known(known, area, those, theme=None, counted=()):
    """Whether persons are counted at all: a programme counts them, or a place names them. Of the programmes in which
    anything is counted, pairs of a programme and who is behind it, if in any."""
    sources = {(program, result_area(known, program, who)) for program, who in counted}
    return any((counts_persons(known, place) or place.persons)
               and theme in (None, known.programs[place.program]["theme"])
               and result_within(known, place.program, known.counts_as(place.form.stream), area)
               and (not sources or (place.program, result_area(known, place.program, known.counts_as(place.form.stream)))
                    in sources)
               for place in those)


def ikms_and_persons(known, area, those, names, naming=None):
    ikms, persons = set(), set()
    for place in those:
        ikm = known.counts_as(place.form.stream)
        if result_within(known, place.program, ikm, area):
            ikms |= set() if of_person(ikm) else {ikm}
            persons |= {known.person(person) for person in place.persons}
    counted = {name: known.count(name, who) for name, who in zip(names, (ikms, persons))}
    counted_in = {(place.program, known.counts_as(place.form.stream)) for place in those
                  if result_within(known, place.program, known.counts_as(place.form.stream), area)}
    naming = those if naming is None else naming
    return counted if persons_known(known, area, naming, None, counted_in) else counted | {names[1]: None}


def enrolled(known, area):
    return ikms_and_persons(known, area, places_on_the_day(known), ("enrolled", "enrolled_persons"), places(known))


def waitlisted(known, area):
    closed = {bare(form.stream) for form in known.of("program.closed")}
    waiting = [wait for wait in waits(known) if wait.program not in closed
               and (of_person(who := known.counts_as(wait.form.stream)) or who in known.lives and known.works(who))]
    return ikms_and_persons(known, area, waiting, ("waitlisted", "waitlisted_persons"))


def trained(known, area, theme=None, name="trained"):
    done = {key: day for key, day in completed(known).items()
            if theme in (None, known.programs[key[1]]["theme"]) and result_within(known, key[1], key[0], area)
            and known.is_asked(day)}
    persons = {person for _, _, person in done if person is not None}
    is_known = persons_known(known, area, places(known), theme, {(program, ikm) for ikm, program, _ in done})
    counted = known.count(f"{name}_persons", persons)
    return {name: known.count(name, {ikm for ikm, _ in ikm_completed(known, done)}),
            f"{name}_persons": counted if is_known else None}


def export_trained(known, area):
    return trained(known, area, "export", "export_trained")


def green_trained(known, area):
    return trained(known, area, "green_industry", "green_trained")


def persons_trained(known, area):
    counted = trained(known, area)["trained_persons"]
    known.count("persons_trained", known.members["trained_persons"])
    return {"persons_trained": counted}


def left_on(known, place, person):
    """The last day of a place, of a person or of the delegation; None while it stands on the day."""
    days = [left.date for left in known.of("enrolment.withdrawn")
            if left.date < known.on and concerns(known, left, place)
            and ("persons" not in left.data or person is not None
                 and known.person(person, left.index) in {known.person(one, left.index) for one in left.data["persons"]})]
    return min(days, default=None)


def delegation_left_on(known, place):
    """The last day on which anybody of a place had it."""
    days = [left_on(known, place, person) for person in place.persons or {None}]
    return None if None in days else max(days)


def participated(known, area):
    sessions, present = calendar(known), presences(known)
    done = completed(known)
    finished = ikm_completed(known, done)
    came = {key for key, pairs in present.items() if pairs and result_within(known, key[1], key[0], area)}
    last_day = defaultdict(str)
    due = attended = 0
    for place in places(known):
        ikm, scheduled = known.counts_as(place.form.stream), minutes_of(sessions, place)
        if not scheduled or not result_within(known, place.program, ikm, area):
            continue
        last = max(day for _, day in scheduled)
        for person in place.persons:
            if left_on(known, place, person) is None:
                for who in (known.person(person), None):
                    last_day[ikm, place.program, who] = max(last, last_day[ikm, place.program, who])
        if not place.persons and not counts_persons(known, place) and delegation_left_on(known, place) is None:
            last_day[ikm, place.program, None] = max(last, last_day[ikm, place.program, None])
        whom = {known.person(person): left_on(known, place, person) for person in place.persons}
        if not counts_persons(known, place):
            whom = {None: delegation_left_on(known, place)}
        for who, left in whom.items():
            pairs = {pair for pair, _ in present[ikm, place.program, who]}
            past = [pair for pair in scheduled if place.form.date <= pair[1] <= min(left or known.on, known.on)]
            due, attended = due + len(past), attended + sum(1 for pair in past if pair in pairs)
    over = [key for key, last in last_day.items() if last <= known.on]
    no_show = [key for key in over if key not in came]
    incomplete = [(ikm, program, person) for ikm, program, person in over if (ikm, program, person) in came
                  and not ((ikm, program) in finished if person is None else (ikm, program, person) in done)]

    def figures(name, keys):
        is_known = persons_known(known, area, places(known), counted={(program, ikm) for ikm, program, _ in keys})
        persons = {person for _, _, person in keys if person is not None}
        counted = known.count(f"{name}_persons", persons)
        return {name: known.count(name, {ikm for ikm, _, person in keys if person is None and not of_person(ikm)}),
                f"{name}_persons": counted if is_known else None}

    return (figures("participated", came) | figures("no_show", no_show) | figures("incomplete", incomplete)
            | {"attendance_due": due, "attendance_present": attended})


def attendance(known, area):
    """The session days due and attended, which stand beside participation, too."""
    figures = participated(known, area)
    return {"days_due": figures["attendance_due"], "days_present": figures["attendance_present"]}


def hours(known, area):
    """Minutes of the days due and attended, in lesson hours of 45 minutes."""
    sessions, present, decided = calendar(known), presences(known), {}
    for form in known.of("program.session_scheduled", "program.session_rescheduled"):
        decided[form.data["session"]] = {one["date"]: one["theory_minutes"] for one in form.data["days"]}
    sums = dict.fromkeys((f"{kind}_{state}" for state in ("due", "attended") for kind in ("hours", "theory", "practice")), 0)
    for place in places(known):
        ikm = known.counts_as(place.form.stream)
        if not result_within(known, place.program, ikm, area):
            continue
        whom = {known.person(person): left_on(known, place, person) for person in place.persons}
        if not counts_persons(known, place):
            whom = {None: delegation_left_on(known, place)}
        for who, left in whom.items():
            for (session, day), minutes in minutes_of(sessions, place).items():
                if not place.form.date <= day <= min(left or known.on, known.on):
                    continue
                there = max([minutes if said is None else min(said, minutes)
                             for pair, said in present[ikm, place.program, who] if pair == (session, day)], default=0)
                theory = decided[session][day]
                in_theory = there * theory // minutes if minutes else 0
                for state, of_day in (("due", (minutes, theory, minutes - theory)),
                                      ("attended", (there, in_theory, there - in_theory))):
                    for kind, amount in zip(("hours", "theory", "practice"), of_day):
                        sums[f"{kind}_{state}"] += amount
    return {name: (minutes * 2 + 45) // 90 for name, minutes in sums.items()}


def quota(known, area):
    """Places by the quota of programmes that have one, and those taken on the day."""
    figures = dict.fromkeys(("quota_ikms", "quota_ikms_taken", "quota_persons", "quota_persons_taken"))
    for program, opening in known.programs.items():
        if "quota" not in opening or not within(opening["area"], area):
            continue
        held = [place for place in places_on_the_day(known) if place.program == program]
        holders = {known.counts_as(place.form.stream) for place in held}
        if opening["unit"] == "person":
            holders = {known.person(person) for place in held for person in place.persons}
        name = "quota_persons" if opening["unit"] == "person" else "quota_ikms"
        figures[name] = (figures[name] or 0) + opening["quota"]
        figures[name + "_taken"] = (figures[name + "_taken"] or 0) + len(holders)
    return figures


def withdrawn(known, area):
    """Whoever had a place, gave it up, and has none there again."""
    ends = defaultdict(list)
    for place in places(known):
        ikm = known.counts_as(place.form.stream)
        if result_within(known, place.program, ikm, area):
            ends[ikm, place.program, None].append(delegation_left_on(known, place))
            for person in place.persons:
                ends[ikm, place.program, known.person(person)].append(left_on(known, place, person))
    gone = [key for key, days in ends.items() if None not in days]
    persons = {person for _, _, person in gone if person is not None}
    counted, counted_in = known.count("withdrawn_persons", persons), {(program, ikm) for ikm, program, _ in gone}
    return {"withdrawn": known.count("withdrawn", {ikm for ikm, _, person in gone if person is None and not of_person(ikm)}),
            "withdrawn_persons": counted if persons_known(known, area, places(known), None, counted_in) else None}


def assessed(known, area):
    latest = {}
    for form in known.came_about("assessment.recorded"):
        ikm = known.counts_as(form.stream)
        if result_within(known, form.data["program"], ikm, area):
            latest[ikm, form.data["scheme"]] = form.data["verdict"]
    return {"assessed": known.count("assessed", {ikm for ikm, _ in latest}),
            "passed": known.count("passed", {ikm for (ikm, _), verdict in latest.items() if verdict == "passed"})}


def scores(known, area):
    """IKMs with scores by criterion. The means are of one criterion: there is none for the whole."""
    ikms = {known.counts_as(form.stream) for form in known.of("assessment.recorded") if form.data.get("criteria")
            and result_within(known, form.data["program"], known.counts_as(form.stream), area)}
    return {"scored": len(ikms), "score_first": None, "score_latest": None}


def mean_scores(known, area):
    """By scheme and criterion the mean percent of the best score in the first and the latest assessment of each IKM."""
    ends = {}
    for form in known.of("assessment.recorded"):
        ikm = known.counts_as(form.stream)
        if result_within(known, form.data["program"], ikm, area):
            first, _ = ends.get((ikm, form.data["scheme"]), (form, form))
            ends[ikm, form.data["scheme"]] = first, form
    seen = defaultdict(lambda: ([], []))
    for (_, scheme), both in ends.items():
        for place, form in enumerate(both):
            for one in form.data.get("criteria", []):
                best = one["maximum_hundredths"]
                if best:
                    seen[f"{scheme}/{one['code']}"][place].append(Fraction(one["score_hundredths"], best))

    def mean(values):
        return floor(100 * sum(values) / len(values) + Fraction(1, 2)) if len(values) >= 3 else None

    return {criterion: tuple(map(mean, both)) for criterion, both in seen.items()}


def mentored(known, area):
    visits = [known.counts_as(form.stream) for form in known.came_about("mentoring.visited")
              if result_within(known, form.data["program"], known.counts_as(form.stream), area)]
    return {"mentored": known.count("mentored", visits), "mentoring_visits": len(visits)}


def repeaters(known, area):
    """IKMs by the number of programmes that they were present in; those in the register that never were in any."""
    present = {(ikm, program) for (ikm, program, _), pairs in presences(known).items()
               if pairs and not of_person(ikm)}
    programs = defaultdict(set)
    for ikm, program in present:
        if result_within(known, program, ikm, area):
            programs[ikm].add(program)
    numbers = [min(len(those), 3) for those in programs.values()]
    came = {ikm for ikm, _ in present}
    return {"in_one_program": numbers.count(1), "in_two_programs": numbers.count(2),
            "in_three_or_more": numbers.count(3), "newcomers": len(numbers),
            "never_participated": len([ikm for ikm in in_register(known, area) if ikm not in came])}


def beginners(known, area):
    """Persons in their own name: given a place, completed, and since the first place owner of a new IKM."""
    first, enrolled = {}, set()
    for place in places(known):
        who = known.counts_as(place.form.stream)
        if of_person(who):
            first[who, place.program] = min(place.form.date, first.get((who, place.program), FOR_EVER))
            if known.is_asked(place.form.date) and result_within(known, place.program, who, area):
                enrolled.add(who)
    done = {(who, program) for (who, program, person), day in completed(known).items()
            if of_person(who) and person is not None and known.is_asked(day) and result_within(known, program, who, area)}
    since = defaultdict(list)
    for ikm, life in known.lives.items():
        owners = [form.data["owner"] for form in life if "owner" in form.data]
        if owners:
            since[known.person(owners[-1])].append(known.entered[ikm])
    began = {who for who, program in done if any(day > first[who, program] for day in since[who])}
    return {"beginners_enrolled": known.count("beginners_enrolled", enrolled),
            "beginners_trained": known.count("beginners_trained", {who for who, _ in done}),
            "beginners_registered": known.count("beginners_registered", began)}


def first_completed(known, area):
    """The first day on which an IKM completed a programme that is asked about, by (IKM, programme)."""
    done, first = completed(known), {}
    for (ikm, program, person), day in done.items():
        of_ikm = not of_person(ikm) and (person is None or known.programs[program]["unit"] == "person")
        if of_ikm and result_within(known, program, ikm, area):
            first[ikm, program] = min(day, first.get((ikm, program), FOR_EVER))
    return first


def survival(known, area):
    """Of the IKMs trained one and two years ago, those registered and not closed so long after it."""
    first = {}
    for (ikm, _), day in first_completed(known, area).items():
        first[ikm] = min(day, first.get(ikm, FOR_EVER))
    figures = {"trained_closed": len([ikm for ikm in first if ikm in known.lives and not known.works(ikm)])}
    for then, ago, days in (("one_year_later", "one_year_ago", 365), ("two_years_later", "two_years_ago", 730)):
        later = {ikm: days_after(day, days) for ikm, day in first.items() if days_after(day, days) <= known.on}
        worlds = {day: Known(known.records, day) for day in set(later.values())}
        still = [ikm for ikm, day in later.items() if ikm in worlds[day].lives and worlds[day].works(ikm)]
        figures |= {f"trained_{ago}": len(later), f"open_{then}": len(still)}
    return figures


def time_to(known, area):
    """Median days from completing a programme to its assessment, and to a certificate that names it."""
    assessed_on, certified_on = defaultdict(list), defaultdict(list)
    for form in known.of("assessment.recorded"):
        assessed_on[known.counts_as(form.stream), form.data["program"]].append(form.date)
    for form in known.of("certificate.issued"):
        certified_on[ikm_of_holder(known, form.data["holder"]), form.data.get("program")].append(form.date)
    figures = {}
    for name, after, days_of in (("assessment", "assessed_after", assessed_on),
                                 ("certificate", "certified_after", certified_on)):
        took, ikms = [], set()
        for key, day in first_completed(known, area).items():
            later = min((one for one in days_of[key] if one >= day), default=None)
            if later is not None:
                ikms.add(key[0])
                took.append((datetime.date.fromisoformat(later) - datetime.date.fromisoformat(day)).days)
        took.sort()
        middle = took[(len(took) - 1) // 2:len(took) // 2 + 1]
        figures[f"days_to_{name}"] = -(-sum(middle) // len(middle)) if len(took) >= 3 else None
        figures[after] = len(ikms)
    return figures


def findings(known, area):
    """Codes of the first and of the latest visit to each IKM in each programme."""
    visits = defaultdict(list)
    for form in known.came_about("mentoring.visited"):
        ikm = known.counts_as(form.stream)
        if result_within(known, form.data["program"], ikm, area):
            visits[ikm, form.data["program"]].append(set(form.data.get("findings", [])))
    return {"findings_first": sum(len(found[0]) for found in visits.values()),
            "findings_latest": sum(len(found[-1]) for found in visits.values())}


def spending(known, area, program=None):
    """Rupiah by stage, of the last report of each programme, stage, source and year; None where nobody reported."""
    reports = {(bare(form.stream), form.data["stage"], form.data["source"], form.data.get("fiscal_year")):
               form.data["amount"] for form in known.of("program.spending_reported")}
    sums, with_money = dict.fromkeys(("planned", "allocated", "realised", "absorbed")), set()
    allocated = {(spender, source) for spender, stage, source, _ in reports if stage == "allocated"}
    for (spender, stage, source, _), amount in reports.items():
        if program in (None, spender) and within(known.programs[spender]["area"], area):
            sums[stage] = (sums[stage] or 0) + amount
            with_money.add(spender)
            if stage == "realised" and (spender, source) in allocated:
                sums["absorbed"] = (sums["absorbed"] or 0) + amount
    figures = {f"spending_{stage}": amount for stage, amount in sums.items()}
    figures.update(dict.fromkeys(("spending_per_participant", "spending_per_completer", "spending_per_certificate")))
    if len(with_money) == 1 and sums["realised"] is not None:
        # What one programme cost for each; of several there is nothing of the kind.
        for what, divisor in divisors(known, with_money.pop()).items():
            figures[f"spending_per_{what}"] = sums["realised"] // divisor if divisor else None
    return figures


def divisors(known, program):
    """Who took part in a programme and who completed it, in its unit, and the certificates that name it."""
    of_persons = known.programs[program]["unit"] == "person"
    took_part = set()
    for form in known.of("training.attended"):
        if form.data["program"] == program and form.data["status"] == "present":
            if not of_persons:
                took_part.add(known.counts_as(form.stream))
            elif (person := person_of(form)) is not None:
                took_part.add(known.person(person))
    done = completed(known)
    if of_persons:
        completers = {person for _, of, person in done if of == program and person is not None}
    else:
        completers = {ikm for ikm, of in ikm_completed(known, done) if of == program}
    named = {form.stream for form in known.of("certificate.issued") if form.data.get("program") == program}
    return {"participant": len(took_part), "completer": len(completers), "certificate": len(named)}


def method_mix(known, area):
    """Minutes of the calendar, and of its days that are past and on which somebody was present."""
    attended = {pair for pairs in presences(known).values() for pair, _ in pairs}
    decided = {}
    for form in known.of("program.session_scheduled", "program.session_rescheduled"):
        decided[form.data["session"]] = form.data["days"]
    sums = dict.fromkeys((f"{kind}_{state}" for state in ("planned", "held") for kind in ("theory", "practice", "all")), 0)
    for session, (program, _, _) in calendar(known).items():
        if not within(known.programs[program]["area"], area):
            continue
        for day in decided[session]:
            held = day["date"] <= known.on and (session, day["date"]) in attended
            for state in ("planned", "held") if held else ("planned",):
                theory, practice = day["theory_minutes"], day["practice_minutes"]
                for kind, minutes in (("theory", theory), ("practice", practice), ("all", theory + practice)):
                    sums[f"{kind}_{state}"] += minutes
    return sums


def programs(known, area):
    closed = {bare(form.stream) for form in known.of("program.closed")}
    mine = {bare(form.stream) for form in known.came_about("program.opened") if within(form.data["area"], area)}
    return {"programs": len(mine), "programs_open": len([program for program in mine if program not in closed])}


def exported(known, area):
    shipped = [known.counts_as(form.stream) for form in known.came_about("ikm.shipment_reported")]
    shipped = [ikm for ikm in shipped if within(known.area(ikm), area)]
    return {"exported": known.count("exported", shipped), "shipments": len(shipped)}


def is_closed(known, ikm):
    """Nobody holds anything for an IKM that is closed."""
    return ikm in known.lives and not known.works(ikm)


def certified(known, area, program=None):
    holders = {"certified": set(), "certified_persons": set(), "certified_products": set()}
    for certificate in valid_certificates(known):
        holder, ikm = certificate.holder, ikm_of_holder(known, certificate.holder)
        if not within(area_of_holder(known, holder), area) or is_closed(known, ikm):
            continue
        if program not in (None, certificate.program):
            continue
        if "person" in holder:
            holders["certified_persons"].add(known.person(holder["person"]))
        elif "product" in holder:
            holders["certified_products"].add((ikm, holder["product"]))
        else:
            holders["certified"].add(ikm)
    for name in ("certified", "certified_persons"):
        known.count(name, holders[name])
    known.count("certified_products", {ikm for ikm, _ in holders["certified_products"]})
    return {name: len(those) for name, those in holders.items()}


def green_certified(known, area, program=None):
    ikms = {known.counts_as("ikm/" + certificate.holder["ikm"]) for certificate in valid_certificates(known)
            if certificate.scheme == "sih" and set(certificate.holder) == {"ikm"}
            and program in (None, certificate.program)}
    those = {ikm for ikm in ikms if within(known.area(ikm), area) and not is_closed(known, ikm)}
    return {"green_certified": known.count("green_certified", those)}


def certificates_expiring(known, area, program=None):
    def counts(certificate, days):
        ikm = ikm_of_holder(known, certificate.holder)
        soon = certificate.until <= days_after(known.on, days)
        asked = program in (None, certificate.program)
        return (asked and soon and within(area_of_holder(known, certificate.holder), area)
                and not is_closed(known, ikm))

    return {name: sum(1 for certificate in valid_certificates(known) if counts(certificate, days))
            for name, days in (("certificates_ending_30_days", 30), ("certificates_expiring", 90),
                               ("certificates_ending_180_days", 180))}


def certificates(known, area, program=None):
    """What happened to certificates; one lapsed whose last day is past, neither renewed at once nor revoked before."""
    happened, lives = defaultdict(set), defaultdict(list)
    for form in known.of("certificate.issued", "certificate.renewed", "certificate.suspended",
                         "certificate.reinstated", "certificate.revoked"):
        lives[form.stream].append(form)
    for stream, life in lives.items():
        issues = [form for form in life if form.kind == "certificate.issued"]
        if not issues or not within(area_of_holder(known, issues[0].data["holder"]), area):
            continue
        if program not in (None, issues[0].data.get("program")):
            continue
        for form in life:
            if known.is_asked(form.date):
                happened[form.kind.removeprefix("certificate.")].add(stream)
        terms = [(form.data["valid_from"], form.data["valid_to"]) for form in life if "valid_to" in form.data]
        revoked = min((form.date for form in life if form.kind == "certificate.revoked"), default=FOR_EVER)
        for _, to in terms:
            after = days_after(to, 1)
            if known.is_asked(after) and after <= known.on and revoked > to and not any(first <= after <= last for first, last in terms):
                happened["lapsed"].add(stream)
    return {f"certificates_{what}": len(happened[what])
            for what in ("issued", "renewed", "suspended", "reinstated", "revoked", "lapsed")}


def exhibited(known, area):
    took_part = {(known.counts_as(form.stream), form.data["exhibition"]) for form in known.came_about("exhibition.joined")}
    took_part = {(ikm, exhibition) for ikm, exhibition in took_part if within(known.area(ikm), area)}
    return {"exhibited": known.count("exhibited", {ikm for ikm, _ in took_part}), "participations": len(took_part)}


def sessions_held(known, area):
    attended = {session for pairs in presences(known).values() for (session, _), _ in pairs}
    past = [session for session, (program, _, days) in calendar(known).items()
            if known.is_asked(max(days)) and max(days) <= known.on and within(known.programs[program]["area"], area)]
    held = [session for session in past if session in attended]
    for name, those in (("sessions_scheduled", past), ("sessions_held", held)):
        known.count(name, {f"session/{session}" for session in those})
    return {"sessions_scheduled": len(past), "sessions_held": len(held), "no_attendance_recorded": len(past) - len(held)}


def sentra(known, area):
    sentras = {bare(form.stream) for form in known.of("sentra.planned") if within(form.data["area"], area)}
    members = set()
    left = known.of("sentra.member_left")
    for joined in known.of("sentra.member_joined"):
        gone = any(end.data["sentra"] == joined.data["sentra"] and end.order > joined.order
                   and known.counts_as(joined.stream, end.index) == end.stream for end in left)
        if joined.data["sentra"] in sentras and not gone:
            members.add(known.counts_as(joined.stream))
    facilities = [form for form in known.of("sentra.facility_added") if bare(form.stream) in sentras]
    figures = {"sentras": len(sentras), "sentra_members": len(members), "sentra_facilities": len(facilities)}
    for stage in ("planned", "allocated", "realised"):
        said = [form.data["amount"] for form in known.of("sentra.funded") if "amount" in form.data
                and bare(form.stream) in sentras and form.data["stage"] == stage]
        figures[f"sentra_{stage}"] = sum(said) if said else None
    return figures


class Reports:
    """The latest population report of each area and commodity that is asked about."""

    def __init__(self, known, area):
        self.latest = {(bare(form.stream), form.data["commodity"]): form.data
                       for form in known.of("area.population_reported") if within(bare(form.stream), area)}
        # A province: its own report, else those of its cities.
        self.added = {(place, commodity): report for (place, commodity), report in self.latest.items()
                      if "." not in place or (place[:2], commodity) not in self.latest}

    def sum_of(self, value):
        commodities = {commodity for _, commodity in self.added}
        said = [number for number in map(value, self.added.values()) if number is not None]
        # All of them hold each of them.
        return sum(said) if said and not ("all" in commodities and len(commodities) > 1) else None

    def about(self, known, ikm):
        return any(within(known.area(ikm), place) and commodity in (known.commodity(ikm), "all")
                   for place, commodity in self.latest)


def total_of(report):
    both = report["kecil"] + report["menengah"] if {"kecil", "menengah"} <= report.keys() else None
    return report.get("total", both)


def in_register(known, area):
    return [ikm for ikm in known.lives if known.works(ikm) and within(known.area(ikm), area)]


def population(known, area):
    reports = Reports(known, area)
    wrong = [report for report in reports.added.values() if {"total", "kecil", "menengah"} <= report.keys()
             and report["kecil"] + report["menengah"] != report["total"]]
    here = in_register(known, area)
    # The others of a sum, and those with IKMs that no report is about.
    without = {city for place, _ in reports.added if "." in place
               for city in CITIES if city[:2] == place[:2] and within(city, area)}
    without |= {known.area(ikm) for ikm in here if not reports.about(known, ikm)}
    unreported = without - {place for place, _ in reports.latest}
    return {"population_total": reports.sum_of(total_of),
            "population_kecil": reports.sum_of(lambda report: report.get("kecil")),
            "population_menengah": reports.sum_of(lambda report: report.get("menengah")),
            "population_not_adding_up": len(wrong), "population_unreported": len(unreported),
            "population_registered": len(here),
            "registered_where_reported": len([ikm for ikm in here if reports.about(known, ikm)])}


def coverage(known, area):
    reports, here = Reports(known, area), in_register(known, area)
    done = {ikm for ikm, _ in ikm_completed(known, completed(known))}
    there = [ikm for ikm in here if reports.about(known, ikm)]
    return {"coverage_registered": known.count("coverage_registered", here),
            "coverage_trained": known.count("coverage_trained", [ikm for ikm in here if ikm in done]),
            "coverage_population": reports.sum_of(total_of), "registered_there": len(there),
            "trained_there": len([ikm for ikm in there if ikm in done]),
            "coverage_unreported": len({known.area(ikm) for ikm in here if ikm not in there})}


def of_each_hundred(some, of):
    """Rounded to the nearest, halves up; of some at least 1, of not all at most 99."""
    nearest = (200 * some + of) // (2 * of)
    return min(max(nearest, 1), 99) if 0 < some < of else nearest


def reach(known, area):
    """Whom of the register training, certificates and shipments have reached, and of each hundred."""
    here = set(in_register(known, area))
    done = {ikm for ikm, _ in ikm_completed(known, completed(known))}
    holders = {ikm_of_holder(known, certificate.holder) for certificate in valid_certificates(known)
               if "ikm" in certificate.holder}
    shipped = {known.counts_as(form.stream) for form in known.of("ikm.shipment_reported")}
    came = {ikm for (ikm, _, _), pairs in presences(known).items() if pairs}
    reached = {name: here & those
               for name, those in (("trained", done), ("certified", holders), ("exported", shipped))}
    figures = {"reach_registered": known.count("reach_registered", here),
               "reach_none": known.count("reach_none", here - done - holders - shipped - came)}
    for name, those in reached.items():
        figures[f"reach_{name}"] = known.count(f"reach_{name}", those)
        figures[f"{name}_per_hundred"] = of_each_hundred(len(those), len(here)) if len(here) >= 3 else None
    return figures


FUNNEL = ("enrolled", "participated", "completed", "assessed", "passed", "certified", "exhibited_after",
          "exported_after")


def funnel(known, area, program=None):
    if program is None:
        # There is no total over programmes.
        return dict.fromkeys((f"funnel_{stage}" for stage in FUNNEL))
    sessions = calendar(known)
    last_day, latest = {}, {}
    for place in [place for place in places(known) if not of_person(place.form.stream)]:
        key = known.counts_as(place.form.stream), place.program
        days = [day for _, day in minutes_of(sessions, place)]
        last_day[key] = max([last_day.get(key, "")] + days)

    def of_ikm(ikm, date, first_days):
        return {key for key in last_day if key[0] == ikm and first_days(key, date)}

    def after(key, date):
        return last_day[key] != "" and date > last_day[key]

    stages = {name: set() for name in ("participated", "assessed", "passed", "certified", "exhibited_after",
                                       "exported_after")}
    for form in known.of("training.attended"):
        if form.data["status"] == "present":
            stages["participated"].add((known.counts_as(form.stream), form.data["program"]))
    for form in known.of("assessment.recorded"):
        key = known.counts_as(form.stream), form.data["program"]
        stages["assessed"].add(key)
        latest[key, form.data["scheme"]] = form.data["verdict"]
    stages["passed"] = {key for (key, _), verdict in latest.items() if verdict == "passed"}
    for certificate in valid_certificates(known):
        ikm = ikm_of_holder(known, certificate.holder)
        if not is_closed(known, ikm):
            stages["certified"].add((ikm, certificate.program))
    for form in known.of("exhibition.joined"):
        stages["exhibited_after"] |= of_ikm(known.counts_as(form.stream), form.date, after)
    for form in known.of("ikm.shipment_reported"):
        stages["exported_after"] |= of_ikm(known.counts_as(form.stream), form.date, after)
    stages["enrolled"] = set(last_day)
    stages["completed"] = ikm_completed(known, completed(known))
    return {f"funnel_{stage}": len({ikm for ikm, of in keys if of == program and (ikm, of) in last_day
                                    and result_within(known, of, ikm, area)})
            for stage, keys in stages.items()}


def hours_ahead(area):
    """Of the clocks of an area: WIB, WITA or WIT."""
    province = int(area[:2])
    if 51 <= province <= 53 or 63 <= province <= 65 or 71 <= province <= 76:
        return 8
    return 9 if province >= 81 else 7


def recorded_on(record):
    """The office that recorded something, with its area, and the day by the clocks there."""
    office = record["source"].removeprefix("urn:jejak:")
    area = office.partition(":")[0]
    moment = datetime.datetime.fromisoformat(record["recordedtime"].replace("Z", "+00:00"))
    return office, area, (moment + datetime.timedelta(hours=hours_ahead(area))).date().isoformat()


def quality(known, area):
    """How offices recorded, whatever came of it, and their past sessions without attendance."""
    figures = dict.fromkeys(("events_recorded", "recorded_late", "amendments", "sessions_without_attendance"), 0)
    late, of_index = [], {}
    for index, record in enumerate(known.records):
        _, office_area, day = recorded_on(record)
        of_index[index] = office_area
        if day > known.on or record["subject"] == "registry" or not within(office_area, area):
            continue
        if record["type"] in (CORRECTED, RETRACTED):
            figures["amendments"] += 1
            continue
        if record["subject"].startswith("claim/"):
            continue
        figures["events_recorded"] += 1
        days = (datetime.date.fromisoformat(day) - datetime.date.fromisoformat(record["time"][:10])).days
        if days > 30:
            late.append(days)
    attended = {session for pairs in presences(known).values() for (session, _), _ in pairs}
    scheduled = {form.data["session"]: of_index[form.index] for form in known.of("program.session_scheduled")}
    figures["sessions_without_attendance"] = len([
        session for session, (_, _, days) in calendar(known).items()
        if max(days) <= known.on and session not in attended and within(scheduled[session], area)])
    late.sort()
    middle = late[(len(late) - 1) // 2:len(late) // 2 + 1]
    median = -(-sum(middle) // len(middle)) if len(late) >= 3 else None
    return figures | {"recorded_late": len(late), "days_late": median}


class Narrowed(Known):
    """What is known with some programmes alone, and IKMs of one commodity alone."""

    OF_PROGRAMS = ("program.", "enrolment.", "training.", "mentoring.", "assessment.")

    def __init__(self, known, on, programs=None, commodity=None):
        super().__init__(known.records, on)
        if programs is not None:
            for kind, forms in self.by_kind.items():
                if kind.startswith(self.OF_PROGRAMS):
                    self.by_kind[kind] = [form for form in forms if form.data.get("program", bare(form.stream)) in programs]
            self.programs = {program: data for program, data in self.programs.items() if program in programs}
        if commodity is not None:
            self.lives = {ikm: life for ikm, life in self.lives.items() if self.commodity(ikm) == commodity}


def counted_as(name, known, area, program=None):
    """The figure of that name by the view that gives it."""
    for view, (_, count) in VIEWS.items():
        if view != "targets":
            figures = count(known, area, program) if view in OF_A_PROGRAM else count(known, area)
            if name in figures:
                return figures[name]
    raise Wrong(f"no view that is recounted here has a figure {name}")


class Aim:
    """A target that is asked about: what it is added to, its numbers and days, and what was realised by then."""

    def __init__(self, known, target, of, added_to, narrow):
        self.of, self.added_to = of, added_to
        self.value, self.due = target["value"], target.get("due")
        self.baseline = target["baseline"]["value"] if "baseline" in target else None
        self.counts, self.realised = "figure" in target, None
        if self.counts:
            on = min(self.due or known.on, known.on)
            self.realised = narrow(on, target["figure"])


def aims_of_programs(known, area, program):
    for form in known.of("program.opened"):
        of = bare(form.stream)
        if program not in (None, of) or not within(form.data["area"], area):
            continue
        for target in form.data.get("targets", []):
            def narrow(on, name, of=of):
                return counted_as(name, Narrowed(known, on, {of}), None, of)

            yield Aim(known, target, of, target.get("figure"), narrow)


def aims_of_areas(known, area):
    for form in known.of("area.target_set"):
        place, data = bare(form.stream), form.data

        def narrow(on, name, place=place, data=data):
            themed = {of for of, opened in known.programs.items() if opened["theme"] == data.get("theme")}
            some = Narrowed(known, on, themed if "theme" in data else None, data.get("commodity"))
            return counted_as(name, some, place)

        if within(place, area):
            yield Aim(known, data, place, form.index, narrow)


def targets(known, area, program=None):
    """What programmes and areas aim at; the figure on the due day decides, before it that of the day asked about."""
    aims = list(aims_of_programs(known, area, program))
    if program is None:
        aims += aims_of_areas(known, area)
    counted = [aim for aim in aims if aim.counts]
    reached = [aim for aim in counted if aim.realised is not None and aim.realised >= aim.value]
    others = [aim for aim in counted if aim not in reached]
    # On the due day itself it is over once something was recorded on a later one.
    last = recorded_on(known.records[-1])[2] if known.records else ""
    dated = [aim for aim in others if aim.due is not None]
    due = [aim for aim in dated if aim.due < known.on or aim.due == known.on < last]
    # Unlike things are not added up.
    alike = counted if len({aim.added_to for aim in counted}) == 1 else []

    def total(numbers):
        said = [number for number in numbers if number is not None]
        return sum(said) if said else None

    return {"targets": len(counted), "targets_reached": len(reached),
            "targets_missed": len([aim for aim in due if aim.realised is not None]),
            "targets_not_yet_due": len(dated) - len(due), "targets_without_day": len(others) - len(dated),
            "targets_in_words": len(aims) - len(counted),
            "target_baseline": total(aim.baseline for aim in alike),
            "target_value": total(aim.value for aim in alike),
            "target_realised": total(aim.realised for aim in alike)}


# Name of each view that is recounted, the version whose definition this follows, and how.
VIEWS = {
    "registered": (1, registered),
    "enrolled": (2, enrolled),
    "waitlisted": (2, waitlisted),
    "participated": (1, participated),
    "withdrawn": (1, withdrawn),
    "attendance": (1, attendance),
    "hours": (1, hours),
    "quota": (1, quota),
    "trained": (2, trained),
    "export_trained": (2, export_trained),
    "green_trained": (2, green_trained),
    "persons_trained": (2, persons_trained),
    "assessed": (2, assessed),
    "scores": (1, scores),
    "certified": (2, certified),
    "green_certified": (2, green_certified),
    "certificates_expiring": (2, certificates_expiring),
    "certificates": (1, certificates),
    "exhibited": (1, exhibited),
    "exported": (1, exported),
    "mentored": (2, mentored),
    "repeaters": (1, repeaters),
    "beginners": (1, beginners),
    "findings": (1, findings),
    "survival": (1, survival),
    "time_to": (1, time_to),
    "sessions_held": (2, sessions_held),
    "method_mix": (2, method_mix),
    "programs": (2, programs),
    "spending": (2, spending),
    "targets": (4, targets),
    "funnel": (2, funnel),
    "sentra": (2, sentra),
    "population": (2, population),
    "coverage": (2, coverage),
    "reach": (1, reach),
    "quality": (2, quality),
}

# Views of what came of programmes, which --area-of ikm asks by the area of the IKM.
RESULTS = ("enrolled", "waitlisted", "participated", "withdrawn", "attendance", "hours", "trained", "export_trained",
           "green_trained", "persons_trained", "assessed", "scores", "mentored", "repeaters", "beginners", "findings", "survival", "time_to",
           "funnel")


# Views that are recounted for one programme, too.
OF_A_PROGRAM = ("certified", "green_certified", "certificates_expiring", "certificates", "spending", "funnel", "targets")


# --- Rows: what is counted in one alone ---

# Views whose row of a programme, or of a theme, is what is counted where no other programme ever was.
BY_PROGRAM = ("enrolled", "waitlisted", "participated", "withdrawn", "attendance", "hours", "quota", "trained",
              "persons_trained", "export_trained", "green_trained", "assessed", "scores", "mentored", "beginners", "findings",
              "survival", "time_to", "sessions_held", "method_mix", "spending", "funnel")
BY_THEME = ("enrolled", "waitlisted", "participated", "withdrawn", "hours", "quota", "trained", "persons_trained", "mentored",
            "beginners", "findings", "survival", "time_to", "sessions_held", "method_mix", "spending", "programs")

# By view and breakdown: the types of which only those forms count that have the value of the row.
BY_FORM = {
    ("assessed", "scheme"): ("assessment.recorded", lambda form: form.data["scheme"]),
    ("scores", "scheme"): ("assessment.recorded", lambda form: form.data["scheme"]),
    ("certified", "scheme"): ("certificate.issued", lambda form: form.data["scheme"]),
    ("certified", "program"): ("certificate.issued", lambda form: form.data.get("program")),
    ("green_certified", "program"): ("certificate.issued", lambda form: form.data.get("program")),
    ("certificates_expiring", "scheme"): ("certificate.issued", lambda form: form.data["scheme"]),
    ("certificates_expiring", "program"): ("certificate.issued", lambda form: form.data.get("program")),
    ("certificates", "scheme"): ("certificate.issued", lambda form: form.data["scheme"]),
    ("certificates", "program"): ("certificate.issued", lambda form: form.data.get("program")),
    ("exhibited", "exhibition"): ("exhibition.joined", lambda form: form.data["exhibition"]),
    ("exported", "country"): ("ikm.shipment_reported", lambda form: form.data["country"].lower()),
    ("exported", "hs_code"): ("ikm.shipment_reported", lambda form: form.data["hs_code"]),
    ("sentra", "sentra"): ("sentra.planned", lambda form: bare(form.stream)),
    ("sentra", "commodity"): ("sentra.planned", lambda form: form.data["commodity"]),
    ("spending", "source"): ("program.spending_reported", lambda form: form.data["source"]),
}


def of_programs(known, is_of):
    """What is known where only the programmes that fit ever were."""
    programs = {program: opening for program, opening in known.programs.items() if is_of(program, opening)}

    def fits(form):
        named = bare(form.stream) if form.stream.startswith("program/") else form.data.get("program")
        return named is None or named in programs

    return known.where(fits, programs)


def row(known, view, by, key, area=None):
    """The figures of a view in one row of a breakdown; None where it is not recounted."""
    count = VIEWS[view][1]
    if by == "area":
        return count(known, key) if key is not None and within(key, area) else None
    if by == "program" and view in ("spending", "funnel"):
        return count(known, area, key)
    if by == "program" and view in BY_PROGRAM:
        return count(of_programs(known, lambda program, _: program == key), area)
    if by == "theme" and view in BY_THEME:
        return count(of_programs(known, lambda _, opening: opening["theme"] == key), area)
    if (view, by) in BY_FORM:
        kind, value = BY_FORM[view, by]
        return count(known.where(lambda form: form.kind != kind or value(form) == key), area)
    if (view, by) == ("findings", "finding"):
        visits = defaultdict(list)
        for form in known.came_about("mentoring.visited"):
            ikm = known.counts_as(form.stream)
            if result_within(known, form.data["program"], ikm, area):
                visits[ikm, form.data["program"]].append(key in form.data.get("findings", []))
        return {"findings_first": sum(found[0] for found in visits.values()),
                "findings_latest": sum(found[-1] for found in visits.values())}
    if (view, by) == ("scores", "criterion"):
        scheme, code = key.split("/")
        scored = {known.counts_as(form.stream) for form in known.of("assessment.recorded")
                  if form.data["scheme"] == scheme and any(one["code"] == code for one in form.data.get("criteria", []))
                  and result_within(known, form.data["program"], known.counts_as(form.stream), area)}
        first, latest = mean_scores(known, area).get(key, (None, None))
        return {"scored": len(scored), "score_first": first, "score_latest": latest}
    if by == "commodity" and view in ("registered", "reach"):
        other = known.where(lambda form: True)
        other.lives = {ikm: life for ikm, life in known.lives.items() if known.commodity(ikm) == key}
        return count(other, area)
    return None


# Views that are recounted over time: by what came about in each period, or by the state on its last day.
OVER_TIME = {
    **dict.fromkeys(("registered", "trained", "beginners", "export_trained", "green_trained", "persons_trained", "assessed",
                     "mentored", "findings", "exported", "exhibited", "programs", "certificates", "sessions_held"),
                    "flow"),
    **dict.fromkeys(("waitlisted", "quota", "survival", "time_to", "certified", "green_certified",
                     "certificates_expiring", "spending", "sentra", "population", "coverage"), "state"),
}


def periods(first, last, months):
    """First and last day of each calendar period of so many months between two days, the outermost cut by them."""
    day = first
    while day <= last:
        year, month = int(day[:4]), (int(day[5:7]) - 1) // months * months + 1 + months
        following = f"{year + month // 13:04}-{(month - 1) % 12 + 1:02}-01"
        yield day, min(days_after(following, -1), last)
        day = following


def over_time(records, view, first, last, months, area=None, today=FOR_EVER):
    """The figures of a view for each period: first day that counts (None of a state), last day, figures. A period that is
    not over is asked today."""
    for day, end in periods(first, last, months):
        since = day if OVER_TIME[view] == "flow" else None
        begins = since or f"{day[:4]}-{(int(day[5:7]) - 1) // months * months + 1:02}-01"
        end = min(end, today) if begins <= today else end
        yield since, end, VIEWS[view][1](Known(records, end, since=since), area)


# Views of which it is recounted, too, who entered and left between two days.
OF_MEMBERS = ("registered", "enrolled", "waitlisted", "participated", "withdrawn", "trained", "export_trained", "green_trained",
              "persons_trained", "assessed", "certified", "green_certified", "exhibited", "exported", "mentored",
              "sessions_held", "coverage", "reach")


def between(records, view, days, area=None):
    """By figure of a view: what it is on each of two days, who entered, who left, and how many stayed; the last three are
    None where who counts in it is not recounted."""
    before, after = (Known(records, day) for day in days)
    was, is_now = (VIEWS[view][1](known, area) for known in (before, after))
    told = {}
    for name in is_now:
        here = name in before.members and name in after.members
        old, new = (before.members[name], after.members[name]) if here else (set(), set())
        unknown = [value is None and not who for value, who in ((was[name], old), (is_now[name], new))]
        if unknown[0] != unknown[1]:
            # Known on one day only: who entered or left since then, nobody knows.
            old, new = set(), set()
        told[name] = (was[name], is_now[name], *((new - old, old - new, len(old & new)) if here else (None,) * 3))
    return told


def recount(records, on, area=None, area_of=None, program=None):
    """All figures by view, of these records, for a day and an area; those of one programme where it is named."""
    known = Known(records, on, area_of)
    if program is not None:
        return {name: VIEWS[name][1](known, area, program) for name in OF_A_PROGRAM}
    asked = VIEWS if area_of is None else {name: VIEWS[name] for name in RESULTS}
    return {name: count(known, area) for name, (_, count) in asked.items()}


# --- Self-test ---

def self_test():
    """The sample of check_log.py, with each figure that it has counted by hand."""
    records = check_log.Sample().records()

    def counted(on, size=None, area=None):
        figures = recount(records[:size], on, area)["export_trained"]
        return figures["export_trained"], figures["export_trained_persons"]

    sample = check_log.Sample()
    assert counted("2023-10-25") == (0, 0), "a programme that is not over completes nobody"
    assert counted("2023-10-26") == (1, 1)
    assert counted("2023-10-26", sample.before) == (1, 1)
    assert counted("2023-10-26", sample.corrected) == (2, 2), "as known with the correction"
    assert counted("2023-12-31", 0) == (0, None), "nobody was ever enrolled"
    assert counted("2023-10-26", area="35") == (1, 1) and counted("2023-10-26", area="33") == (0, None)
    figures = recount(records, "2023-10-26", "35.76")
    assert figures["registered"] == {"registered": 2}
    assert figures["enrolled"] == {"enrolled": 2, "enrolled_persons": 3}
    assert figures["sessions_held"] == {"sessions_scheduled": 1, "sessions_held": 1, "no_attendance_recorded": 0}
    assert set(figures["funnel"].values()) == {None}
    known = Known(records, "2023-10-26")
    funnel_figures = funnel(known, None, next(iter(known.programs)))
    assert (funnel_figures["funnel_participated"], funnel_figures["funnel_completed"]) == (2, 1)
    for change in ({"target": "id-9999"}, {"target": sample.correction}):
        wrong = [*records[:-2], {**records[-2], "data": {**records[-2]["data"], **change}}]
        try:
            recount(wrong, "2023-12-31")
        except Wrong as error:
            assert "target" in str(error)
        else:
            raise AssertionError(f"{change}: not noticed")
    assert list(periods("2023-11-20", "2024-02-10", 1)) == [
        ("2023-11-20", "2023-11-30"), ("2023-12-01", "2023-12-31"), ("2024-01-01", "2024-01-31"),
        ("2024-02-01", "2024-02-10")]
    assert list(periods("2023-12-31", "2025-01-01", 12)) == [
        ("2023-12-31", "2023-12-31"), ("2024-01-01", "2024-12-31"), ("2025-01-01", "2025-01-01")]
    assert list(periods("2023-02-01", "2023-04-05", 3)) == [("2023-02-01", "2023-03-31"), ("2023-04-01", "2023-04-05")]
    months = [figures["export_trained"] for _, _, figures in over_time(records, "export_trained", "2023-09-01", "2023-11-30", 1)]
    assert months == [0, 1, 0], months
    entered = between(records, "export_trained", ("2023-10-25", "2023-10-26"))["export_trained"]
    assert entered[:2] == (0, 1) and len(entered[2]) == 1 and entered[3:] == (set(), 0), entered
    backward = between(records, "export_trained", ("2023-10-26", "2023-10-25"))["export_trained"]
    assert backward[3] == entered[2], backward
    assert all(name in VIEWS for name in OF_MEMBERS)
    print(f"self-test: {len(VIEWS)} views recounted on the sample")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--log", type=pathlib.Path, help="output of `jejak log export`")
    parser.add_argument("--on", default=datetime.date.today().isoformat(), help="the day asked about, YYYY-MM-DD")
    parser.add_argument("--size", type=int, help="as known when the log held so many events")
    parser.add_argument("--area", help="only this area; a province holds its kabupaten and kota")
    parser.add_argument("--self-test", action="store_true", help="check this script")
    arguments = parser.parse_args()
    if arguments.self_test:
        self_test()
        return 0
    if not arguments.log:
        parser.error("--log is needed")
    try:
        records = [check_log.read_record(line) for line in arguments.log.read_bytes().splitlines()]
        print(json.dumps(recount(records[:arguments.size], arguments.on, arguments.area)))
    except OSError as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 3
    except Wrong as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
