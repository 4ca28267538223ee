//! Certificates.
//!
//! A closed IKM is given none and renews none. What its issuer does with one that it holds (suspends, reinstates,
//! revokes) is no act of the IKM, and is recorded whenever it happens.

use crate::rules::precedents::CodeList;
use crate::rules::state::{FactsInForce, Put, id};
use jejak_events::fault::Refusal;
use jejak_events::identity::{CertificateId, Subject};
use jejak_events::types::Holder;
use jejak_events::types::certificate::{
    CertificateIssued, CertificateReinstated, CertificateRenewed, CertificateRevoked, CertificateSuspended,
};
use jejak_events::values::Date;

use super::{Judgement, active_ikm, known_person, known_program, open_ikm, too_early};
use crate::rules::state::{CertificateStep as Step, State};
use crate::rules::timeline::Moment;

pub(super) fn issued(state: &State, at: Moment, id: CertificateId, data: &CertificateIssued) -> Judgement {
    if let Some(first) = issue_of(state, id) {
        let index = first.index;
        refuse!(
            "issued_once",
            "subject",
            "sertifikat {id} sudah diterbitkan pada indeks {index}",
            "certificate {id} was already issued at index {index}"
        );
    }
    runs_forward(data.valid_from, data.valid_to)?;
    if let Some(program) = data.program {
        // It may have closed since: bodies assess and certify later.
        known_program(state, at, program, "data.program")?;
    }
    match &data.holder {
        Holder::Ikm { ikm } | Holder::Product { ikm, .. } => {
            active_ikm(state, at, *ikm).map_err(|refusal| refusal.at("data.holder.ikm"))
        }
        Holder::Person { person } => known_person(state, at, *person, "data.holder.person"),
    }
}

pub(super) fn suspended(state: &State, at: Moment, id: CertificateId) -> Judgement {
    let now = standing(state, at, id)?;
    if let Some(since) = now.suspended {
        let index = since.index;
        refuse!(
            "suspended_already",
            "subject",
            "sertifikat {id} sudah dibekukan pada indeks {index}",
            "certificate {id} was already suspended at index {index}"
        );
    }
    Ok(())
}

pub(super) fn reinstated(state: &State, at: Moment, id: CertificateId) -> Judgement {
    let now = standing(state, at, id)?;
    if now.suspended.is_none() {
        let date = at.date;
        refuse!(
            "not_suspended",
            "subject",
            "sertifikat {id} tidak dibekukan pada {date}; tidak ada yang dipulihkan",
            "certificate {id} is not suspended on {date}; there is nothing to reinstate"
        );
    }
    Ok(())
}

pub(super) fn renewed(state: &State, at: Moment, id: CertificateId, data: &CertificateRenewed) -> Judgement {
    let now = standing(state, at, id)?;
    // The number of the renewal is sealed for the holder that is named here.
    let (holder, given) = (now.holder, data.holder.subject());
    if holder != given {
        refuse!(
            "other_holder",
            "data.holder",
            "sertifikat {id} dipegang {holder}, bukan {given}; terbitkan sertifikat baru untuk pemegang lain",
            "certificate {id} is held by {holder}, not {given}; issue a new certificate to another holder"
        );
    }
    if let Subject::Ikm(ikm) = holder {
        // Of the one that the holder counts as, for a merged IKM works under that name.
        let working = state.merged_ikms.survivor(ikm, at.index);
        open_ikm(state, at, working).map_err(|refusal| refusal.at("data.holder.ikm"))?;
    }
    runs_forward(data.valid_from, data.valid_to)?;
    let (until, to) = (now.valid_to, data.valid_to);
    if to <= until {
        refuse!(
            "renewed_shorter",
            "data.valid_to",
            "sertifikat {id} sudah berlaku sampai {until}; perpanjangan sampai {to} tidak menambah apa pun",
            "certificate {id} is valid until {until} already; renewing it until {to} adds nothing"
        );
    }
    Ok(())
}

pub(super) fn revoked(state: &State, at: Moment, id: CertificateId) -> Judgement {
    // Revoked for good: also where the other revocation is of a later day.
    let revoked = state.certificates.get(&id).and_then(|steps| steps.first(|step| *step == Step::Revoked));
    if let Some(first) = revoked {
        let index = first.index;
        refuse!(
            "revoked_once",
            "subject",
            "sertifikat {id} sudah dicabut pada indeks {index}",
            "certificate {id} was already revoked at index {index}"
        );
    }
    standing(state, at, id).map(drop)
}

fn runs_forward(from: Date, to: Date) -> Judgement {
    if from > to {
        refuse!(
            "validity_backward",
            "data.valid_to",
            "masa berlaku {from} sampai {to} berjalan mundur",
            "the validity from {from} to {to} runs backward"
        );
    }
    Ok(())
}

/// How a certificate stands that was issued and not revoked.
struct CertificateStanding {
    holder: Subject,
    valid_to: Date,
    suspended: Option<Moment>,
}

fn issue_of(state: &State, id: CertificateId) -> Option<Moment> {
    state.certificates.get(&id)?.first(|step| matches!(step, Step::Issued(..)))
}

fn standing(state: &State, at: Moment, id: CertificateId) -> Result<CertificateStanding, Refusal> {
    let Some(issued) = issue_of(state, id) else {
        refuse!(
            "not_issued",
            "subject",
            "sertifikat {id} belum diterbitkan; catat certificate.issued dahulu",
            "certificate {id} was not issued; record certificate.issued first"
        )
    };
    if issued > at {
        return Err(too_early(
            "not_issued",
            &format!("sertifikat {id} baru diterbitkan"),
            &format!("certificate {id} was issued"),
            issued,
            at,
        ));
    }
    let mut standing =
        CertificateStanding { holder: Subject::Certificate(id), valid_to: issued.date, suspended: None };
    for (moment, step) in state.certificates.get(&id).into_iter().flat_map(|steps| steps.before(at)) {
        match *step {
            Step::Issued(to, holder) => (standing.valid_to, standing.holder) = (to, holder),
            Step::Renewed(to) => standing.valid_to = to,
            Step::Suspended => standing.suspended = Some(moment),
            Step::Reinstated => standing.suspended = None,
            Step::Revoked => {
                let since = moment.date;
                refuse!(
                    "revoked",
                    "subject",
                    "sertifikat {id} dicabut sejak {since}; terbitkan sertifikat baru",
                    "certificate {id} is revoked since {since}; issue a new certificate"
                )
            }
        }
    }
    Ok(standing)
}

impl FactsInForce for CertificateIssued {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let issued = Step::Issued(self.valid_to, self.holder.subject());
        put.step(&mut state.certificates, id(stream)?, issued);
        state.precedents.count(CodeList::Schemes, &self.scheme, put.add);
        Some(())
    }
}

impl FactsInForce for CertificateRenewed {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put.step(&mut state.certificates, id(stream)?, Step::Renewed(self.valid_to));
        Some(())
    }
}

macro_rules! put_as {
    ($( $name:ty => $step:ident, )*) => {
        $( impl FactsInForce for $name {
            fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
                put.step(&mut state.certificates, id(stream)?, Step::$step);
                Some(())
            }
        } )*
    };
}
put_as! {
    CertificateSuspended => Suspended,
    CertificateReinstated => Reinstated,
    CertificateRevoked => Revoked,
}
