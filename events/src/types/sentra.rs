//! Sentras (clusters of IKMs of one trade in one place) and the IKMs that belong to them (`docs/domain.md`,
//! sections 1 and 2).

use super::sentence::{because, money, said, with};
use super::{FundingStage, event_type};
use crate::area::AreaCode;
use crate::fault::Message;
use crate::identity::{SentraId, Subject, SubjectKind};
use crate::values::{Code, Rupiah, Text, Year};

event_type! {
    /// A sentra is planned. `time`: the day of the plan.
    SentraPlanned = "id.jejak.sentra.planned.v1" on &[SubjectKind::Sentra], Begins("planned"),
        called ["sentra direncanakan", "sentra planned"];
    required {
        /// Where it is to stand.
        area: AreaCode,
        /// What its IKMs make, such as `batik`.
        commodity: Code,
        /// Name, without names of persons.
        name: Text,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| { said!(
        "sentra {name} direncanakan untuk {commodity} di {area}",
        "sentra {name} planned for {commodity} in {area}",
        name = &data.name,
        commodity = &data.commodity,
        area = data.area.name(),
    ) }
}

event_type! {
    /// Money for a sentra, added to what was recorded of its stage before. `time`: the day that it reached
    /// its stage.
    SentraFunded = "id.jejak.sentra.funded.v1" on &[SubjectKind::Sentra], Reports,
        called ["dana sentra", "money of the sentra"];
    required {
        /// Source, such as `dak_fisik`, `apbd`, as it was claimed: DAK fisik and nonfisik are often
        /// confused.
        source: Code,
        /// How far it has come.
        stage: FundingStage,
    }
    optional {
        /// How much, in rupiah.
        amount: Rupiah,
        /// Fiscal year.
        fiscal_year: Year,
    }
    derived {}
    sealed {}
    says |data, call| {
        let said = money(data.stage, data.source.to_string(), data.amount);
        with(said, ", tahun anggaran ", ", fiscal year ", data.fiscal_year.map(|year| year.get()))
    }
}

event_type! {
    /// The buildings of a sentra stand. `time`: the day they were finished.
    SentraBuilt = "id.jejak.sentra.built.v1" on &[SubjectKind::Sentra], Advances("built"),
        called ["bangunan sentra selesai", "buildings of the sentra finished"];
    required {}
    optional {}
    derived {}
    sealed {}
    says |data, call| { Message::new("sentra selesai dibangun", "buildings of the sentra finished") }
}

event_type! {
    /// A sentra opens. `time`: its first day.
    SentraOpened = "id.jejak.sentra.opened.v1" on &[SubjectKind::Sentra], Advances("opened"),
        called ["sentra dibuka", "sentra opened"];
    required {}
    optional {}
    derived {}
    sealed {}
    says |data, call| { Message::new("sentra dibuka", "sentra opened") }
}

event_type! {
    /// A sentra gets a facility. `time`: the first day that it can be used.
    SentraFacilityAdded = "id.jejak.sentra.facility_added.v1" on &[SubjectKind::Sentra], Reports,
        called ["sarana sentra", "facility of the sentra"];
    required {
        /// Kind of facility, such as `ipal` (waste-water plant).
        kind: Code,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| {
        said!("sentra mendapat fasilitas {kind}", "sentra got the facility {kind}", kind = &data.kind)
    }
}

event_type! {
    /// A sentra is given a legal form. `time`: the first day that it has it.
    SentraLegalFormRecorded = "id.jejak.sentra.legal_form_recorded.v1" on &[SubjectKind::Sentra], Reports,
        called ["badan hukum sentra", "legal form of the sentra"];
    required {
        /// The form, such as `cooperative`.
        form: Code,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| {
        said!("sentra berbentuk {form}", "sentra given the legal form {form}", form = &data.form)
    }
}

event_type! {
    /// An IKM becomes a member of a sentra. `time`: its first day as one.
    SentraMemberJoined = "id.jejak.sentra.member_joined.v1" on &[SubjectKind::Ikm], Joins,
        called ["anggota sentra masuk", "member of the sentra joined"];
    required {
        /// The sentra.
        sentra: SentraId,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| { said!(
        "menjadi anggota {sentra}",
        "became a member of {sentra}",
        sentra = call.stream(Subject::Sentra(data.sentra)),
    ) }
}

event_type! {
    /// An IKM is a member of a sentra no longer. `time`: the first day that it is none.
    SentraMemberLeft = "id.jejak.sentra.member_left.v1" on &[SubjectKind::Ikm], Leaves,
        called ["anggota sentra keluar", "member of the sentra left"];
    required {
        /// The sentra.
        sentra: SentraId,
    }
    optional {
        /// Why.
        reason: Code,
    }
    derived {}
    sealed {}
    says |data, call| { because(
        said!(
            "keluar dari {sentra}",
            "is a member of {sentra} no longer",
            sentra = call.stream(Subject::Sentra(data.sentra)),
        ),
        data.reason.as_ref(),
    ) }
}
