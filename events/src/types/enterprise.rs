//! How an IKM goes on after its registration: profile, reports, shipments, facilities, end, erasure
//! (`docs/domain.md`, section 2; what a merge means, section 3).

use super::ikm::Kbli;
use super::sentence::{because, list, period, said, with, with_message, with_words};
use super::{Period, Scaled, event_type};
use crate::area::AreaCode;
use crate::fault::Message;
use crate::identity::{EventId, IkmId, PersonId, Subject, SubjectKind};
use crate::values::{Code, Count, CountryCode, DistrictCode, HsCode, Nib, Rupiah, SealedText, SetOf, Year};

event_type! {
    /// What the register says of an IKM changes; what is not said stays as it was. `time`: the first
    /// day that the change holds.
    IkmProfileChanged = "id.jejak.ikm.profile_changed.v1" on &[SubjectKind::Ikm], Changes,
        called ["profil berubah", "profile changed"];
    required {}
    optional {
        /// Kabupaten or kota it moved to.
        area: AreaCode,
        /// What it makes now.
        commodity: Code,
        /// District (kecamatan) within the area, which is given with it; a new area without one leaves it unknown.
        district: DistrictCode,
        /// Year of foundation.
        founded: Year,
        /// Industry class.
        kbli: Kbli,
        /// The owner, where recorded as a person.
        owner: PersonId,
        /// Whether enterprise and owner are one person in law: erasing the owner then erases it too, and later what was said of that time.
        sole_proprietor: bool,
    }
    derived {
        /// Size classes after the change, each with its rule, from the workers and the investment given
        /// here.
        scales: SetOf<Scaled>,
    }
    sealed {
        Confidential optional "Investment in rupiah, without land and buildings." investment: Rupiah,
        Personal optional "Name of the enterprise." name: SealedText,
        Personal optional "Business number." nib: Nib,
        Personal optional "Village (kelurahan or desa)." village: SealedText,
        Confidential optional "Number of workers." workers: Count,
    }
    says |data, call| {
        let mut changed = Message::new("", "");
        let mut add = |id: &str, en: &str, value: Option<Message>| {
            let comma = if changed.id.is_empty() { ": " } else { ", " };
            let (id, en) = (format!("{comma}{id} "), format!("{comma}{en} "));
            changed = with_words(changed.clone(), &id, &en, value.as_ref());
        };
        let same = |text: String| Message::new(text.clone(), text);
        add("wilayah", "area", data.area.map(|area| same(area.name().to_owned())));
        add("kecamatan", "district", data.district.as_ref().map(|one| same(one.called())));
        add("komoditas", "commodity", data.commodity.as_ref().map(|one| same(one.to_string())));
        add("tahun berdiri", "founded", data.founded.map(|founded| same(founded.get().to_string())));
        add("KBLI", "KBLI", data.kbli.as_ref().map(|kbli| same(format!("{} ({})", kbli.code, kbli.year.get()))));
        add("pemilik", "owner", data.owner.map(|owner| same(call.stream(Subject::Person(owner)))));
        let yes = |yes| if yes { Message::new("ya", "yes") } else { Message::new("tidak", "no") };
        add("usaha perorangan", "sole proprietor", data.sole_proprietor.map(yes));
        with_message(Message::new("profil berubah", "profile changed"), &changed)
    }
}

event_type! {
    /// An IKM reports its workforce, in counts of workers and never in names. `time`: the day of the
    /// report.
    WorkforceReported = "id.jejak.ikm.workforce_reported.v1" on &[SubjectKind::Ikm], Reports,
        called ["tenaga kerja dilaporkan", "workforce reported"];
    required {
        /// The days that the counts are about.
        period: Period,
    }
    optional {}
    derived {}
    sealed {
        Confidential optional "Workers insured with BPJS Kesehatan." bpjs_kesehatan: Count,
        Confidential optional "Workers insured with BPJS Ketenagakerjaan." bpjs_ketenagakerjaan: Count,
        Confidential optional "Workers older than 60 years." over_60: Count,
        Confidential optional "Workers younger than 35 years." under_35: Count,
        Confidential optional "Workers who are women." women: Count,
        Confidential required "Number of workers." workers: Count,
    }
    says |data, call| { said!(
        "melaporkan tenaga kerja untuk {period}",
        "reported its workforce for {period}",
        period = period(&data.period),
    ) }
}

event_type! {
    /// An IKM reports its turnover. `time`: the day of the report.
    TurnoverReported = "id.jejak.ikm.turnover_reported.v1" on &[SubjectKind::Ikm], Reports,
        called ["omzet dilaporkan", "turnover reported"];
    required {
        /// The days in which it was earned.
        period: Period,
    }
    optional {}
    derived {}
    sealed {
        Confidential required "Turnover in rupiah." turnover: Rupiah,
    }
    says |data, call| { said!(
        "melaporkan omzet untuk {period}",
        "reported its turnover for {period}",
        period = period(&data.period),
    ) }
}

event_type! {
    /// An IKM ships goods abroad. `time`: the day they left.
    ShipmentReported = "id.jejak.ikm.shipment_reported.v1" on &[SubjectKind::Ikm], Reports,
        called ["pengiriman dilaporkan", "shipment reported"];
    required {
        /// Where they went.
        country: CountryCode,
        /// What they are.
        hs_code: HsCode,
    }
    optional {
        /// Kinds of papers that went with them: `invoice`, `packing_list`, `bill_of_lading`, `peb`,
        /// `certificate_of_origin`, `insurance`, ...
        papers: SetOf<Code>,
    }
    derived {}
    sealed {
        Confidential optional "Value of the goods in rupiah." value: Rupiah,
    }
    says |data, call| {
        let said = said!(
            "mengirim barang HS {hs} ke {country}",
            "shipped goods HS {hs} to {country}",
            hs = &data.hs_code,
            country = &data.country,
        );
        with(said, ", dokumen ", ", papers ", data.papers.as_ref().map(list))
    }
}

event_type! {
    /// An IKM gets a facility. `time`: the first day that it can be used.
    IkmFacilityAdded = "id.jejak.ikm.facility_added.v1" on &[SubjectKind::Ikm], Reports,
        called ["sarana IKM", "facility of the IKM"];
    required {
        /// Kind of facility, such as `ipal` (waste-water plant).
        kind: Code,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| {
        said!("mendapat fasilitas {kind}", "got the facility {kind}", kind = &data.kind)
    }
}

event_type! {
    /// An IKM stops working. `time`: the first day that it does not work.
    IkmClosed = "id.jejak.ikm.closed.v1" on &[SubjectKind::Ikm], Ends("closed"),
        called ["usaha ditutup", "IKM closed"];
    required {
        /// Why.
        reason: Code,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| { said!("tutup ({reason})", "closed ({reason})", reason = &data.reason) }
}

event_type! {
    /// A closed IKM works again. `time`: the first day that it does.
    IkmReopened = "id.jejak.ikm.reopened.v1" on &[SubjectKind::Ikm], Resumes("active"),
        called ["usaha dibuka kembali", "IKM opened again"];
    required {}
    optional {
        /// Why.
        reason: Code,
    }
    derived {}
    sealed {}
    says |data, call| { because(Message::new("buka kembali", "reopened"), data.reason.as_ref()) }
}

event_type! {
    /// An IKM was registered twice: this stream counts as the other one, on every day that is asked
    /// about. `time`: the day it was found out.
    IkmMerged = "id.jejak.ikm.merged.v1" on &[SubjectKind::Ikm], Merges,
        called ["IKM digabung", "IKM merged"];
    required {
        /// The IKM that it counts as.
        into: IkmId,
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
            into = call.stream(Subject::Ikm(data.into)),
        ),
        data.reason.as_ref(),
    ) }
}

event_type! {
    /// The personal data of an IKM are to be erased (UU PDP 27/2022, arts. 43-44). `time`: the day of
    /// the request.
    IkmErasureRequested = "id.jejak.ikm.erasure_requested.v1" on &[SubjectKind::Ikm], RequestsErasure,
        called ["penghapusan diminta", "erasure requested"];
    required {
        /// What the request rests on.
        basis: Code,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| { said!(
        "penghapusan data pribadi diminta ({basis})",
        "erasure of personal data requested ({basis})",
        basis = &data.basis,
    ) }
}

event_type! {
    /// The keys of an IKM's personal data were destroyed (UU PDP 27/2022, arts. 43-44). `time`: that
    /// day.
    IkmErased = "id.jejak.ikm.erased.v1" on &[SubjectKind::Ikm], Erased,
        called ["data pribadi IKM dihapus", "personal data of the IKM erased"];
    required {
        /// The `ikm.erasure_requested` that it answers.
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
