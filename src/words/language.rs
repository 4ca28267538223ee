//! Both languages: Bahasa Indonesia, which officers read, and English.
//!
//! Every text for people passes through here or stands beside its code with the macro `text!`. Names of
//! commands, fields and rules are never translated.

use clap::ValueEnum;
use jejak_events::fault::Message;
use jejak_events::translation::told;
use jejak_events::types;
use jejak_projections::answer::{FigureUnit, MemberKind, SYNTHETIC, Words};
use jejak_projections::calendar::PeriodLength;

/// Language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Bahasa Indonesia.
    Id,
    /// English.
    En,
}

/// A formatted text in the language given: `text!(language, "dalam bahasa", "in English")`.
macro_rules! text {
    ($language:expr, $id:literal, $en:literal $(, $($argument:tt)*)?) => {
        match $language {
            $crate::words::language::Language::Id => format!($id $(, $($argument)*)?),
            $crate::words::language::Language::En => format!($en $(, $($argument)*)?),
        }
    };
}
pub(crate) use text;

impl Language {
    /// One of two.
    pub fn pick<T>(self, id: T, en: T) -> T {
        match self {
            Self::Id => id,
            Self::En => en,
        }
    }

    /// A message in this language.
    #[must_use]
    pub fn of(self, message: &Message) -> &str {
        self.pick(&message.id, &message.en)
    }

    /// Words in this language.
    #[must_use]
    pub fn words(self, words: Words) -> &'static str {
        self.pick(words.id, words.en)
    }
}

/// A noun in the number that fits a count; in Indonesian there is one form.
#[must_use]
pub fn counted(count: u64, noun: &str, language: Language) -> &str {
    if language == Language::Id || count != 1 {
        return noun;
    }
    match noun {
        "facilities" => "facility",
        "files of evidence" => "file of evidence",
        "hashes" => "hash",
        "IKMs by the source" => "IKM by the source",
        "kinds of products" => "kind of product",
        "lines of the access log" => "line of the access log",
        "of the claim" | "of the target" | "kabupaten and kota" => noun,
        several => several.strip_suffix('s').unwrap_or(several),
    }
}

/// An English word that depends on whether there is one: `is` or `are`.
#[must_use]
pub fn one_or(count: u64, one: &'static str, several: &'static str) -> &'static str {
    if count == 1 { one } else { several }
}

/// A number as people read it, its thousands apart: `4.800.000.000`, in English `4,800,000,000`.
#[must_use]
pub fn number(value: u64, language: Language) -> String {
    grouped(i128::from(value), language)
}

/// The same of how many there are.
#[must_use]
pub fn count(of: usize, language: Language) -> String {
    number(of as u64, language)
}

/// The same of a number that may lie below zero.
#[must_use]
pub fn grouped(value: i128, language: Language) -> String {
    types::grouped(value, language.pick('.', ','))
}

/// Hundredths as people read them: `1,25`, in English `1.25`.
#[must_use]
pub fn hundredths(value: u64, language: Language) -> String {
    let (whole, rest) = (number(value / 100, language), value % 100);
    format!("{whole}{}{rest:02}", language.pick(',', '.'))
}

/// What stands under every answer of a registry that holds made-up data.
#[must_use]
pub fn made_up(language: Language) -> &'static str {
    language.words(SYNTHETIC)
}

/// A figure as people read it; `-` where it is not known.
#[must_use]
pub fn figure(value: Option<u64>, language: Language) -> String {
    value.map_or_else(|| "-".to_owned(), |value| number(value, language))
}

/// A figure's unit beside its value.
#[must_use]
pub fn unit_of(value: u64, of: FigureUnit, language: Language) -> &'static str {
    counted(value, unit(of, language), language)
}

/// What those behind a figure are, several of them.
#[must_use]
pub fn members_of(kind: MemberKind, language: Language) -> &'static str {
    match kind {
        MemberKind::Ikm => unit(FigureUnit::Ikm, language),
        MemberKind::Person => unit(FigureUnit::Person, language),
        MemberKind::Session => unit(FigureUnit::Session, language),
        MemberKind::Program => unit(FigureUnit::Program, language),
        MemberKind::Sentra => unit(FigureUnit::Sentra, language),
        MemberKind::Area => language.pick("wilayah", "areas"),
        MemberKind::Claim => unit(FigureUnit::Claim, language),
    }
}

/// What a figure counts.
#[must_use]
pub fn unit(unit: FigureUnit, language: Language) -> &'static str {
    match unit {
        FigureUnit::Ikm => "IKM",
        FigureUnit::Participation => language.pick("keikutsertaan", "participations"),
        FigureUnit::Person => language.pick("orang", "persons"),
        FigureUnit::PersonDay => language.pick("orang-hari", "person-days"),
        FigureUnit::Session => language.pick("sesi", "sessions"),
        FigureUnit::Program => language.pick("program", "programmes"),
        FigureUnit::Certificate => language.pick("sertifikat", "certificates"),
        FigureUnit::Product => language.pick("jenis produk", "kinds of products"),
        FigureUnit::Visit => language.pick("kunjungan", "visits"),
        FigureUnit::MedianDays => language.pick("hari (median)", "days (median)"),
        FigureUnit::Percent | FigureUnit::BasisPoint => "%",
        FigureUnit::Event => language.pick("peristiwa", "events"),
        FigureUnit::Finding => language.pick("temuan", "findings"),
        FigureUnit::Shipment => language.pick("pengiriman", "shipments"),
        FigureUnit::Sentra => "sentra",
        FigureUnit::Facility => language.pick("sarana", "facilities"),
        FigureUnit::Report => language.pick("laporan", "reports"),
        FigureUnit::Area => language.pick("kabupaten dan kota", "kabupaten and kota"),
        FigureUnit::ReportedIkm => language.pick("IKM menurut sumber", "IKMs by the source"),
        FigureUnit::Minute => language.pick("menit", "minutes"),
        FigureUnit::LessonHour => "JP",
        FigureUnit::Place => language.pick("tempat", "places"),
        FigureUnit::Rupiah | FigureUnit::RupiahEach => language.pick("rupiah", "rupiah"),
        FigureUnit::Target => language.pick("target", "targets"),
        FigureUnit::OfTarget => language.pick("satuan target", "of the target"),
        FigureUnit::Claim => language.pick("klaim", "claims"),
        FigureUnit::Check => language.pick("pemeriksaan", "checks"),
        FigureUnit::OfClaim => language.pick("satuan klaim", "of the claim"),
    }
}

/// By what a series goes.
#[must_use]
pub fn period_lengths(by: PeriodLength, language: Language) -> &'static str {
    match by {
        PeriodLength::Month => language.pick("per bulan", "by month"),
        PeriodLength::Quarter => language.pick("per triwulan", "by quarter"),
        PeriodLength::Year => language.pick("per tahun", "by year"),
    }
}

/// What a breakdown is by.
#[must_use]
pub fn breakdown(by: &str, language: Language) -> &str {
    let (id, en) = match by {
        "area" => ("wilayah", "area"),
        "commodity" => ("komoditas", "commodity"),
        "criterion" => ("kriteria", "criterion"),
        "country" => ("negara tujuan", "country"),
        "exhibition" => ("pameran", "exhibition"),
        "finding" => ("temuan", "finding"),
        "first_year" => ("tahun pertama hadir", "first year"),
        "funding" => ("sumber dana", "money of"),
        "holder" => ("pemegang", "holder"),
        "hs_code" => ("kode HS", "HS code"),
        "indicator" => ("indikator", "indicator"),
        "issuer" => ("penerbit", "issuer"),
        "kind" => ("jenis", "kind"),
        "legal_form" => ("badan hukum", "legal form"),
        "office" => ("kantor", "office"),
        "program" => ("program", "programme"),
        "reason" => ("alasan", "reason"),
        "report" => ("laporan", "report"),
        "scale_permenperin_64_2016" => ("skala Permenperin 64/2016", "scale Permenperin 64/2016"),
        "scale_pp_7_2021" => ("skala PP 7/2021", "scale PP 7/2021"),
        "scheme" => ("skema", "scheme"),
        "sentra" => ("sentra", "sentra"),
        "session" => ("sesi", "session"),
        "session_day" => ("sesi dan hari", "session and day"),
        "source" => ("sumber", "source"),
        "source_year" => ("sumber dan tahun", "source and year"),
        "stage" => ("tahap", "stage"),
        "target" => ("target", "target"),
        "figure" => ("angka", "figure"),
        "district" => ("kecamatan", "district"),
        "theme" => ("tema", "theme"),
        "through" => ("sampai", "through"),
        "verdict" => ("putusan", "verdict"),
        "claim" => ("klaim", "claim"),
        "checked" => ("diperiksa", "checked"),
        other => (other, other),
    };
    language.pick(id, en)
}

/// A failure, with the chain below it as far as it does not say the same again.
#[must_use]
pub fn failure(error: &(dyn std::error::Error + 'static), language: Language) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let below = inner.to_string();
        if !said.contains(&below) {
            said = format!("{said}: {below}");
        }
        source = inner.source();
    }
    language.pick(told(&said), said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_each_language_writes_them() {
        for (value, id, en) in [(0, "0", "0"), (999, "999", "999"), (1_000, "1.000", "1,000")] {
            assert_eq!(
                (number(value, Language::Id), number(value, Language::En)),
                (id.to_owned(), en.to_owned())
            );
        }
        assert_eq!(number(4_800_000_000, Language::Id), "4.800.000.000");
        assert_eq!(hundredths(4_021, Language::Id), "40,21");
        assert_eq!(hundredths(123_405, Language::En), "1,234.05");
    }

    #[test]
    fn one_of_something_is_said_in_the_singular() {
        assert_eq!(counted(1, "opening events", Language::En), "opening event");
        assert_eq!(counted(2, "signatures", Language::En), "signatures");
        assert_eq!(counted(1, "peristiwa", Language::Id), "peristiwa");
        assert_eq!(unit_of(1, FigureUnit::Facility, Language::En), "facility");
        assert_eq!(unit_of(1, FigureUnit::OfTarget, Language::En), "of the target");
    }
}
