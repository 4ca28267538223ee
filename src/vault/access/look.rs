//! Passes to sealed values: a look that was noted, or the registry's own work.
//!
//! Whoever opens a sealed value or an attachment shows a [`VaultPass`], and what the pass does not cover stays closed. A pass
//! cannot be made, copied, kept or read from a file outside of what notes it; it is borrowed, and gone with its owner.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use jejak_events::identity::Subject;
use jejak_events::values::Sha256Hex;

/// A look that stands in the access log: what it covers may be read under it. Only
/// [`Registry::look`](crate::registry::Registry::look) and its like give one, after noting it.
///
/// No query reads a sealed value without it. What does not compile stands beside what does; they differ by the look
/// alone.
///
/// ```
/// use jejak::queries::{attested, find, held, names, show};
/// use jejak::readmodel::Snapshot;
/// use jejak::registry::{AccessReport, Look, Registry};
/// use jejak_events::identity::{Actor, Subject};
/// use jejak_events::record::Event;
/// use jejak_projections::answer::Answer;
/// use jejak_projections::views::ViewDeclaration;
///
/// fn values(snapshot: &Snapshot, look: &Look) { snapshot.sealed(look, 1).ok(); }
/// fn disclosures(snapshot: &Snapshot, look: &Look, event: &Event) { snapshot.disclosures(look, 1, event).ok(); }
/// fn name(snapshot: &Snapshot, look: &Look) { names::look_up(snapshot, look, &[]).ok(); }
/// fn sums(view: &ViewDeclaration, answer: &Answer, snapshot: &Snapshot, look: &Look) {
///     attested::attest(view, answer, (snapshot, look)).ok();
/// }
/// fn differences(page: &mut show::StreamPage, snapshot: &Snapshot, look: &Look) {
///     show::open_differences(snapshot, look, page).ok();
/// }
/// fn about(subject: Subject, of: &held::Covered, log: AccessReport, snapshot: &Snapshot, look: &Look) {
///     held::gather((snapshot, look), subject, of, &[], log).ok();
/// }
/// fn hits(found: find::FindResult, look: &Look) { found.show(Some(look)).ok(); }
/// fn noted(registry: &Registry, actor: &Actor) -> Option<Look> { registry.look(actor, "purpose", &[]).ok() }
/// ```
///
/// ```compile_fail,E0061
/// # use jejak::readmodel::Snapshot;
/// fn values(snapshot: &Snapshot) { snapshot.sealed(1).ok(); }
/// ```
///
/// ```compile_fail,E0061
/// # use jejak::readmodel::Snapshot;
/// # use jejak_events::record::Event;
/// fn disclosures(snapshot: &Snapshot, event: &Event) { snapshot.disclosures(1, event).ok(); }
/// ```
///
/// ```compile_fail,E0061
/// # use jejak::queries::names;
/// # use jejak::readmodel::Snapshot;
/// fn name(snapshot: &Snapshot) { names::look_up(snapshot, &[]).ok(); }
/// ```
///
/// ```compile_fail,E0308
/// # use jejak::queries::attested;
/// # use jejak::readmodel::Snapshot;
/// # use jejak_projections::answer::Answer;
/// # use jejak_projections::views::ViewDeclaration;
/// fn sums(view: &ViewDeclaration, answer: &Answer, snapshot: &Snapshot) {
///     attested::attest(view, answer, snapshot).ok();
/// }
/// ```
///
/// ```compile_fail,E0061
/// # use jejak::queries::show;
/// # use jejak::readmodel::Snapshot;
/// fn differences(page: &mut show::StreamPage, snapshot: &Snapshot) {
///     show::open_differences(snapshot, page).ok();
/// }
/// ```
///
/// ```compile_fail,E0308
/// # use jejak::queries::held;
/// # use jejak::readmodel::Snapshot;
/// # use jejak::registry::AccessReport;
/// # use jejak_events::identity::Subject;
/// fn about(subject: Subject, of: &held::Covered, log: AccessReport, snapshot: &Snapshot) {
///     held::gather(snapshot, subject, of, &[], log).ok();
/// }
/// ```
///
/// ```compile_fail,E0061
/// # use jejak::queries::find;
/// fn hits(found: find::FindResult) { found.show().ok(); }
/// ```
///
/// Nobody makes one without a line in the access log:
///
/// ```compile_fail,E0624
/// # use jejak::registry::{AccessLog, Look};
/// # use jejak_events::identity::Actor;
/// fn noted(log: &AccessLog, actor: &Actor) -> Option<Look> { log.look(actor, "purpose", &[]).ok() }
/// ```
///
/// ```compile_fail,E0624
/// # use jejak::vault::access::OwnWork;
/// fn own() -> OwnWork { OwnWork::new() }
/// ```
///
/// ```compile_fail,E0451
/// # use jejak::vault::access::OwnWork;
/// fn own() -> OwnWork { OwnWork { made_here: () } }
/// ```
///
/// Nor copies it, makes one of nothing, or reads one from a file; a [`Subject`] could:
///
/// ```
/// # use jejak_events::identity::Subject;
/// fn copied<T: Clone + serde::de::DeserializeOwned>() {}
/// fn copy() { copied::<Subject>(); }
/// ```
///
/// ```compile_fail,E0277
/// # use jejak::registry::Look;
/// fn copied<T: Clone>() {}
/// fn copy() { copied::<Look>(); }
/// ```
///
/// ```compile_fail,E0277
/// # use jejak::registry::Look;
/// fn read<T: serde::de::DeserializeOwned>() {}
/// fn copy() { read::<Look>(); }
/// ```
///
/// ```compile_fail,E0277
/// # use jejak::registry::Look;
/// fn made<T: Default>() {}
/// fn make() { made::<Look>(); }
/// ```
#[derive(Debug)]
#[must_use = "what is noted was meant to be read"]
pub struct Look {
    /// Where it is noted.
    noted_in: RegistryMark,
    covers: LookScope,
}

/// Which open registry of this process something belongs to, also where two of them hold copies of one log: a look that
/// one has noted opens nothing of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistryMark(u64);

impl RegistryMark {
    /// One that nothing else has.
    pub(crate) fn fresh() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// What a look covers.
#[derive(Debug)]
enum LookScope {
    /// The sealed values of these.
    Subjects(BTreeSet<Subject>),
    /// The sealed values of all: for a search, which compares everybody's.
    Everybody,
    /// One attachment.
    File(Sha256Hex),
}

impl Look {
    pub(super) fn at_subjects(noted_in: RegistryMark, subjects: &[Subject]) -> Self {
        Self { noted_in, covers: LookScope::Subjects(subjects.iter().copied().collect()) }
    }

    pub(super) fn at_everybody(noted_in: RegistryMark) -> Self {
        Self { noted_in, covers: LookScope::Everybody }
    }

    pub(super) fn at_file(noted_in: RegistryMark, file: &Sha256Hex) -> Self {
        Self { noted_in, covers: LookScope::File(file.clone()) }
    }
}

/// Leave to open sealed values for the registry's own work, of which nobody is shown a value: the rules that compare
/// numbers at an append, what a correction carries over, and the examination that holds each value against its digest.
/// Nobody looks, so nothing is noted; what is told of a comparison is noted where it is told. Only `registry/` and
/// `verify/` make one (`tests/tidy/house.rs`).
#[derive(Debug)]
pub struct OwnWork {
    made_here: (),
}

impl OwnWork {
    pub(crate) const fn new() -> Self {
        Self { made_here: () }
    }
}

/// What lets something sealed be opened.
#[derive(Clone, Copy, Debug)]
pub enum VaultPass<'a> {
    /// Somebody is shown it.
    Look(&'a Look),
    /// Nobody is.
    OwnWork(&'a OwnWork),
}

impl VaultPass<'_> {
    /// Whether it opens anything of this registry.
    #[must_use]
    pub fn is_of(self, registry: RegistryMark) -> bool {
        match self {
            Self::OwnWork(OwnWork { made_here: () }) => true,
            Self::Look(look) => look.noted_in == registry,
        }
    }

    /// Whether the sealed values of a subject may be read under it.
    #[must_use]
    pub fn covers(self, subject: Subject) -> bool {
        match self {
            Self::OwnWork(OwnWork { made_here: () }) => true,
            Self::Look(look) => match &look.covers {
                LookScope::Subjects(subjects) => subjects.contains(&subject),
                LookScope::Everybody => true,
                LookScope::File(_) => false,
            },
        }
    }

    /// Whether an attachment may be read under it.
    #[must_use]
    pub fn covers_file(self, file: &Sha256Hex) -> bool {
        match self {
            Self::OwnWork(OwnWork { made_here: () }) => true,
            Self::Look(look) => match &look.covers {
                LookScope::Subjects(_) | LookScope::Everybody => false,
                LookScope::File(own) => own == file,
            },
        }
    }
}

impl<'a> From<&'a Look> for VaultPass<'a> {
    fn from(look: &'a Look) -> Self {
        Self::Look(look)
    }
}

impl<'a> From<&'a OwnWork> for VaultPass<'a> {
    fn from(own: &'a OwnWork) -> Self {
        Self::OwnWork(own)
    }
}
