//! Persons: artisans, owners, instructors, assessors (`docs/domain.md`, section 2; what a merge means, section 3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event_type;
use super::sentence::{because, said, with, with_message};
use crate::area::AreaCode;
use crate::fault::Message;
use crate::identity::{EventId, IkmId, PersonId, Subject, SubjectKind};
use crate::values::{Code, Nik, Phone, SealedText, Year};

/// Sex as attendance lists print it (`L/P`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Sex {
    /// Laki-laki.
    L,
    /// Perempuan.
    P,
}

event_type! {
    /// A person enters the register. `time`: the day of registration.
    PersonRegistered = "id.jejak.person.registered.v1" on &[SubjectKind::Person], Begins("registered"),
        called ["orang terdaftar", "person registered"];
    required {}
    optional {
        /// Kabupaten or kota of the person, in which what they do in their own name may be asked.
        area: AreaCode,
        /// The IKM the person works for; none for a beginner or somebody who looks for work.
        ikm: IkmId,
    }
    derived {}
    sealed {
        Personal optional "Year of birth." birth_year: Year,
        Personal optional "Whether the person has a disability." disability: bool,
        Personal required "Name." name: SealedText,
        Personal optional "Identity number." nik: Nik,
        Personal optional "Phone number." phone: Phone,
        Personal optional "Sex, L or P." sex: Sex,
    }
    says |data, call| {
        let at = data.ikm.map(|ikm| call.stream(Subject::Ikm(ikm)));
        let said = with(Message::new("terdaftar sebagai orang", "registered as a person"), " dari ", " of ", at);
        with(said, " di ", " in ", data.area.map(AreaCode::name))
    }
}

event_type! {
    /// What the register says of a person changes; what is not said stays as it was. `time`: the first day that the
    /// change holds.
    PersonProfileChanged = "id.jejak.person.profile_changed.v1" on &[SubjectKind::Person], Changes,
        called ["profil orang berubah", "profile of the person changed"];
    required {}
    optional {
        /// Kabupaten or kota of the person from then on.
        area: AreaCode,
        /// The IKM the person works for from then on.
        ikm: IkmId,
        /// Whether the person works for no IKM any more; not together with `ikm`.
        leaves_ikm: bool,
    }
    derived {}
    sealed {
        Personal optional "Year of birth." birth_year: Year,
        Personal optional "Whether the person has a disability." disability: bool,
        Personal optional "Name." name: SealedText,
        Personal optional "Identity number." nik: Nik,
        Personal optional "Phone number." phone: Phone,
        Personal optional "Sex, L or P." sex: Sex,
    }
    says |data, call| {
        let said = Message::new("profil berubah", "profile changed");
        let at = data.ikm.map(|ikm| call.stream(Subject::Ikm(ikm)));
        let said = with(said, ": kini dari ", ": now of ", at);
        let said = with(said, ": kini di ", ": now in ", data.area.map(AreaCode::name));
        match data.leaves_ikm {
            Some(true) => with_message(said, &Message::new(": tidak lagi dari IKM", ": no longer of an IKM")),
            _ => said,
        }
    }
}

event_type! {
    /// A person was registered twice: this stream counts as the other one, on every day that is asked
    /// about. `time`: the day it was found out.
    PersonMerged = "id.jejak.person.merged.v1" on &[SubjectKind::Person], Merges,
        called ["orang digabung", "person merged"];
    required {
        /// The person that it counts as.
        into: PersonId,
    }
    optional {
        /// Why.
        reason: Code,
    }
    derived {}
    sealed {}
    says |data, call| { because(
        said!(
            "terdaftar dua kali; sejak ini dihitung sebagai {into}",
            "was registered twice; counts as {into} from here on",
            into = call.stream(Subject::Person(data.into)),
        ),
        data.reason.as_ref(),
    ) }
}

event_type! {
    /// The data of a person are to be erased (UU PDP 27/2022, arts. 43-44). `time`: the day of the
    /// request.
    PersonErasureRequested = "id.jejak.person.erasure_requested.v1" on &[SubjectKind::Person], RequestsErasure,
        called ["penghapusan diminta", "erasure requested"];
    required {
        /// What the request rests on.
        basis: Code,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| { said!(
        "penghapusan data diminta ({basis})",
        "erasure of data requested ({basis})",
        basis = &data.basis,
    ) }
}

event_type! {
    /// The keys of a person's data were destroyed (UU PDP 27/2022, arts. 43-44). `time`: that day.
    PersonErased = "id.jejak.person.erased.v1" on &[SubjectKind::Person], Erased,
        called ["data pribadi orang dihapus", "personal data of the person erased"];
    required {
        /// The `person.erasure_requested` that it answers.
        request: EventId,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| { Message::new(
        "data pribadi dihapus: kuncinya dimusnahkan",
        "personal data erased: the keys were destroyed",
    ) }
}
