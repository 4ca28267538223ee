//! What the story asks, in the order of telling.

use jejak_projections::answer::Words;

/// One question of the story.
pub(super) struct Ask {
    pub(super) view: &'static str,
    pub(super) area: &'static str,
    pub(super) theme: Option<&'static str>,
    pub(super) on: &'static str,
    pub(super) note: Words,
    /// Figures whose value an article names; all others follow from what the example makes up.
    pub(super) reported: &'static [&'static str],
}

const GREEN_BEFORE: Ask = Ask {
    view: "green_certified",
    area: "33.75",
    theme: None,
    on: "2025-10-08",
    note: Words {
        id: "Hari pelatihan industri hijau: dilatih belum berarti bersertifikat.",
        en: "The day of the green-industry training: trained is not yet certified.",
    },
    reported: &[],
};
pub(super) const GREEN_NOW: Ask = Ask {
    view: "green_certified",
    area: "33.75",
    theme: None,
    on: "2026-06-30",
    note: Words {
        id: "Di akhir kelanjutan sintetis: dari sepuluh sertifikat satu berakhir, satu dicabut, satu dibekukan.",
        en: "At the end of the synthetic sequel: of ten certificates one ran out, one was revoked, one is suspended.",
    },
    reported: &[],
};
pub(super) const EXPORT: Ask = Ask {
    view: "export_trained",
    area: "35.76",
    theme: None,
    on: "2023-10-26",
    note: Words {
        id: "Pelatihan perdagangan luar negeri, hari terakhirnya: IKM dan orang dihitung terpisah.",
        en: "The foreign-trade training on its last day: IKMs and persons are counted apart.",
    },
    reported: &[],
};

pub(super) const FIGURES: &[Ask] = &[
    Ask {
        view: "registered",
        area: "33.75",
        theme: None,
        on: "2025-10-08",
        note: Words {
            id: "Kota Pekalongan. Satu di antaranya semula tercatat di Kabupaten Pekalongan (33.26), lalu dikoreksi.",
            en: "Kota Pekalongan. One of them was first recorded in Kabupaten Pekalongan (33.26), then corrected.",
        },
        reported: &[],
    },
    Ask {
        view: "waitlisted",
        area: "33.75",
        theme: None,
        on: "2021-11-10",
        note: Words {
            id: "Pelatihan pemasaran digital 2021 penuh; kemudian satu mundur dan satu naik dari daftar ini.",
            en: "The digital-marketing training of 2021 is full; later one left, and one was promoted from this list.",
        },
        reported: &[],
    },
    Ask {
        view: "participated",
        area: "33.75",
        theme: Some("green_industry"),
        on: "2025-10-08",
        note: Words {
            id: "Pelatihan industri hijau, Rabu 8 Oktober 2025: 30 IKM, seperti diberitakan.",
            en: "The green-industry training, Wednesday 8 October 2025: 30 IKMs, as reported.",
        },
        reported: &["participated"],
    },
    GREEN_BEFORE,
    GREEN_NOW,
    Ask {
        view: "assessed",
        area: "33.75",
        theme: Some("green_industry"),
        on: "2026-06-30",
        note: Words {
            id: "Dinilai dan lulus; yang lulus belum semua bersertifikat.",
            en: "Assessed and passed; not all that passed are certified.",
        },
        reported: &[],
    },
    Ask {
        view: "funnel",
        area: "33.75",
        theme: Some("green_industry"),
        on: "2026-06-30",
        note: Words {
            id: "Seberapa jauh ke-30 IKM itu: menuntaskan pelatihan belum berarti bersertifikat, bersertifikat belum berarti mengekspor.",
            en: "How far those 30 came: trained is not certified, and certified is not exporting.",
        },
        reported: &[],
    },
    Ask {
        view: "sessions_held",
        area: "33.74",
        theme: Some("standardisation"),
        on: "2022-11-11",
        note: Words {
            id: "Kota Semarang: pelatihan standardisasi untuk ketiga kalinya.",
            en: "Kota Semarang: the standardisation training for the third time.",
        },
        reported: &[],
    },
    Ask {
        view: "method_mix",
        area: "33.74",
        theme: Some("standardisation"),
        on: "2022-11-11",
        note: Words {
            id: "20 % teori, 80 % praktik, seperti diberitakan.",
            en: "20 % theory, 80 % practice, as reported.",
        },
        reported: &[],
    },
    Ask {
        view: "population",
        area: "33.74",
        theme: None,
        on: "2022-11-30",
        note: Words {
            id: "Menurut beritanya; kecil dan menengah berjumlah 3.629, bukan 3.638.",
            en: "As the article has it; small and medium ones add up to 3,629, not 3,638.",
        },
        reported: &["population_kecil", "population_menengah", "population_total"],
    },
    Ask {
        view: "enrolled",
        area: "35.76",
        theme: None,
        on: "2023-10-26",
        note: Words {
            id: "Kota Mojokerto: dua kali 30 orang, tetapi ada yang ikut keduanya.",
            en: "Kota Mojokerto: twice 30 persons, but some took part in both.",
        },
        reported: &[],
    },
    EXPORT,
    Ask {
        view: "exhibited",
        area: "35.76",
        theme: None,
        on: "2023-10-10",
        note: Words {
            id: "Pameran di Sunrise Mall, 6-10 Oktober 2023.",
            en: "The exhibition at Sunrise Mall, 6 to 10 October 2023.",
        },
        reported: &[],
    },
    Ask {
        view: "sentra",
        area: "35.76",
        theme: None,
        on: "2026-06-30",
        note: Words {
            id: "Sentra IKM Batik, dibuka Februari 2024: anggota, sarana, dan dananya menurut tahap.",
            en: "Sentra IKM Batik, opened in February 2024: members, facilities, and its money by stage.",
        },
        reported: &[],
    },
    Ask {
        view: "trained",
        area: "35.74",
        theme: Some("basic_batik"),
        on: "2022-05-27",
        note: Words {
            id: "Kota Probolinggo: 30 orang mendapat tempat, satu tidak menyelesaikan.",
            en: "Kota Probolinggo: 30 persons enrolled, one did not complete.",
        },
        reported: &[],
    },
];

/// The sheet that turned up in December 2024 was not known at the first of these moments.
pub(super) const KNOWN_BEFORE: &str = "2024-06-30T00:00:00.000Z";
pub(super) const KNOWN_AFTER: &str = "2025-06-30T00:00:00.000Z";

/// Commands to try next, each with what it does.
pub(super) const NEXT: &[(Words, &str)] = &[
    (Words { id: "semua tampilan dengan definisinya", en: "all views with their definitions" }, "view"),
    (
        Words { id: "IKM dan peristiwa di balik angka", en: "the IKMs and events behind a figure" },
        "view green_certified --area 33.75 --on 2026-06-30 --list",
    ),
    (
        Words {
            id: "target dan realisasi tiap program",
            en: "what the programmes meant to reach, and reached",
        },
        "view targets --area 33.75 --on 2026-06-30",
    ),
    (
        Words {
            id: "rumah batik: direncanakan 2022, tidak pernah tercatat dibangun",
            en: "the batik house: planned in 2022, never recorded as built",
        },
        "view sentra --area 35.74 --on 2026-06-30",
    ),
    (
        Words {
            id: "dana sentra sebelum salah ketiknya dikoreksi",
            en: "the centre's money before a slip of typing was corrected",
        },
        "view sentra --area 35.76 --on 2023-12-31 --as-known 2023-06-15",
    ),
    (
        Words {
            id: "peserta sebelum satu orang diketahui tercatat dua kali",
            en: "participants before one person was found to be registered twice",
        },
        "view enrolled --area 35.76 --on 2023-10-26 --as-known 2023-12-31",
    ),
    (
        Words {
            id: "bukti bahwa satu peristiwa ada dalam log",
            en: "the proof that one event is in the log",
        },
        "log proof 1",
    ),
    (Words { id: "memeriksa segalanya", en: "check everything" }, "verify"),
];

/// What the history of an enterprise shows that was entered twice.
pub(super) const HISTORY: Words = Words {
    id: "riwayat satu IKM yang terdaftar dua kali, lalu digabung",
    en: "the history of an IKM that was registered twice, then merged",
};
