//! Why somebody entered or left a view from one day to the next, in words.

use jejak_projections::compare::CauseKind;

use super::language::Language;

/// What a cause is called; a day may follow it.
#[must_use]
pub fn cause_words(cause: CauseKind, language: Language) -> &'static str {
    let (id, en) = match cause {
        CauseKind::Registered => ("masuk registri", "entered in the register"),
        CauseKind::Moved => ("pindah wilayah", "moved to another area"),
        CauseKind::ProfileChanged => ("profil berubah", "profile changed"),
        CauseKind::Closed => ("tutup", "closed"),
        CauseKind::Reopened => ("buka kembali", "reopened"),
        CauseKind::Issued => ("sertifikat terbit", "certificate issued"),
        CauseKind::InForce => ("sertifikat mulai berlaku", "certificate came into force"),
        CauseKind::Renewed => ("sertifikat diperpanjang", "certificate renewed"),
        CauseKind::Suspended => ("sertifikat dibekukan", "certificate suspended"),
        CauseKind::Reinstated => ("sertifikat dipulihkan", "certificate reinstated"),
        CauseKind::Revoked => ("sertifikat dicabut", "certificate revoked"),
        CauseKind::Lapsed => ("sertifikat habis", "certificate lapsed"),
        CauseKind::EndingSoon => ("sertifikat segera berakhir", "certificate ends soon"),
        CauseKind::Enrolled => ("mendapat tempat", "given a place"),
        CauseKind::Waitlisted => ("masuk daftar tunggu", "put on the waiting list"),
        CauseKind::Withdrawn => ("mundur", "withdrew"),
        CauseKind::Attended => ("hadir", "present"),
        CauseKind::Absent => ("tercatat tidak hadir", "recorded as not present"),
        CauseKind::Completed => ("menuntaskan program", "completed a programme"),
        CauseKind::SessionPassed => ("hari sesi lewat", "session day passed"),
        CauseKind::Visited => ("dikunjungi pendamping", "visited by a mentor"),
        CauseKind::Assessed => ("dinilai", "assessed"),
        CauseKind::ExhibitionAnnounced => ("pameran diumumkan", "exhibition announced"),
        CauseKind::Exhibited => ("ikut pameran", "took part in an exhibition"),
        CauseKind::Reported => ("laporan masuk", "reported"),
        CauseKind::FacilityAdded => ("sarana bertambah", "facility added"),
        CauseKind::JoinedSentra => ("masuk sentra", "joined a sentra"),
        CauseKind::LeftSentra => ("keluar dari sentra", "left a sentra"),
        CauseKind::SentraChanged => ("sentra berkembang", "sentra developed"),
        CauseKind::ProgramOpened => ("program dibuka", "programme opened"),
        CauseKind::ProgramClosed => ("program ditutup", "programme closed"),
        CauseKind::SessionScheduled => ("sesi dijadwalkan", "session scheduled"),
        CauseKind::SessionCancelled => ("sesi dibatalkan", "session cancelled"),
        CauseKind::TargetSet => ("target ditetapkan", "target set"),
        CauseKind::DeclaredComplete => ("pencatatan dinyatakan lengkap", "recording declared complete"),
        CauseKind::Claimed => ("klaim dibuat", "claim made"),
        CauseKind::Checked => ("klaim diperiksa", "claim checked"),
        CauseKind::Recorded => ("dicatat", "recorded"),
        CauseKind::TimePassed => {
            ("waktu berlalu, tanpa peristiwa tentangnya", "time passed, no event about it")
        }
        CauseKind::Elsewhere => ("bukan oleh peristiwanya sendiri", "not by an event of its own"),
    };
    language.pick(id, en)
}
