//! What codes are called: those of the closed lists of events, and those that offices are known to use.

use crate::text::folded;

/// Codes that the registry or its offices use. Others stay as they are recorded.
#[rustfmt::skip]
pub const CODES: &[(&str, &str, &str)] = &[
    ("absent", "tidak hadir", "absent"),
    ("all", "semua komoditas", "all commodities"),
    ("allocated", "dialokasikan", "allocated"),
    ("apbd", "APBD", "APBD"),
    ("apbn", "APBN", "APBN"),
    ("attestation", "pernyataan", "attestation"),
    ("background", "latar belakang", "background"),
    ("basic_batik", "batik dasar", "basic batik"),
    ("batik_cap", "batik cap", "batik cap"),
    ("batik_tulis", "batik tulis", "batik tulis"),
    ("batik_warna_alam", "batik warna alam", "batik of natural dyes"),
    ("bill_of_lading", "konosemen", "bill of lading"),
    ("boiler_inefficient", "ketel boros", "inefficient boiler"),
    ("certificate_of_origin", "surat keterangan asal", "certificate of origin"),
    ("checkpoint", "checkpoint", "checkpoint"),
    ("city", "kota", "city"),
    ("competence", "kompetensi", "competence"),
    ("completed", "selesai", "completed"),
    ("consent_withdrawn", "persetujuan ditarik", "consent withdrawn"),
    ("consistent", "konsisten", "consistent"),
    ("cooperative", "koperasi", "cooperative"),
    ("dak_fisik", "DAK Fisik", "DAK Fisik"),
    ("dak_nonfisik", "DAK Nonfisik", "DAK Nonfisik"),
    ("day", "hari", "day"),
    ("digital_marketing", "pemasaran digital", "digital marketing"),
    ("dye_house", "rumah pewarnaan", "dye house"),
    ("energy", "energi", "energy"),
    ("entered_twice", "dicatat dua kali", "entered twice"),
    ("estimate", "perkiraan", "estimate"),
    ("excused", "izin", "excused"),
    ("exhibition", "pameran", "exhibitions"),
    ("export", "ekspor", "export"),
    ("fact", "fakta", "fact"),
    ("failed", "tidak lulus", "failed"),
    ("false", "tidak", "no"),
    ("findings_closed", "temuan diselesaikan", "findings closed"),
    ("first", "pertama", "first"),
    ("flood", "banjir", "flood"),
    ("green_industry", "industri hijau", "green industry"),
    ("held_as_planned", "terlaksana sesuai rencana", "held as planned"),
    ("hope", "harapan", "hope"),
    ("ikm", "IKM", "IKMs"),
    ("inconsistent", "tidak konsisten", "inconsistent"),
    ("instructor_ill", "pengajar sakit", "instructor ill"),
    ("invoice", "faktur", "invoice"),
    ("ipal", "IPAL", "IPAL"),
    ("kecil", "kecil", "small"),
    ("kept", "ditepati", "kept"),
    ("large_order", "pesanan besar", "large order"),
    ("management", "manajemen", "management"),
    ("menengah", "menengah", "medium"),
    ("mikro", "mikro", "micro"),
    ("moved_away", "pindah", "moved away"),
    ("moved_workshop", "pindah tempat usaha", "moved the workshop"),
    ("national", "nasional", "national"),
    ("no_successor", "tidak ada penerus", "no successor"),
    ("no_time", "tidak ada waktu", "no time"),
    ("not_confirmed", "belum terkonfirmasi", "not confirmed"),
    ("not_countable", "tidak dapat dihitung", "not countable"),
    ("not_kept", "tidak ditepati", "not kept"),
    ("not_quantified", "tanpa angka", "not quantified"),
    ("not_recorded", "tidak tercatat", "not recorded"),
    ("not_yet_due", "belum jatuh tempo", "not yet due"),
    ("opinion", "pendapat", "opinion"),
    ("overstated", "berlebihan", "overstated"),
    ("owner_ill", "pemilik sakit", "owner ill"),
    ("owner_retired", "pemilik berhenti berusaha", "owner retired"),
    ("packing_list", "daftar kemasan", "packing list"),
    ("passed", "lulus", "passed"),
    ("peb", "PEB", "PEB"),
    ("percent", "persen", "percent"),
    ("permenperin_64_2016", "Permenperin 64/2016", "Permenperin 64/2016"),
    ("person", "orang", "persons"),
    ("plan", "rencana", "plan"),
    ("planned", "direncanakan", "planned"),
    ("pp_7_2021", "PP 7/2021", "PP 7/2021"),
    ("present", "hadir", "present"),
    ("province", "provinsi", "province"),
    ("raw_material", "bahan baku", "raw material"),
    ("realised", "terealisasi", "spent"),
    ("recorded_twice", "dicatat dua kali", "recorded twice"),
    ("recovery", "pemulihan", "recovery"),
    ("registered_twice", "terdaftar dua kali", "registered twice"),
    ("report_overdue", "laporan terlambat", "report overdue"),
    ("report_received", "laporan diterima", "report received"),
    ("second", "kedua", "second"),
    ("showroom", "ruang pamer", "showroom"),
    ("sih", "SIH", "SIH"),
    ("sih_batik", "SIH batik", "SIH batik"),
    ("standardisation", "standardisasi", "standardisation"),
    ("subject_request", "permintaan yang bersangkutan", "request of the person concerned"),
    ("supported", "didukung", "supported"),
    ("surveillance_failed", "pengawasan tidak lulus", "surveillance failed"),
    ("taken_over", "diteruskan orang lain", "taken over"),
    ("training_hall", "aula pelatihan", "training hall"),
    ("true", "ya", "yes"),
    ("typing_error", "salah ketik", "typing error"),
    ("understated", "terlalu rendah", "understated"),
    ("waste", "limbah", "waste"),
    ("waste_management", "pengelolaan limbah", "waste management"),
    ("wastewater_above_limit", "air limbah di atas batas", "wastewater above the limit"),
    ("wastewater_untreated", "air limbah tidak diolah", "untreated wastewater"),
    ("water", "air", "water"),
    ("worker", "pekerja", "workers"),
    ("workforce", "tenaga kerja", "workforce"),
    ("wrong_area", "wilayah keliru", "wrong area"),
    ("wrong_enterprise", "usaha keliru", "wrong enterprise"),
    ("wrong_scan", "pindaian keliru", "wrong scan"),
    ("wrong_value", "nilai keliru", "wrong value"),
];

/// What the sexes are called; a code of one letter is anything elsewhere.
const SEXES: &[(&str, &str, &str)] = &[("f", "perempuan", "female"), ("m", "laki-laki", "male")];

/// What a word of a closed list is called, in Indonesian and English; none where it says so itself.
pub(crate) fn words_of(code: &str) -> Option<[&'static str; 2]> {
    let row = CODES.iter().chain(SEXES).find(|row| row.0 == code)?;
    Some([row.1, row.2])
}

/// A code with what it is called behind it: `excused (izin)`; alone where it is called as it is written, but for what joins its
/// words.
#[must_use]
pub fn choice(code: &str, label: &str) -> String {
    let plain = |text: &str| folded(&text.replace('_', " "));
    match label.is_empty() || plain(label) == plain(code) {
        true => code.to_owned(),
        false => format!("{code} ({label})"),
    }
}

#[cfg(test)]
mod tests {
    use crate::types::claim::ClaimVerdict;

    use super::*;

    #[test]
    fn verdicts_are_called_as_they_say() {
        for verdict in ClaimVerdict::ALL {
            assert_eq!(words_of(verdict.name()), Some(verdict.words()), "{}", verdict.name());
        }
    }
}
