//! Both languages: Bahasa Indonesia, which officers read, and English.
//!
//! Every text for people passes through here or stands beside its code with the macro `text!`. Names of
//! commands, fields and rules are never translated.

use clap::ValueEnum;
use jejak_events::fault::Message;
use jejak_events::translation::told;
use jejak_projections::answer::{FigureUnit, Words};

use crate::answers::SYNTHETIC;

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
            $crate::cli::language::Language::Id => format!($id $(, $($argument)*)?),
            $crate::cli::language::Language::En => format!($en $(, $($argument)*)?),
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

/// What stands under every answer of a registry that holds made-up data.
#[must_use]
pub fn made_up(language: Language) -> &'static str {
    language.words(SYNTHETIC)
}

/// What a figure counts.
#[must_use]
pub fn unit(unit: FigureUnit, language: Language) -> &'static str {
    match unit {
        FigureUnit::Ikm => "IKM",
        FigureUnit::Participation => language.pick("keikutsertaan", "participations"),
        FigureUnit::Person => language.pick("orang", "persons"),
        FigureUnit::Session => language.pick("sesi", "sessions"),
        FigureUnit::Program => language.pick("program", "programmes"),
        FigureUnit::Certificate => language.pick("sertifikat", "certificates"),
        FigureUnit::Product => language.pick("jenis produk", "kinds of products"),
        FigureUnit::Visit => language.pick("kunjungan", "visits"),
        FigureUnit::Shipment => language.pick("pengiriman", "shipments"),
        FigureUnit::Sentra => "sentra",
        FigureUnit::Facility => language.pick("sarana", "facilities"),
        FigureUnit::Report => language.pick("pernyataan", "declarations"),
        FigureUnit::ReportedIkm => language.pick("IKM menurut sumber", "IKMs by the source"),
        FigureUnit::Minute => language.pick("menit", "minutes"),
        FigureUnit::Rupiah => language.pick("rupiah", "rupiah"),
        FigureUnit::Target => language.pick("sasaran", "targets"),
        FigureUnit::OfTarget => language.pick("satuan sasaran", "of the target"),
        FigureUnit::Claim => language.pick("klaim", "claims"),
        FigureUnit::Check => language.pick("pemeriksaan", "checks"),
        FigureUnit::OfClaim => language.pick("satuan klaim", "of the claim"),
    }
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
