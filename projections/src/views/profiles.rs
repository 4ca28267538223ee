//! Who an IKM is on the day asked for: where it lies, what it makes, how large it is, whether it works.
//!
//! Its own stream says so. Where it was not registered yet by that day but an IKM that was merged into it
//! was, the one of those that was registered first speaks for it.

use jejak_events::area::AreaCode;
use jejak_events::types::{Scale, ScaleRule};
use jejak_events::values::Date;

use super::aliases::Survivor;
use super::attended::Place;
use super::scope::{ById, NumberMap, Scope};
use crate::facts::{CodeId, Id, Ikm, Profile as ProfileChange, Row, Working};
use crate::question::AreaOf;

/// An IKM on the day.
#[derive(Clone, Copy)]
pub(super) struct Profile<'a> {
    /// The IKM.
    pub(super) ikm: Survivor,
    /// The registration that speaks for it.
    registration: &'a Row<Ikm>,
    /// The day from which the register knows it, under whichever stream.
    pub(super) since: Date,
    pub(super) area: AreaCode,
    /// Its district, or none where it is not known.
    pub(super) district: CodeId,
    pub(super) commodity: CodeId,
    /// The person who owns it, or none where none is named.
    pub(super) owner: Id,
    by_workers: Option<Scale>,
    by_capital: Option<Scale>,
    /// The last that is said about its working; `None` where it never stopped.
    working: Option<&'a Row<Working>>,
}

impl Profile<'_> {
    /// Size class under a rule.
    pub(super) fn scale(&self, rule: ScaleRule) -> Option<Scale> {
        match rule {
            ScaleRule::Permenperin64Of2016 => self.by_workers,
            ScaleRule::Pp7Of2021 => self.by_capital,
        }
    }

    /// Whether it is not closed.
    pub(super) fn works(&self) -> bool {
        self.working.is_none_or(|row| row.fact.works)
    }
}

/// The profiles of all IKMs that are registered by the day.
#[derive(Default)]
pub(super) struct Profiles<'a> {
    by_ikm: ById<Profile<'a>>,
    /// The changes of each stream that has any, in order.
    changes: NumberMap<Id, Vec<&'a Row<ProfileChange>>>,
}

impl<'a> Profiles<'a> {
    /// `scope` must know its merges already.
    pub(super) fn new(scope: &Scope<'a>) -> Self {
        let tables = &scope.facts.tables;
        let mut changes: NumberMap<Id, Vec<&'a Row<ProfileChange>>> = NumberMap::default();
        for row in scope.rows(&tables.profiles) {
            changes.entry(row.fact.ikm).or_default().push(row);
        }
        for rows in changes.values_mut() {
            rows.sort_unstable_by_key(|row| scope.order(row));
        }
        let workings = scope.latest(&tables.workings, |fact| fact.ikm);
        let mut registrations = scope.latest(&tables.ikms, |fact| fact.ikm);
        let mut since: NumberMap<Id, Date> = NumberMap::default();
        for (survivor, streams) in scope.merged_ikms() {
            let of = |stream: &Id| registrations.get(*stream);
            let first = streams.iter().filter_map(of).min_by_key(|row| scope.order(row));
            let own = registrations.get(survivor);
            if let Some(first) = first {
                since.insert(survivor, own.map_or(first.day, |own| own.day.min(first.day)));
                registrations.slot(survivor).get_or_insert(first);
            }
            for stream in streams {
                *registrations.slot(stream) = None;
            }
        }
        let mut by_ikm = ById::default();
        for (survivor, registration) in registrations.entries() {
            let Ikm { ikm: speaker, area, district, commodity, owner, by_workers, by_capital } =
                registration.fact;
            let mut profile = Profile {
                ikm: Survivor(survivor),
                registration,
                since: since.get(&survivor).copied().unwrap_or(registration.day),
                area,
                district,
                commodity,
                owner,
                by_workers,
                by_capital,
                working: workings.get(speaker),
            };
            for ProfileChange { area, district, commodity, owner, by_workers, by_capital, .. } in
                changes.get(&speaker).into_iter().flatten().map(|row| row.fact)
            {
                // A district is said with its area.
                if let Some(area) = area {
                    (profile.area, profile.district) = (area, district);
                }
                if commodity != CodeId::NONE {
                    profile.commodity = commodity;
                }
                if owner.is_some() {
                    profile.owner = owner;
                }
                // The classes are derived together: where one is said, the other is meant to be none.
                if by_workers.is_some() || by_capital.is_some() {
                    (profile.by_workers, profile.by_capital) = (by_workers, by_capital);
                }
            }
            *by_ikm.slot(survivor) = Some(profile);
        }
        Self { by_ikm, changes }
    }
}

impl<'a> Scope<'a> {
    /// An IKM on the day; `None` when it is not registered by then.
    pub(super) fn profile(&self, ikm: Survivor) -> Option<Profile<'a>> {
        self.profiles.by_ikm.get(ikm.0)
    }

    /// All IKMs that are registered by the day, in no order.
    pub(super) fn profiles(&self) -> impl Iterator<Item = Profile<'a>> {
        self.profiles.by_ikm.values()
    }

    /// Area of an IKM on the day.
    pub(super) fn ikm_area(&self, ikm: Survivor) -> Option<AreaCode> {
        self.profile(ikm).map(|profile| profile.area)
    }

    /// Whether the question is about this IKM, by its area and size class. An IKM that is not registered
    /// by the day has neither.
    pub(super) fn wants_ikm(&self, ikm: Survivor) -> bool {
        (self.question.area.is_none() || self.wants_area(self.ikm_area(ikm))) && self.wants_scale(ikm)
    }

    fn wants_scale(&self, ikm: Survivor) -> bool {
        let scale = |rule| self.profile(ikm).and_then(|profile| profile.scale(rule));
        self.question.scale.is_none_or(|wanted| scale(wanted.rule) == Some(wanted.scale))
    }

    /// The area that what came of a programme for an IKM, or for a person in their own name, counts in: that of the
    /// programme, or theirs where the question says so.
    pub(super) fn result_area(&self, place: Place) -> Option<AreaCode> {
        match (self.question.area_of, place.own_name()) {
            (None, _) => self.program(place.program).map(|opening| opening.fact.area),
            (Some(AreaOf::Ikm), None) => self.ikm_area(place.ikm),
            (Some(AreaOf::Ikm), Some(person)) => self.persons().area(self, person),
        }
    }

    /// Whether the question is about what came of a programme for an IKM, or for a person in their own name.
    pub(super) fn wants_result(&self, place: Place) -> bool {
        self.wants_program(place.program)
            && (self.question.area.is_none() || self.wants_area(self.result_area(place)))
            && self.wants_scale(place.ikm)
    }

    /// Adds the events that say who an IKM is: how it comes to count for what stands in `stream`, its
    /// registration, and what was changed since.
    pub(super) fn trace_ikm(&self, stream: Id, events: &mut Vec<u64>) {
        self.trace_ikm_merges(stream, events);
        let Some(profile) = self.profile(self.surviving_ikm(stream)) else { return };
        self.trace(profile.registration, events);
        let speaker = profile.registration.fact.ikm;
        self.trace_ikm_merges(speaker, events);
        for row in self.profiles.changes.get(&speaker).into_iter().flatten() {
            self.trace(row, events);
        }
    }

    /// Adds the event that last said whether an IKM works.
    pub(super) fn trace_working(&self, profile: &Profile<'_>, events: &mut Vec<u64>) {
        if let Some(row) = profile.working {
            self.trace(row, events);
        }
    }
}
