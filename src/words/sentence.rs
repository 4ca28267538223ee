//! What an event says, as a sentence in both languages. Pure.
//!
//! Every type has its sentence: the match below names all of them, so that a new type does not compile
//! without one. Open fields only; codes stay as they are recorded. Whose stream it is stands before the
//! sentence or over the page, not in it.

use std::fmt::Display;

use jejak_events::fault::Message;
use jejak_events::identity::{SessionId, Subject};
use jejak_events::time::{TimePrecision, ValidTime};
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::types::program::{SessionDay, Unit};
use jejak_events::types::{Data, FundingStage, Period};
use jejak_events::values::{Rupiah, SetOf};
use jejak_projections::claims::verdict_words;
use jejak_projections::views::releases::release_figure;

/// How a stream is called within a sentence.
pub type Calling<'a> = &'a dyn Fn(Subject) -> String;

/// A message of both texts with the same values in them.
macro_rules! said {
    ($id:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $( let $name = $value; )*
        Message::new(format!($id), format!($en))
    }};
}

/// What the facts of an event say.
#[must_use]
pub fn sentence(data: &Data, call: Calling<'_>) -> Message {
    match data {
        Data::IkmRegistered(data) => {
            let said = said!(
                "terdaftar sebagai IKM {commodity} di {area}, KBLI {kbli} ({year})",
                "registered as an IKM making {commodity} in {area}, KBLI {kbli} ({year})",
                commodity = &data.commodity,
                area = data.area.name(),
                kbli = &data.kbli.code,
                year = data.kbli.year.get(),
            );
            let owner = data.owner.map(|owner| call(Subject::Person(owner)));
            with(said, ", pemilik ", ", owner ", owner)
        }
        Data::IkmProfileChanged(data) => {
            let mut changed = Vec::new();
            changed.extend(data.area.map(|area| format!("area={}", area.name())));
            changed.extend(data.commodity.as_ref().map(|commodity| format!("commodity={commodity}")));
            changed.extend(data.founded.map(|founded| format!("founded={}", founded.get())));
            changed
                .extend(data.kbli.as_ref().map(|kbli| format!("kbli={} ({})", kbli.code, kbli.year.get())));
            changed.extend(data.owner.map(|owner| format!("owner={}", call(Subject::Person(owner)))));
            changed.extend(data.sole_proprietor.map(|sole| format!("sole_proprietor={sole}")));
            let said = Message::new("profil berubah", "profile changed");
            with(said, ": ", ": ", (!changed.is_empty()).then(|| changed.join(", ")))
        }
        Data::WorkforceReported(data) => said!(
            "melaporkan tenaga kerja untuk {period}",
            "reported its workforce for {period}",
            period = period(&data.period),
        ),
        Data::TurnoverReported(data) => said!(
            "melaporkan omzet untuk {period}",
            "reported its turnover for {period}",
            period = period(&data.period),
        ),
        Data::ShipmentReported(data) => {
            let said = said!(
                "mengirim barang HS {hs} ke {country}",
                "shipped goods HS {hs} to {country}",
                hs = &data.hs_code,
                country = &data.country,
            );
            with(said, ", dokumen ", ", papers ", data.papers.as_ref().map(list))
        }
        Data::IkmFacilityAdded(data) => {
            said!("mendapat fasilitas {kind}", "got the facility {kind}", kind = &data.kind)
        }
        Data::IkmClosed(data) => said!("tutup ({reason})", "closed ({reason})", reason = &data.reason),
        Data::IkmReopened(data) => because(Message::new("buka kembali", "reopened"), data.reason.as_ref()),
        Data::IkmMerged(data) => because(
            said!(
                "terdaftar dua kali; sejak ini dihitung sebagai {into}",
                "was registered twice; counts as {into} from here on",
                into = call(Subject::Ikm(data.into)),
            ),
            data.reason.as_ref(),
        ),
        Data::IkmErasureRequested(data) => said!(
            "penghapusan data pribadi diminta ({basis})",
            "erasure of personal data requested ({basis})",
            basis = &data.basis,
        ),
        Data::IkmErased(_) | Data::PersonErased(_) => Message::new(
            "data pribadi dihapus: kuncinya dimusnahkan",
            "personal data erased: the keys were destroyed",
        ),
        Data::PersonRegistered(data) => {
            let at = data.ikm.map(|ikm| call(Subject::Ikm(ikm)));
            with(Message::new("terdaftar sebagai orang", "registered as a person"), " dari ", " of ", at)
        }
        Data::PersonMerged(data) => because(
            said!(
                "terdaftar dua kali; sejak ini dihitung sebagai {into}",
                "was registered twice; counts as {into} from here on",
                into = call(Subject::Person(data.into)),
            ),
            data.reason.as_ref(),
        ),
        Data::PersonErasureRequested(data) => said!(
            "penghapusan data diminta ({basis})",
            "erasure of data requested ({basis})",
            basis = &data.basis,
        ),
        Data::EnrolmentMade(data) => {
            let said = said!(
                "mendapat tempat pada {program}",
                "got a place in {program}",
                program = call(Subject::Program(data.program)),
            );
            sending(said, data.group.as_ref(), data.persons.as_ref(), call)
        }
        Data::EnrolmentWaitlisted(data) => {
            let said = said!(
                "masuk daftar tunggu {program}",
                "was put on the waiting list of {program}",
                program = call(Subject::Program(data.program)),
            );
            sending(said, data.group.as_ref(), data.persons.as_ref(), call)
        }
        Data::EnrolmentPromoted(data) => {
            let said = said!(
                "naik dari daftar tunggu {program}",
                "got a place from the waiting list of {program}",
                program = call(Subject::Program(data.program)),
            );
            sending(said, data.group.as_ref(), data.persons.as_ref(), call)
        }
        Data::EnrolmentWithdrawn(data) => {
            let said = said!(
                "mundur dari {program} ({reason})",
                "left {program} ({reason})",
                program = call(Subject::Program(data.program)),
                reason = &data.reason,
            );
            sending(said, None::<&str>, data.persons.as_ref(), call)
        }
        Data::TrainingAttended(data) => {
            let status = match data.status {
                AttendanceStatus::Present => Message::new("hadir", "was present"),
                AttendanceStatus::Excused => Message::new("izin", "was excused"),
                AttendanceStatus::Absent => Message::new("tidak hadir", "was absent"),
            };
            let said = with_message(
                status,
                &said!(
                    " pada {program}, sesi {session}, {day}",
                    " at {program}, session {session}, {day}",
                    program = call(Subject::Program(data.program)),
                    session = short_session(data.session),
                    day = data.day,
                ),
            );
            let said = with(said, ": ", ": ", data.person.map(|person| call(Subject::Person(person))));
            let minutes = data.minutes.map(|minutes| minutes.get());
            match minutes {
                Some(minutes) => with_message(said, &said!(", {minutes} menit", ", {minutes} minutes")),
                None => said,
            }
        }
        Data::MentoringVisited(data) => {
            let said = said!(
                "didampingi {mentor} dalam {program}",
                "was visited by {mentor} for {program}",
                mentor = &data.mentor,
                program = call(Subject::Program(data.program)),
            );
            with(said, ", temuan ", ", findings ", data.findings.as_ref().map(list))
        }
        Data::AssessmentRecorded(data) => {
            let said = said!(
                "dinilai menurut {scheme} versi {version} dalam {program}: {verdict}",
                "was assessed by {scheme} version {version} for {program}: {verdict}",
                scheme = &data.scheme,
                version = data.scheme_version.get(),
                program = call(Subject::Program(data.program)),
                verdict = data.verdict.name(),
            );
            let assessor = data.assessor.map(|person| call(Subject::Person(person)));
            with(said, ", penilai ", ", assessor ", assessor)
        }
        Data::ProgramOpened(data) => {
            let unit = match data.unit {
                Unit::Ikm => Message::new("IKM", "IKMs"),
                Unit::Person => Message::new("orang", "persons"),
            };
            let said = said!(
                "dibuka oleh {organiser}: {title}, tema {theme}, di {area}, bagi ",
                "opened by {organiser}: {title}, theme {theme}, in {area}, for ",
                organiser = &data.organiser,
                title = &data.title,
                theme = &data.theme,
                area = data.area.name(),
            );
            let said = with_message(said, &unit);
            with(said, ", kuota ", ", quota ", data.quota.map(|quota| quota.get()))
        }
        Data::ProgramClosed(data) => because(Message::new("ditutup", "closed"), data.reason.as_ref()),
        Data::SessionScheduled(data) => {
            let said = said!(
                "sesi {session} dijadwalkan {days} di {venue}",
                "session {session} scheduled on {days} at {venue}",
                session = short_session(data.session),
                days = days(&data.days),
                venue = &data.venue,
            );
            let said = with(said, ", kelompok ", ", group ", data.group.as_ref());
            with(said, ", untuk ", ", for ", data.sentra.map(|sentra| call(Subject::Sentra(sentra))))
        }
        Data::SessionRescheduled(data) => {
            let said = said!(
                "sesi {session} dipindah ke {days}",
                "session {session} moved to {days}",
                session = short_session(data.session),
                days = days(&data.days),
            );
            with(said, " di ", " at ", data.venue.as_ref())
        }
        Data::SessionCancelled(data) => said!(
            "sesi {session} dibatalkan ({reason})",
            "session {session} cancelled ({reason})",
            session = short_session(data.session),
            reason = &data.reason,
        ),
        Data::SpendingReported(data) => {
            let said = money(data.stage, data.source.to_string(), Some(data.amount));
            with(said, ", tahun anggaran ", ", fiscal year ", data.fiscal_year.map(|year| year.get()))
        }
        Data::CertificateIssued(data) => {
            let said = said!(
                "sertifikat {scheme} diterbitkan {issuer} bagi {holder}, berlaku {from} sampai {to}",
                "{scheme} certificate issued by {issuer} to {holder}, valid {from} to {to}",
                scheme = &data.scheme,
                issuer = &data.issuer,
                holder = call(data.holder.subject()),
                from = data.valid_from,
                to = data.valid_to,
            );
            let standard = data.standard.as_ref().map(|one| format!("{}:{}", one.code, one.year.get()));
            with(said, ", standar ", ", standard ", standard)
        }
        Data::CertificateRenewed(data) => said!(
            "sertifikat diperpanjang bagi {holder}, berlaku {from} sampai {to}",
            "certificate renewed to {holder}, valid {from} to {to}",
            holder = call(data.holder.subject()),
            from = data.valid_from,
            to = data.valid_to,
        ),
        Data::CertificateSuspended(data) => {
            said!(
                "sertifikat dibekukan ({reason})",
                "certificate suspended ({reason})",
                reason = &data.reason
            )
        }
        Data::CertificateReinstated(data) => because(
            Message::new("pembekuan sertifikat dicabut", "suspension of the certificate lifted"),
            data.reason.as_ref(),
        ),
        Data::CertificateRevoked(data) => {
            said!("sertifikat dicabut ({reason})", "certificate revoked ({reason})", reason = &data.reason)
        }
        Data::ExhibitionAnnounced(data) => said!(
            "pameran {name} diumumkan: {from} sampai {to} di {venue}, {area}, tingkat {level}",
            "exhibition {name} announced: {from} to {to} at {venue}, {area}, level {level}",
            name = &data.name,
            from = data.from,
            to = data.to,
            venue = &data.venue,
            area = data.area.name(),
            level = &data.level,
        ),
        Data::ExhibitionJoined(data) => {
            let said = said!(
                "ikut pameran {exhibition}",
                "took part in the exhibition {exhibition}",
                exhibition = call(Subject::Exhibition(data.exhibition)),
            );
            let said = with(said, ", produk ", ", products ", data.products.as_ref().map(list));
            with(said, ", pengunjung ", ", visitors ", data.visitors.map(|visitors| visitors.get()))
        }
        Data::SentraPlanned(data) => said!(
            "sentra {name} direncanakan untuk {commodity} di {area}",
            "sentra {name} planned for {commodity} in {area}",
            name = &data.name,
            commodity = &data.commodity,
            area = data.area.name(),
        ),
        Data::SentraFunded(data) => {
            let said = money(data.stage, data.source.to_string(), data.amount);
            with(said, ", tahun anggaran ", ", fiscal year ", data.fiscal_year.map(|year| year.get()))
        }
        Data::SentraBuilt(_) => Message::new("sentra selesai dibangun", "buildings of the sentra finished"),
        Data::SentraOpened(_) => Message::new("sentra dibuka", "sentra opened"),
        Data::SentraFacilityAdded(data) => {
            said!("sentra mendapat fasilitas {kind}", "sentra got the facility {kind}", kind = &data.kind)
        }
        Data::SentraLegalFormRecorded(data) => {
            said!("sentra berbentuk {form}", "sentra given the legal form {form}", form = &data.form)
        }
        Data::SentraMemberJoined(data) => said!(
            "menjadi anggota {sentra}",
            "became a member of {sentra}",
            sentra = call(Subject::Sentra(data.sentra)),
        ),
        Data::SentraMemberLeft(data) => because(
            said!(
                "keluar dari {sentra}",
                "is a member of {sentra} no longer",
                sentra = call(Subject::Sentra(data.sentra)),
            ),
            data.reason.as_ref(),
        ),
        Data::PopulationReported(data) => {
            let said = said!(
                "jumlah IKM {commodity} menurut {source}",
                "number of IKMs making {commodity} according to {source}",
                commodity = &data.commodity,
                source = &data.source,
            );
            let said = with(said, ", kecil ", ", kecil ", data.kecil.map(|count| count.get()));
            let said = with(said, ", menengah ", ", menengah ", data.menengah.map(|count| count.get()));
            with(said, ", seluruhnya ", ", in all ", data.total.map(|count| count.get()))
        }
        Data::CoverageDeclared(data) => {
            let what = data.program.map(|program| call(Subject::Program(program)));
            let what = what.or_else(|| data.theme.as_ref().map(|theme| format!("theme={theme}")));
            let said = said!(
                "pencatatan dinyatakan lengkap sampai {through}",
                "recording declared complete through {through}",
                through = data.through,
            );
            with(said, ", untuk ", ", for ", what)
        }
        Data::FiguresReleased(data) => {
            let mut said = said!(
                "jumlah untuk {from} sampai {to} diterbitkan, diketahui {known} peristiwa",
                "sums for {from} to {to} released, {known} events known",
                from = data.period.from,
                to = data.period.to,
                known = data.log_size.get(),
            );
            for cell in data.cells.iter() {
                let sum = cell.sum.map(|sum| sum.get().to_string());
                let (id, en) = (sum.as_deref().unwrap_or("ditahan"), sum.as_deref().unwrap_or("withheld"));
                let ikms = cell.ikms.get();
                let title = release_figure(&cell.figure).map(|figure| figure.title);
                let [of, of_en] = title.map_or([&*cell.figure; 2], |title| [title.id, title.en]);
                let told = Message::new(
                    format!("; {of} {id} ({ikms} IKM)"),
                    format!("; {of_en} {en} ({ikms} {})", if ikms == 1 { "IKM" } else { "IKMs" }),
                );
                said = with_message(said, &told);
            }
            said
        }
        Data::ClaimMade(data) => {
            let said = said!(
                "klaim {publisher} dalam {document}: {claim}",
                "claim of {publisher} in {document}: {claim}",
                publisher = &data.publisher,
                document = &data.document,
                claim = &data.claim,
            );
            let unit = data.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
            let value = data.value.map(|value| format!("{}{unit}", value.get()));
            with(said, "; angka ", "; figure ", value)
        }
        Data::ClaimChecked(data) => {
            let words = verdict_words(data.verdict);
            let verdict = Message::new(words.id, words.en);
            let said = with_message(Message::new("klaim diperiksa: ", "claim checked: "), &verdict);
            let counted = data.count.as_ref().and_then(|count| count.counted);
            let said = with(said, ", terhitung ", ", counted ", counted.map(|counted| counted.get()));
            let view = data.count.as_ref().map(|count| format!("{} v{}", count.view, count.version.get()));
            let said = with(said, " menurut tampilan ", " by the view ", view);
            let place = said!(
                ", untuk {on}, diketahui {known} peristiwa",
                ", for {on}, {known} events known",
                on = data.on,
                known = data.as_known.get(),
            );
            with_message(said, &place)
        }
        Data::RegistryOpened(data) => said!(
            "registri {origin} dibuka, format {format}, aturan {rules}",
            "registry {origin} opened, format {format}, rules {rules}",
            origin = &data.origin,
            format = &data.format,
            rules = data.rules.get(),
        ),
        Data::RulesAdopted(data) => with(
            said!("aturan {rules} berlaku", "rules {rules} adopted", rules = data.rules.get()),
            ", dasar ",
            ", basis ",
            data.basis.as_ref(),
        ),
        Data::KeyIntroduced(data) => with(
            said!(
                "kunci {purpose} baru {vkey}",
                "new {purpose} key {vkey}",
                purpose = data.purpose.name(),
                vkey = &data.vkey,
            ),
            ", dasar ",
            ", basis ",
            data.basis.as_ref(),
        ),
        Data::EventCorrected(data) => by(
            said!("dikoreksi ({reason})", "corrected ({reason})", reason = &data.reason),
            data.authority.as_ref(),
        ),
        Data::EventRetracted(data) => by(
            said!("ditarik ({reason})", "retracted ({reason})", reason = &data.reason),
            data.authority.as_ref(),
        ),
        Data::EvidenceRedacted(data) => by(
            said!(
                "berkas bukti {file} dibuat tak terbaca ({reason})",
                "evidence file {file} made unreadable ({reason})",
                file = data.file.get(..8).unwrap_or_default(),
                reason = &data.reason,
            ),
            data.authority.as_ref(),
        ),
    }
}

/// The day it happened, as exactly as it is known.
#[must_use]
pub fn happened(time: ValidTime) -> String {
    let text = time.to_string();
    let length = match time.precision() {
        TimePrecision::Year => "2025".len(),
        TimePrecision::Month => "2025-10".len(),
        TimePrecision::Day => "2025-10-08".len(),
        TimePrecision::Instant => text.len(),
    };
    text.get(..length).unwrap_or(&text).to_owned()
}

/// The first characters of an identifier, enough to find it again.
#[must_use]
pub fn short_id(id: &str) -> String {
    id.get(..8).unwrap_or(id).to_owned()
}

fn short_session(session: SessionId) -> String {
    short_id(&session.to_string())
}

fn with(said: Message, id: &str, en: &str, value: Option<impl Display>) -> Message {
    match value {
        Some(value) => Message::new(format!("{}{id}{value}", said.id), format!("{}{en}{value}", said.en)),
        None => said,
    }
}

fn with_message(said: Message, more: &Message) -> Message {
    Message::new(format!("{}{}", said.id, more.id), format!("{}{}", said.en, more.en))
}

fn because(said: Message, reason: Option<impl Display>) -> Message {
    let reason = reason.map(|reason| format!("({reason})"));
    with(said, " ", " ", reason)
}

fn by(said: Message, authority: Option<impl Display>) -> Message {
    with(said, " oleh ", " by ", authority)
}

fn sending(
    said: Message,
    group: Option<impl Display>,
    persons: Option<&SetOf<jejak_events::identity::PersonId>>,
    call: Calling<'_>,
) -> Message {
    let said = with(said, ", kelompok ", ", group ", group);
    let persons = persons
        .map(|persons| persons.iter().map(|one| call(Subject::Person(*one))).collect::<Vec<_>>().join(", "));
    with(said, ": ", ": ", persons)
}

fn money(stage: FundingStage, source: String, amount: Option<Rupiah>) -> Message {
    let said = match stage {
        FundingStage::Planned => said!("dana {source} direncanakan", "money from {source} planned"),
        FundingStage::Allocated => said!("dana {source} dianggarkan", "money from {source} allocated"),
        FundingStage::Realised => said!("dana {source} dibelanjakan", "money from {source} spent"),
    };
    with(said, ": ", ": ", amount.map(rupiah))
}

/// `Rp1.500.000`, as Indonesian offices write it.
fn rupiah(amount: Rupiah) -> String {
    let digits = amount.get().to_string();
    let mut grouped = String::from("Rp");
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

fn period(period: &Period) -> String {
    format!("{}..{}", period.from, period.to)
}

fn list<T: Display>(values: &SetOf<T>) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn days(days: &[SessionDay]) -> String {
    days.iter().map(|day| day.date.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jejak_events::types::TYPES;
    use serde_json::Value;

    use super::*;

    /// The facts of the golden files, which have every type with all and with only its required fields.
    fn golden(name: &str, variant: &str) -> Data {
        let path = format!("{}/events/golden/{name}.{variant}.json", env!("CARGO_MANIFEST_DIR"));
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let record: Value = serde_json::from_str(file["record"].as_str().unwrap()).unwrap();
        Data::from_json(name, &record["data"].to_string()).unwrap().unwrap()
    }

    #[test]
    fn every_type_has_a_sentence_of_its_own_in_both_languages() {
        let call = |subject: Subject| subject.kind().name().to_owned();
        let mut said = BTreeSet::new();
        for declaration in TYPES {
            let full = sentence(&golden(declaration.name, "full"), &call);
            let minimal = sentence(&golden(declaration.name, "minimal"), &call);
            for message in [&full, &minimal] {
                for text in [&message.id, &message.en] {
                    assert!(!text.is_empty() && !text.contains("  "), "{}: {text:?}", declaration.name);
                    assert!(!text.ends_with([' ', ':', ',']), "{}: {text:?}", declaration.name);
                }
                assert_ne!(message.id, message.en, "{}", declaration.name);
            }
            assert!(full.id.len() >= minimal.id.len(), "{}", declaration.name);
            said.insert(full.id);
        }
        // What is said of an erased IKM is said of an erased person.
        assert_eq!(said.len(), TYPES.len() - 1, "{said:#?}");
    }

    #[test]
    fn an_attendance_says_whether_somebody_came() {
        let call = |subject: Subject| subject.kind().name().to_owned();
        let Data::TrainingAttended(mut attended) = golden("id.jejak.training.attended.v1", "minimal") else {
            panic!("not an attendance")
        };
        let mut heard = crate::said::Said::new("attendances");
        for (status, id, en) in [
            (AttendanceStatus::Present, "hadir pada program, sesi ", "was present at program, session "),
            (AttendanceStatus::Excused, "izin pada program, sesi ", "was excused at program, session "),
            (AttendanceStatus::Absent, "tidak hadir pada program, sesi ", "was absent at program, session "),
        ] {
            attended.status = status;
            let said = sentence(&Data::TrainingAttended(attended.clone()), &call);
            assert!(said.id.starts_with(id) && said.en.starts_with(en), "{said:?}");
            heard.take(&format!("{status:?}"), said);
        }
        heard.check();
    }

    #[test]
    fn money_is_written_as_offices_write_it() {
        for (amount, text) in [(0, "Rp0"), (950, "Rp950"), (1_500_000, "Rp1.500.000"), (100_000, "Rp100.000")]
        {
            assert_eq!(rupiah(Rupiah::new(amount).unwrap()), text);
        }
    }
}
