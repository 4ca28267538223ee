//! Both languages: Bahasa Indonesia, which officers read, and English.
//!
//! Every text for people passes through here or stands beside its code with the macro `text!`. Names of
//! commands, fields and rules are never translated.

use std::error::Error as _;

use clap::ValueEnum;
use jejak_events::fault::Message;
use jejak_projections::answer::{FigureUnit, Words};

use crate::answers::SYNTHETIC;
use crate::evidence::EvidenceError;
use crate::log::LogError;
use crate::registry::{ClockError, RegistryError};

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

/// A failure of the registry. What the system itself said stays as it said it.
#[must_use]
pub fn registry_error(error: &RegistryError, language: Language) -> String {
    let indonesian = match error {
        _ if language == Language::En => None,
        RegistryError::NotInitialised { path } => Some(format!(
            "{path} belum berisi registri; buat dengan `jejak init`, atau sebut yang lain dengan --dir"
        )),
        RegistryError::Exists { path } => {
            Some(format!("{path} sudah berisi registri; pilih direktori lain dengan --dir"))
        }
        RegistryError::ForeignKeys { path } => Some(format!(
            "kunci di {path} bukan kunci yang disebut peristiwa 0; sebut direktori yang benar dengan --keys"
        )),
        RegistryError::KeyMissing { path, index } => Some(format!(
            "kunci di {path} tidak memuat kunci yang diperkenalkan peristiwa {index}: lebih tua daripada registri; \
             pulihkan direktori kunci yang lebih baru"
        )),
        RegistryError::Closed => {
            Some("registri tertutup atau berhenti sesudah kegagalan; buka kembali".to_owned())
        }
        RegistryError::Group(inner) => return registry_error(inner, language),
        RegistryError::File { operation, path, source } => {
            Some(format!("tidak dapat ({operation}) {path}: {source}"))
        }
        RegistryError::Unreadable(reason) => Some(format!("log tidak dapat dibaca: {reason}")),
        RegistryError::Keys(inner) => {
            Some(format!("berkas kunci bermasalah, tidak ada yang dicatat: {inner}"))
        }
        RegistryError::Vault(inner) => Some(format!("brankas bermasalah: {inner}")),
        RegistryError::Evidence(inner) => Some(evidence_error(inner)),
        RegistryError::Clock(inner) => Some(clock_error(inner)),
        RegistryError::Log(inner) => Some(log_error(inner)),
        #[allow(unreachable_patterns, reason = "an error without a text of its own is said in English")]
        _ => None,
    };
    let mut said = indonesian.unwrap_or_else(|| error.to_string());
    // The chain below what the text itself includes.
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !said.contains(&inner_text) && language == Language::En {
            said = format!("{said}: {inner_text}");
        }
        source = inner.source();
    }
    said
}

fn evidence_error(error: &EvidenceError) -> String {
    match error {
        EvidenceError::Input(source) => format!("dokumen tidak terbaca: {source}"),
        EvidenceError::Output(source) => format!("dokumen tidak dapat ditulis: {source}"),
        EvidenceError::DiskFloor { path, free_bytes, needed_bytes } => format!(
            "{} tinggal punya {free_bytes} byte kosong, perlu {needed_bytes}; tidak ada yang dilampirkan: kosongkan ruang lalu ulangi",
            path.display()
        ),
        EvidenceError::Damaged { path, reason } => {
            format!("{} rusak ({reason}); pulihkan dari cadangan", path.display())
        }
        EvidenceError::TooLarge => "dokumen terlalu besar".to_owned(),
        EvidenceError::Disk { operation, path, source } => {
            format!("tidak dapat ({operation}) {}: {source}", path.display())
        }
    }
}

fn clock_error(error: &ClockError) -> String {
    match error {
        ClockError::Backward { wall, last } => format!(
            "jam menunjukkan {wall}, padahal peristiwa terakhir dicatat {last}; betulkan jam, atau beri --accept-clock"
        ),
        ClockError::Forward { wall, last } => format!(
            "jam menunjukkan {wall}, lebih dari 400 hari sesudah peristiwa terakhir ({last}); betulkan jam, atau beri --accept-clock"
        ),
        ClockError::Moved { moved_ms } => format!(
            "jam digeser {moved_ms} milidetik selagi registri berjalan; betulkan lalu buka kembali, atau buka kembali dengan --accept-clock"
        ),
        ClockError::Impossible { .. } => "jam di luar tahun 1900 sampai 2999; betulkan".to_owned(),
    }
}

fn log_error(error: &LogError) -> String {
    match error {
        LogError::Held { path, holder } => {
            format!("{} sedang dipegang {holder}; hentikan dulu", path.display())
        }
        LogError::DiskFloor { path, free_bytes, needed_bytes } => format!(
            "{} tinggal punya {free_bytes} byte kosong, perlu {needed_bytes}; tidak ada yang ditulis: kosongkan ruang lalu ulangi",
            path.display()
        ),
        LogError::NotAppended { at, operation, path, source } => format!(
            "peristiwa mulai indeks {at} tidak dicatat: tidak dapat ({operation}) {}: {source}; buka kembali registri",
            path.display()
        ),
        LogError::OutcomeUnknown { at, reason } => format!(
            "tidak diketahui apakah peristiwa mulai indeks {at} tercatat: {reason}; buka kembali registri dan cari id-nya"
        ),
        LogError::Poisoned { reason } => {
            format!("log berhenti sesudah kegagalan ({reason}); buka kembali registri")
        }
        LogError::Damaged { damage } => {
            let places: Vec<String> = damage.iter().map(ToString::to_string).collect();
            format!(
                "log rusak: {}; tidak ada yang diubah: pulihkan berkas ini dari cadangan, atau jalankan `jejak recover`",
                places.join("; ")
            )
        }
        LogError::VaultsDiffer { path, places } => {
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            let path = path.display();
            format!(
                "{path} dan salinannya dalam penyimpanan memuat bingkai yang berbeda, masing-masing utuh: {}; tidak ada yang diubah: pindahkan salah satunya dan simpan ({path}, atau direktori sled di sebelahnya), lalu jalankan `jejak verify`, yang menyebut apakah yang tinggal cocok dengan catatan",
                places.join("; ")
            )
        }
        LogError::ReadOnly => "jangkar dan checkpoint hilang, jadi registri hanya dapat dibaca; jalankan `jejak recover --checkpoint BERKAS` dengan checkpoint yang disimpan orang".to_owned(),
        LogError::AnchorAbsent { path } => format!(
            "jangkar {} tidak ada, dan tanpa jangkar itu salinan lama registri tidak dapat dikenali; tidak ada yang diubah: pasang disknya, atau jalankan `jejak recover` untuk membuatnya kembali",
            path.display()
        ),
        LogError::AnchorElsewhere { anchor, record } => format!(
            "jangkar registri ini ada di tempat lain; tidak ada yang diubah: berikan --anchor {}, atau hapus {} bila jangkar mulai sekarang disimpan di direktori data",
            anchor.display(),
            record.display()
        ),
        LogError::AnchorConflict { size, first, second } => format!(
            "{first} dan {second} menyebut akar berbeda untuk ukuran {size}; salah satunya milik log lain: kembalikan berkas yang benar"
        ),
        LogError::Missing { path } => {
            format!("{} belum berisi registri; buat dengan `jejak init`", path.display())
        }
        LogError::Exists { path } => format!("{} sudah ada; pilih direktori lain", path.display()),
        LogError::OutOfRange { index, size } => {
            format!("indeks {index} tidak ada dalam log, yang berisi {size} peristiwa")
        }
        LogError::Disk { operation, path, source } => {
            format!("tidak dapat ({operation}) {}: {source}", path.display())
        }
        LogError::Checkpoint { reason, .. } => format!("checkpoint bermasalah: {reason}"),
        other => other.to_string(),
    }
}
