//! What figures are called, for people. Their names stay what one asks with.

use jejak_events::fault::Message;
use jejak_projections::answer::{Figure, FigureUnit, Words};
use jejak_projections::views::{FigureDeclaration, VIEWS};

use super::language::{self, Language, hundredths, number, unit, unit_of};

/// Name, Indonesian, English.
type FigureName = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const TITLES: &[FigureName] = &[
    ("all_held", "terselenggara, semuanya", "held, all"),
    ("all_planned", "direncanakan, semuanya", "planned, all"),
    ("amendments", "koreksi dan pembatalan", "that correct or retract"),
    ("assessed", "dinilai", "assessed"),
    ("assessed_after", "dinilai sesudah tuntas", "assessed after completing"),
    ("assessments_overdue", "penilaian terlambat", "assessments overdue"),
    ("attendance_due", "sesi yang sudah berlangsung", "due"),
    ("attendance_present", "sesi yang dihadiri", "attended"),
    ("beginners_enrolled", "mendapat tempat", "given a place"),
    ("beginners_registered", "lalu mendaftarkan IKM", "then registered an IKM"),
    ("beginners_trained", "tuntas", "completed"),
    ("certificates_ending_180_days", "berakhir dalam 180 hari", "ending within 180 days"),
    ("certificates_ending_30_days", "berakhir dalam 30 hari", "ending within 30 days"),
    ("certificates_expiring", "berakhir dalam 90 hari", "ending within 90 days"),
    ("certificates_issued", "terbit", "issued"),
    ("certificates_lapsed", "berakhir", "lapsed"),
    ("certificates_reinstated", "dipulihkan", "reinstated"),
    ("certificates_renewed", "diperpanjang", "renewed"),
    ("certificates_revoked", "dicabut", "revoked"),
    ("certificates_suspended", "dibekukan", "suspended"),
    ("certified", "bersertifikat", "certified"),
    ("certified_after", "bersertifikat sesudah tuntas", "certified after completing"),
    ("certified_per_hundred", "bersertifikat", "certified"),
    ("certified_persons", "bersertifikat", "certified"),
    ("certified_products", "bersertifikat", "certified"),
    ("check_counted", "terhitung saat diperiksa", "counted by the check"),
    ("checks", "pemeriksaan", "checks"),
    ("claim_counted", "terhitung", "counted"),
    ("claim_reported", "menurut klaim", "by the claim"),
    ("claims", "tercatat", "recorded"),
    ("claims_checked", "sudah diperiksa", "checked"),
    ("coverage_population", "semuanya", "in all"),
    ("coverage_registered", "terdaftar", "registered"),
    ("coverage_trained", "menuntaskan pelatihan", "trained"),
    ("coverage_unreported", "yang punya IKM terdaftar, tanpa laporan populasi", "with registered IKMs, without a population report"),
    ("days_due", "sesi yang sudah berlangsung", "due"),
    ("days_late", "terlambat", "late"),
    ("days_present", "sesi yang dihadiri", "attended"),
    ("days_to_assessment", "sampai penilaian", "to assessment"),
    ("days_to_certificate", "sampai sertifikat", "to certificate"),
    ("declared_complete", "pernyataan lengkap", "declared complete"),
    ("enrolled", "mendapat tempat", "enrolled"),
    ("enrolled_persons", "mendapat tempat", "enrolled"),
    ("events_recorded", "dicatat", "recorded"),
    ("exhibited", "ikut pameran", "took part in exhibitions"),
    ("export_trained", "menuntaskan pelatihan ekspor", "trained for export"),
    ("export_trained_persons", "menuntaskan pelatihan ekspor", "trained for export"),
    ("exported", "mengekspor", "exported"),
    ("exported_per_hundred", "mengekspor", "exported"),
    ("facilities", "sarana", "facilities"),
    ("findings_first", "pada kunjungan pertama", "on the first visit"),
    ("findings_latest", "pada kunjungan terakhir", "on the latest visit"),
    ("funnel_assessed", "dinilai", "assessed"),
    ("funnel_certified", "bersertifikat, juga lewat orang atau produk", "certified, also through persons or products"),
    ("funnel_completed", "tuntas", "completed"),
    ("funnel_enrolled", "pernah mendapat tempat", "ever enrolled"),
    ("funnel_exhibited_after", "sesudahnya ikut pameran", "exhibited after it"),
    ("funnel_exported_after", "sesudahnya mengekspor", "exported after it"),
    ("funnel_participated", "hadir", "participated"),
    ("funnel_passed", "lulus penilaian", "passed"),
    ("green_certified", "bersertifikat hijau", "green certified"),
    ("green_trained", "menuntaskan pelatihan hijau", "trained in green industry"),
    ("green_trained_persons", "menuntaskan pelatihan hijau", "trained in green industry"),
    ("hours_attended", "dihadiri, semuanya", "attended, all"),
    ("hours_due", "sudah lewat, semuanya", "past, all"),
    ("in_one_program", "hadir dalam satu program", "present in one programme"),
    ("in_three_or_more", "hadir dalam tiga program atau lebih", "present in three programmes or more"),
    ("in_two_programs", "hadir dalam dua program", "present in two programmes"),
    ("incomplete", "hadir tetapi tidak tuntas", "present but did not complete"),
    ("incomplete_persons", "hadir tetapi tidak tuntas", "present but did not complete"),
    ("mentored", "didampingi", "mentored"),
    ("mentoring_visits", "pendampingan", "of mentors"),
    ("never_participated", "belum pernah hadir", "never present in any"),
    ("newcomers", "baru pertama hadir", "present for the first time"),
    ("no_attendance_recorded", "yang kehadirannya tidak tercatat", "with no attendance recorded"),
    ("no_show", "tidak pernah hadir dalam suatu program", "never present in one of their programmes"),
    ("no_show_persons", "tidak pernah hadir dalam suatu program", "never present in one of their programmes"),
    ("open_one_year_later", "masih buka setahun kemudian", "open a year later"),
    ("open_two_years_later", "masih buka dua tahun kemudian", "open two years later"),
    ("participated", "pernah hadir", "took part"),
    ("participated_persons", "pernah hadir", "took part"),
    ("participations", "keikutsertaan", "participations"),
    ("passed", "lulus", "passed"),
    ("persons_trained", "menuntaskan pelatihan", "completed a training"),
    ("population_kecil", "kecil", "small"),
    ("population_menengah", "menengah", "medium"),
    ("population_not_adding_up", "yang bagian-bagiannya tidak cocok", "whose parts do not add up"),
    ("population_registered", "terdaftar di sini", "registered here"),
    ("population_total", "semuanya", "in all"),
    ("population_unreported", "tanpa laporan, juga yang tanpa IKM terdaftar", "without a report, also those without registered IKMs"),
    ("practice_attended", "dihadiri, praktik", "attended, practice"),
    ("practice_due", "sudah lewat, praktik", "past, practice"),
    ("practice_held", "terselenggara, praktik", "held, practice"),
    ("practice_planned", "direncanakan, praktik", "planned, practice"),
    ("programs", "dibuka", "opened"),
    ("programs_open", "masih berjalan", "still open"),
    ("quota_ikms", "IKM menurut kuota", "of IKMs by the quota"),
    ("quota_ikms_taken", "IKM terisi", "of IKMs taken"),
    ("quota_persons", "orang menurut kuota", "of persons by the quota"),
    ("quota_persons_taken", "orang terisi", "of persons taken"),
    ("reach_certified", "bersertifikat", "certified"),
    ("reach_exported", "pernah mengekspor", "exported"),
    ("reach_none", "belum terjangkau", "not reached"),
    ("reach_registered", "terdaftar", "registered"),
    ("reach_trained", "menuntaskan pelatihan", "trained"),
    ("recorded_late", "dicatat terlambat", "recorded late"),
    ("registered", "terdaftar", "registered"),
    ("registered_there", "terdaftar, dengan laporan populasi", "registered, with a population report"),
    ("registered_where_reported", "terdaftar di sini, dengan laporan", "registered here, with a report"),
    ("score_first", "nilai rata-rata pada penilaian pertama", "mean score in the first assessment"),
    ("score_latest", "nilai rata-rata pada penilaian terakhir", "mean score in the latest assessment"),
    ("scored", "dinilai menurut kriteria", "scored by criterion"),
    ("sentra_allocated", "dana dialokasikan", "money allocated"),
    ("sentra_facilities", "sarana", "facilities"),
    ("sentra_members", "anggota", "members"),
    ("sentra_planned", "dana direncanakan", "money planned"),
    ("sentra_realised", "dana terealisasi", "money spent"),
    ("sentras", "sentra", "sentra"),
    ("sessions_held", "terselenggara", "held"),
    ("sessions_scheduled", "dijadwalkan dan sudah lewat", "scheduled and past"),
    ("sessions_without_attendance", "tanpa daftar hadir", "without attendance on record"),
    ("shipments", "pengiriman", "shipments"),
    ("spending_absorbed", "terealisasi dari yang dialokasikan", "spent of what was allocated"),
    ("spending_allocated", "dialokasikan", "allocated"),
    ("spending_per_certificate", "per sertifikat", "for each certificate"),
    ("spending_per_completer", "per yang tuntas", "for each who completed"),
    ("spending_per_participant", "per peserta", "for each who took part"),
    ("spending_planned", "direncanakan", "planned"),
    ("spending_realised", "terealisasi", "spent"),
    ("target_baseline", "nilai semula", "baseline"),
    ("target_realised", "realisasi", "realised"),
    ("target_value", "nilai target", "target value"),
    ("targets", "yang dihitung", "targets"),
    ("targets_in_words", "tidak dapat dihitung", "that cannot be counted"),
    ("targets_missed", "tidak tercapai", "missed"),
    ("targets_not_yet_due", "belum jatuh tempo", "not yet due"),
    ("targets_reached", "tercapai", "reached"),
    ("targets_without_day", "belum tercapai dan tanpa hari jatuh tempo", "not reached and without a due day"),
    ("theory_attended", "dihadiri, teori", "attended, theory"),
    ("theory_due", "sudah lewat, teori", "past, theory"),
    ("theory_held", "terselenggara, teori", "held, theory"),
    ("theory_planned", "direncanakan, teori", "planned, theory"),
    ("trained", "menuntaskan pelatihan", "trained"),
    ("trained_closed", "menuntaskan pelatihan dan kini tutup", "trained and closed by now"),
    ("trained_one_year_ago", "tuntas setahun lalu atau lebih", "trained a year ago or more"),
    ("trained_per_hundred", "menuntaskan pelatihan", "trained"),
    ("trained_persons", "menuntaskan pelatihan", "trained"),
    ("trained_there", "menuntaskan pelatihan, dengan laporan populasi", "trained, with a population report"),
    ("trained_two_years_ago", "tuntas dua tahun lalu atau lebih", "trained two years ago or more"),
    ("turnover_compared", "omzetnya dapat dibandingkan", "whose turnover can be compared"),
    ("unheard", "lama tidak ada kabar", "not heard of for long"),
    ("waitlisted", "dalam daftar tunggu", "on a waiting list"),
    ("waitlisted_persons", "dalam daftar tunggu", "on a waiting list"),
    ("withdrawn", "mundur", "left"),
    ("withdrawn_persons", "mundur", "left"),
    ("workforce_never_reported", "belum pernah melapor", "never reported"),
    ("workforce_reported", "melaporkan tenaga kerja", "reported a workforce"),
    // Shares of one figure in another.
    ("absorption", "serapan anggaran", "absorption of what was allocated"),
    ("amendments_of_recorded", "koreksi dan pembatalan per yang dicatat", "corrections and retractions per event recorded"),
    ("attended_of_due", "dihadiri dari yang sudah lewat", "attended of what is past"),
    ("attendance_rate", "dihadiri dari yang sudah lewat", "attended of what is past"),
    ("held_of_scheduled", "terselenggara dari yang dijadwalkan", "held of those scheduled"),
    ("counted_of_reported", "terhitung dari yang diklaim", "counted of what is claimed"),
    ("jobs_compared", "tenaga kerjanya dapat dibandingkan", "whose workforce can be compared"),
    ("late_of_recorded", "terlambat dari yang dicatat", "late of what was recorded"),
    ("none_of_registered", "belum terjangkau dari yang terdaftar", "not reached of those registered"),
    ("open_after_one_year", "masih buka setahun kemudian", "open after a year"),
    ("open_after_two_years", "masih buka dua tahun kemudian", "open after two years"),
    ("present_of_due", "dihadiri dari yang sudah lewat", "attended of what is past"),
    ("quota_ikms_filled", "terisi dari tempat IKM", "taken of the places of IKMs"),
    ("quota_persons_filled", "terisi dari tempat orang", "taken of the places of persons"),
    ("realised_of_target", "capaian", "realised of the target"),
    ("registered_of_population", "terdaftar dari semua menurut sumber", "registered of all by the source"),
    ("registered_of_trained", "lalu mendaftarkan IKM dari yang tuntas", "then registered an IKM of those who completed"),
    ("theory_of_held", "teori dari yang terselenggara", "theory of what was held"),
    ("theory_of_planned", "teori dari yang direncanakan", "theory of what was planned"),
    ("trained_of_population", "menuntaskan pelatihan dari semua menurut sumber", "trained of all by the source"),
    ("trained_of_registered", "menuntaskan pelatihan dari yang terdaftar", "trained of those registered"),
];

/// The title of a figure or of a share, where there is one of that name.
#[must_use]
pub fn known_title(name: &str) -> Option<Words> {
    TITLES.iter().find(|row| row.0 == name).map(|row| Words { id: row.1, en: row.2 })
}

/// The title of a figure or of a share; its name where none is known.
#[must_use]
pub fn title(name: &'static str) -> Words {
    known_title(name).unwrap_or(Words { id: name, en: name })
}

/// Whether each row of a figure tells what it counts: one target or claim is of IKMs, another one of persons.
#[must_use]
pub fn tells_its_unit(name: &str) -> bool {
    let declared = VIEWS.iter().flat_map(|view| view.figures).find(|figure| figure.name == name);
    declared.is_some_and(|figure| figure.unit.is_of_its_own())
}

/// The value of a figure as people read it, with what it counts where each row tells that; `-` where it is not known.
#[must_use]
pub fn figure_value(figure: &Figure, language: Language) -> String {
    match (figure.value, figure.unit) {
        (Some(share), FigureUnit::BasisPoint) => format!("{} %", hundredths(share, language)),
        (Some(value), unit) if tells_its_unit(figure.name) && !unit.is_of_its_own() => {
            format!("{} {}", number(value, language), unit_of(value, unit, language))
        }
        (value, _) => language::figure(value, language),
    }
}

/// What a figure counts: `IKM terdaftar`.
#[must_use]
pub fn counts(figure: &Figure, language: Language) -> String {
    let title = language.words(title(figure.name));
    // One of something is said in the singular; the title is that of several.
    let (unit, several) =
        (unit_of(figure.value.unwrap_or(0), figure.unit, language), unit(figure.unit, language));
    // A title that names what it counts says it once.
    if let Some(rest) = title.strip_prefix(several).filter(|rest| rest.starts_with(' ')) {
        return format!("{unit}{rest}");
    }
    match figure.unit {
        _ if tells_its_unit(figure.name) => title.to_owned(),
        _ if title == several => unit.to_owned(),
        FigureUnit::LessonHour
        | FigureUnit::Minute
        | FigureUnit::Rupiah
        | FigureUnit::RupiahEach
        | FigureUnit::ReportedIkm => {
            format!("{unit}, {title}")
        }
        _ => format!("{unit} {title}"),
    }
}

/// So many of a figure of a view: `25 IKM bersertifikat`; `None` where no view has it.
#[must_use]
pub fn counted_words(figure: &str, value: u64, language: Language) -> Option<String> {
    let FigureDeclaration { name, unit } =
        *VIEWS.iter().flat_map(|view| view.figures).find(|declared| declared.name == figure)?;
    let of = counts(&Figure { name, unit, value: Some(value) }, language);
    Some(format!("{} {of}", number(value, language)))
}

/// The same in both languages.
#[must_use]
pub fn counted_in_both(figure: &str, value: u64) -> Option<Message> {
    let said = |language| counted_words(figure, value, language);
    Some(Message::new(said(Language::Id)?, said(Language::En)?))
}

/// The titles of some figures.
#[must_use]
pub fn titles(names: &[&'static str], language: Language) -> String {
    names.iter().map(|name| language.words(title(name))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_its_title() {
        let names = VIEWS.iter().flat_map(|view| {
            let shares = view.shares.iter().map(|share| share.name);
            view.figures.iter().map(|figure| figure.name).chain(shares)
        });
        let lacking: Vec<&str> = names.filter(|name| !TITLES.iter().any(|row| row.0 == *name)).collect();
        assert!(lacking.is_empty(), "put their titles into TITLES: {lacking:?}");
    }

    #[test]
    fn what_a_claim_counts_stands_beside_its_value() {
        let said = |name, unit, value| {
            let figure = Figure { name, unit, value };
            [Language::Id, Language::En].map(|language| figure_value(&figure, language))
        };
        assert_eq!(said("claim_counted", FigureUnit::BasisPoint, Some(9_600)), ["96,00 %", "96.00 %"]);
        assert_eq!(said("claim_counted", FigureUnit::Percent, Some(96)), ["96 %", "96 %"]);
        assert_eq!(said("target_value", FigureUnit::Person, Some(1_200)), ["1.200 orang", "1,200 persons"]);
        assert_eq!(said("claim_reported", FigureUnit::OfClaim, Some(3)), ["3", "3"], "of no figure");
        assert_eq!(said("claim_reported", FigureUnit::OfClaim, None), ["-", "-"]);
        assert_eq!(said("enrolled", FigureUnit::Ikm, Some(30)), ["30", "30"], "its heading says it");
    }
}
