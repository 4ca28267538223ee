//! The made-up enterprises and persons of the worked example.
//!
//! Everything follows from a label, so that two runs agree. Nobody here exists: every name says that
//! it is synthetic, and no number can be one that was ever given out (an NIB never begins with 000, a
//! NIK has no birthday of 00-00-00).

use sha2::{Digest, Sha256};
use uuid::Uuid;

const FLOWERS: [&str; 20] = [
    "Teratai",
    "Kenanga",
    "Cempaka",
    "Melati",
    "Anggrek",
    "Kantil",
    "Seruni",
    "Dahlia",
    "Wijayakusuma",
    "Mawar",
    "Kemuning",
    "Tanjung",
    "Bakung",
    "Kamboja",
    "Flamboyan",
    "Sedap Malam",
    "Bougenvil",
    "Alamanda",
    "Soka",
    "Asoka",
];
const QUALITIES: [&str; 5] = ["Lestari", "Makmur", "Sejahtera", "Abadi", "Mandiri"];
const FIRST_NAMES: [&str; 12] = [
    "Sekar", "Bagas", "Ratri", "Tirta", "Laras", "Jaya", "Kirana", "Panji", "Wening", "Raka", "Arum", "Galih",
];
const SECOND_NAMES: [&str; 10] = [
    "Kertalaras",
    "Wanasari",
    "Jatimulya",
    "Tirtayasa",
    "Sidamukti",
    "Kawungsari",
    "Parangjaya",
    "Truntumsari",
    "Sekarjagat",
    "Ceplokjaya",
];

/// How many districts (kecamatan) a city has.
fn districts(area: &str) -> u64 {
    match area {
        "33.74" => 16,
        "33.75" => 4,
        "35.74" => 5,
        _ => 3,
    }
}

fn digest(label: &str) -> [u8; 32] {
    Sha256::new().chain_update("jejak demo/").chain_update(label).finalize().into()
}

/// A number from a label, below `limit`.
fn number(label: &str, limit: u64) -> u64 {
    let digest = digest(label);
    digest[..8].iter().fold(0, |sum: u64, byte| (sum << 8) | u64::from(*byte)) % limit
}

/// A UUID in the form of a random one (version 4), always the same for a label.
pub(super) fn uuid(label: &str) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(label)[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// An event id (UUIDv7) of a moment, always the same for a label.
pub(super) fn event_id(unix_ms: i64, label: &str) -> Uuid {
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&digest(label)[..10]);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(unix_ms).unwrap_or(0), &bytes).into_uuid()
}

/// Size of an enterprise: what its workers and investment are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// Kecil under Permenperin 64/2016.
    Small,
    /// Menengah under Permenperin 64/2016: large capacity for an IKM.
    Medium,
}

/// A batik enterprise.
#[derive(Clone, Debug)]
pub(super) struct Enterprise {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) nib: String,
    pub(super) village: String,
    /// Its district, where the register has it.
    pub(super) district: Option<String>,
    pub(super) founded: u64,
    pub(super) workers: u64,
    pub(super) investment: u64,
    pub(super) sole_proprietor: bool,
}

impl Enterprise {
    /// The `place`-th enterprise of a city, from 0.
    pub(super) fn new(area: &str, place: usize, size: Size) -> Self {
        let label = format!("ikm/{area}/{place}");
        let draw = |what: &str, limit| number(&format!("{label}/{what}"), limit);
        let flower = FLOWERS[place % FLOWERS.len()];
        let quality =
            QUALITIES[(place / FLOWERS.len() + usize::from(size == Size::Medium)) % QUALITIES.len()];
        let (workers, investment) = match size {
            Size::Small => (3 + draw("workers", 14), 20_000_000 + 1_000_000 * draw("investment", 180)),
            Size::Medium => (20 + draw("workers", 60), 400_000_000 + 10_000_000 * draw("investment", 300)),
        };
        Self {
            id: uuid(&label),
            name: format!("Batik {flower} {quality} (sintetis)"),
            nib: format!("000{:010}", draw("nib", 10_000_000_000)),
            village: format!("Kelurahan Contoh {}", 1 + draw("village", 9)),
            district: (draw("district known", 8) > 0)
                .then(|| format!("{area}.{:02}", 1 + draw("district", districts(area)))),
            founded: 1975 + draw("founded", 44),
            workers,
            investment,
            sole_proprietor: size == Size::Small,
        }
    }

    /// Several enterprises of a city.
    pub(super) fn several(area: &str, places: std::ops::Range<usize>, size: Size) -> Vec<Self> {
        places.map(|place| Self::new(area, place, size)).collect()
    }
}

/// An artisan, instructor or assessor.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) nik: String,
    pub(super) phone: String,
    pub(super) sex: &'static str,
    pub(super) birth_year: u64,
}

impl Person {
    /// The `place`-th person of a city, from 0.
    pub(super) fn new(area: &str, place: usize) -> Self {
        let label = format!("person/{area}/{place}");
        let draw = |what: &str, limit| number(&format!("{label}/{what}"), limit);
        let first = FIRST_NAMES[place % FIRST_NAMES.len()];
        let second = SECOND_NAMES[(place / FIRST_NAMES.len() + place) % SECOND_NAMES.len()];
        Self {
            id: uuid(&label),
            name: format!("{first} {second} (sintetis)"),
            nik: format!("{}000000{:06}", area.replace('.', ""), draw("nik", 1_000_000)),
            phone: format!("+620000{:06}", draw("phone", 1_000_000)),
            sex: if draw("sex", 4) == 0 { "L" } else { "P" },
            birth_year: 1958 + draw("birth", 45),
        }
    }

    /// The first `count` persons of a city.
    pub(super) fn several(area: &str, count: usize) -> Vec<Self> {
        (0..count).map(|place| Self::new(area, place)).collect()
    }
}
