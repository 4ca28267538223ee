#!/usr/bin/env python3
"""Recounts figures from the records of a log alone.

Nothing of the Rust program is used, neither code nor tables: what is counted here is written from what the
indicators mean and from the definitions that `jejak view NAME --format json` publishes, in the versions
that VIEWS names. same_figures.py holds these figures against those of the program.

    python3 tests/recount.py --log log.jsonl --on 2025-12-31 [--size N] [--area CODE]

prints them as one JSON object, of a log that check_log.py has checked. `--self-test` checks this script.
Exit 0; 1 when the log contradicts itself, 2 on wrong usage, 3 when the file cannot be read.
"""

import argparse
import datetime
import json
import pathlib
import sys
from collections import defaultdict

import check_log
from check_log import Wrong

CORRECTED, RETRACTED = "id.jejak.event.corrected.v1", "id.jejak.event.retracted.v1"
FOR_EVER = "9999-12-31"


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
    """What is known at a size of the log, for a day: the forms in force by then, and who counts as whom."""

    def __init__(self, records, on):
        self.on = on
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
        for form in self.of("ikm.registered"):
            ikm = self.counts_as(form.stream)
            if ikm not in self.lives or form.stream == ikm:
                self.lives[ikm] = lives[form.stream]

    def of(self, *kinds):
        """The forms of some types, earliest first."""
        return sorted((form for kind in kinds for form in self.by_kind[kind]), key=lambda form: form.order)

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

    def works(self, ikm):
        steps = [form.kind for form in self.lives[ikm] if form.kind != "ikm.profile_changed"]
        return steps[-1] != "ikm.closed"


def within(area, wanted):
    return wanted is None or area is not None and (area == wanted or area.startswith(wanted + "."))


# --- Places in programmes ---

class Place:
    """A place or a wait of one stream in one programme."""

    def __init__(self, form):
        self.form = form
        self.program = form.data["program"]
        self.persons = set(form.data.get("persons", []))
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

def calendar(known):
    """Programme, group and days of each session that was not called off, as last decided."""
    sessions = {}
    for form in known.of("program.session_scheduled", "program.session_rescheduled", "program.session_cancelled"):
        session = form.data["session"]
        if form.kind == "program.session_scheduled":
            sessions[session] = bare(form.stream), form.data.get("group"), [day["date"] for day in form.data["days"]]
        elif session in sessions and form.kind == "program.session_rescheduled":
            program, group, _ = sessions[session]
            sessions[session] = program, group, [day["date"] for day in form.data["days"]]
        else:
            sessions.pop(session, None)
    return sessions


def pairs_of(sessions, place):
    """The (session, day) pairs scheduled for the group of an enrolment."""
    return {(session, day) for session, (program, group, days) in sessions.items()
            if program == place.program and group in (None, place.group) for day in days}


def completed(known):
    """(IKM, programme, person) of whoever completed; no person in programmes of unit IKM."""
    sessions = calendar(known)
    present = defaultdict(set)
    for form in known.of("training.attended"):
        if form.data["status"] == "present":
            ikm, program = known.counts_as(form.stream), form.data["program"]
            pair = form.data["session"], form.data["day"]
            present[ikm, program, None].add(pair)
            if "person" in form.data:
                present[ikm, program, known.person(form.data["person"])].add(pair)
    done = set()
    for place in places(known):
        program, pairs = known.programs[place.program], pairs_of(sessions, place)
        if not pairs or max(day for _, day in pairs) > known.on:
            continue
        ikm = known.counts_as(place.form.stream)
        whom = {None} if program["unit"] == "ikm" else {known.person(person) for person in place.persons}
        for who in whom:
            attended = present[ikm, place.program, who] & pairs
            if len(attended) * 100 >= program.get("completion_percent", 80) * len(pairs):
                done.add((ikm, place.program, who))
    return done


# --- Certificates ---

def days_after(day, number):
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=number)).isoformat()
    except OverflowError:
        return FOR_EVER


class Certificate:
    """A certificate that is valid on the day."""

    def __init__(self, issue, until):
        self.issued = issue.date
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
    for form in known.of("person.registered"):
        if form.stream == person and "ikm" in form.data:
            return known.counts_as("ikm/" + form.data["ikm"])
    return None


def ikm_of_holder(known, holder):
    if "ikm" in holder:
        return known.counts_as("ikm/" + holder["ikm"])
    return ikm_of_person(known, known.person(holder["person"]))


# --- The figures: each is a function of what is known and of the area asked about ---

def registered(known, area):
    return {"registered": sum(1 for ikm in known.lives if known.works(ikm) and within(known.area(ikm), area))}


def ikms_and_persons(known, area, those, names):
    ikms, persons = set(), set()
    for place in those:
        ikm = known.counts_as(place.form.stream)
        if within(known.area(ikm), area):
            ikms.add(ikm)
            persons |= {known.person(person) for person in place.persons}
    return dict(zip(names, (len(ikms), len(persons))))


def enrolled(known, area):
    return ikms_and_persons(known, area, places_on_the_day(known), ("enrolled", "enrolled_persons"))


def waitlisted(known, area):
    return ikms_and_persons(known, area, waits(known), ("waitlisted", "waitlisted_persons"))


def trained(known, area, theme=None, name="trained"):
    done = [(ikm, person) for ikm, program, person in completed(known)
            if theme in (None, known.programs[program]["theme"]) and within(known.area(ikm), area)]
    return {name: len({ikm for ikm, _ in done}),
            f"{name}_persons": len({person for _, person in done if person is not None})}


def export_trained(known, area):
    return trained(known, area, "export", "export_trained")


def certified(known, area):
    holders = {"certified": set(), "certified_persons": set(), "certified_products": set()}
    for certificate in valid_certificates(known):
        holder, ikm = certificate.holder, ikm_of_holder(known, certificate.holder)
        if not within(ikm and known.area(ikm), area):
            continue
        if "person" in holder:
            holders["certified_persons"].add(known.person(holder["person"]))
        elif "product" in holder:
            holders["certified_products"].add((ikm, holder["product"]))
        else:
            holders["certified"].add(ikm)
    return {name: len(those) for name, those in holders.items()}


def green_certified(known, area):
    ikms = {known.counts_as("ikm/" + certificate.holder["ikm"]) for certificate in valid_certificates(known)
            if certificate.scheme == "sih" and set(certificate.holder) == {"ikm"}}
    return {"green_certified": sum(1 for ikm in ikms if within(known.area(ikm), area))}


def certificates_expiring(known, area):
    def counts(certificate):
        ikm = ikm_of_holder(known, certificate.holder)
        return certificate.until <= days_after(known.on, 90) and within(ikm and known.area(ikm), area)

    return {"certificates_expiring": sum(1 for certificate in valid_certificates(known) if counts(certificate))}


def exhibited(known, area):
    took_part = {(known.counts_as(form.stream), form.data["exhibition"]) for form in known.of("exhibition.joined")}
    took_part = {(ikm, exhibition) for ikm, exhibition in took_part if within(known.area(ikm), area)}
    return {"exhibited": len({ikm for ikm, _ in took_part}), "participations": len(took_part)}


def sessions_held(known, area):
    return {"sessions_held": sum(1 for program, _, days in calendar(known).values()
                                 if max(days) <= known.on and within(known.programs[program]["area"], area))}


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
        figures[f"sentra_{stage}"] = sum(form.data.get("amount", 0) for form in known.of("sentra.funded")
                                         if bare(form.stream) in sentras and form.data["stage"] == stage)
    return figures


def population(known, area):
    reports = {(bare(form.stream), form.data["commodity"]): form.data for form in known.of("area.population_reported")}
    sums = dict.fromkeys(("population_total", "population_kecil", "population_menengah"), 0)
    for (place, commodity), report in reports.items():
        nearer = any(other != place and within(other, place) and what == commodity for other, what in reports)
        # A province stands in only where none of its cities reports.
        if not within(place, area) or "." not in place and nearer:
            continue
        both = report["kecil"] + report["menengah"] if {"kecil", "menengah"} <= report.keys() else 0
        sums["population_total"] += report.get("total", both)
        sums["population_kecil"] += report.get("kecil", 0)
        sums["population_menengah"] += report.get("menengah", 0)
    return sums | {"population_registered": registered(known, area)["registered"]}


def funnel(known, area):
    sessions = calendar(known)
    since, last_day, latest = {}, {}, {}
    for place in places(known):
        key = known.counts_as(place.form.stream), place.program
        since[key] = min(since.get(key, FOR_EVER), place.form.date)
        days = [day for _, day in pairs_of(sessions, place)]
        last_day[key] = max([last_day.get(key, "")] + days)

    def of_ikm(ikm, date, first_days):
        return {key for key in since if key[0] == ikm and first_days(key, date)}

    def after(key, date):
        return last_day[key] != "" and date > last_day[key]

    stages = {name: set() for name in ("attended", "assessed", "passed", "certified", "exhibited_after",
                                       "exported_after")}
    for form in known.of("training.attended"):
        if form.data["status"] == "present":
            stages["attended"].add((known.counts_as(form.stream), form.data["program"]))
    for form in known.of("assessment.recorded"):
        key = known.counts_as(form.stream), form.data["program"]
        stages["assessed"].add(key)
        latest[key, form.data["scheme"]] = form.data["verdict"]
    stages["passed"] = {key for (key, _), verdict in latest.items() if verdict == "passed"}
    for certificate in valid_certificates(known):
        ikm = ikm_of_holder(known, certificate.holder)
        stages["certified"] |= of_ikm(ikm, certificate.issued, lambda key, date: since[key] <= date)
    for form in known.of("exhibition.joined"):
        stages["exhibited_after"] |= of_ikm(known.counts_as(form.stream), form.date, after)
    for form in known.of("ikm.shipment_reported"):
        stages["exported_after"] |= of_ikm(known.counts_as(form.stream), form.date, after)
    stages["enrolled"] = set(since)
    stages["completed"] = {(ikm, program) for ikm, program, _ in completed(known)}
    return {f"funnel_{stage}": len({ikm for ikm, program in keys
                                    if (ikm, program) in since and within(known.area(ikm), area)})
            for stage, keys in stages.items()}


# Name of each view that is recounted, the version whose definition this follows, and how.
VIEWS = {
    "registered": (1, registered),
    "enrolled": (2, enrolled),
    "waitlisted": (1, waitlisted),
    "trained": (1, trained),
    "export_trained": (1, export_trained),
    "green_certified": (1, green_certified),
    "certified": (1, certified),
    "certificates_expiring": (1, certificates_expiring),
    "exhibited": (1, exhibited),
    "sessions_held": (1, sessions_held),
    "sentra": (1, sentra),
    "population": (1, population),
    "funnel": (1, funnel),
}


def recount(records, on, area=None):
    """All figures by view, of these records, for a day and an area."""
    known = Known(records, on)
    return {name: count(known, area) for name, (_, count) in VIEWS.items()}


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
    assert counted("2023-12-31", 0) == (0, 0)
    assert counted("2023-10-26", area="35") == (1, 1) and counted("2023-10-26", area="33") == (0, 0)
    figures = recount(records, "2023-10-26", "35.76")
    assert figures["registered"] == {"registered": 2}
    assert figures["enrolled"] == {"enrolled": 2, "enrolled_persons": 3}
    assert figures["sessions_held"] == {"sessions_held": 1}
    funnel_figures = figures["funnel"]
    assert (funnel_figures["funnel_attended"], funnel_figures["funnel_completed"]) == (2, 1)
    for change in ({"target": "id-9999"}, {"target": sample.correction}):
        wrong = [*records[:-2], {**records[-2], "data": {**records[-2]["data"], **change}}]
        try:
            recount(wrong, "2023-12-31")
        except Wrong as error:
            assert "target" in str(error)
        else:
            raise AssertionError(f"{change}: not noticed")
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
