//! What the filled example shows: a few telling figures, one of them opened to its events, and one as
//! it was known a year earlier.
//!
//! The notes say what the story tells; the figures are asked of the views like any other, and must never
//! be written down here.

use jejak_events::area::AreaCode;
use jejak_events::time::RecordedTime;
use jejak_events::values::{Code, Date};
use jejak_projections::answer::{Answer, Words};
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::view;
use serde::Serialize;

use crate::registry::{Registry, RegistryError};

/// Why the story could not be told.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A view has no answer. With an untouched example that is a defect of this program.
    #[error("a question of the worked example has no answer: {0}")]
    Question(#[from] QuestionError),
}

/// The story, in the order of telling.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// The main views on telling days.
    pub figures: Vec<Told>,
    /// One of the figures, opened.
    pub opened: Opened,
    /// One figure twice: as it was known a year before the last word on it, and then.
    pub known: [Told; 2],
    /// Commands to try next, each with what it does.
    pub next: Vec<Next>,
}

/// A figure with the reason to look at it.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// What it shows.
    pub note: Words,
    /// The command that asks for it: arguments of `jejak`, without `--dir`.
    pub command: String,
    /// The answer.
    pub answer: Answer,
}

/// A figure opened down to events.
#[derive(Clone, Debug, Serialize)]
pub struct Opened {
    /// The figure; its answer lists everybody behind it.
    pub told: Told,
    /// The events behind the first of them, ascending by index.
    pub events: Vec<Behind>,
}

/// An event behind a figure.
#[derive(Clone, Debug, Serialize)]
pub struct Behind {
    /// Its index in the log.
    pub index: u64,
    /// Its type.
    pub kind: &'static str,
    /// When it happened, as written in the record.
    pub happened: String,
    /// When the registry learnt it, RFC 3339 UTC.
    pub recorded: String,
}

/// A command to try.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Next {
    /// What it does.
    pub note: Words,
    /// Arguments of `jejak`, without `--dir`.
    pub command: &'static str,
}

/// One question of the story.
struct Ask {
    view: &'static str,
    area: &'static str,
    theme: Option<&'static str>,
    on: &'static str,
    note: Words,
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
};
const GREEN_NOW: Ask = Ask {
    view: "green_certified",
    area: "33.75",
    theme: None,
    on: "2026-06-30",
    note: Words {
        id: "Di akhir kelanjutan sintetis: delapan sertifikat terbit, satu dicabut.",
        en: "At the end of the synthetic sequel: eight certificates were issued, one was revoked.",
    },
};
const EXPORT: Ask = Ask {
    view: "export_trained",
    area: "35.76",
    theme: None,
    on: "2023-10-26",
    note: Words {
        id: "Pelatihan perdagangan luar negeri, hari terakhirnya: IKM dan orang dihitung terpisah.",
        en: "The foreign-trade training on its last day: IKMs and persons are counted apart.",
    },
};

const FIGURES: &[Ask] = &[
    Ask {
        view: "registered",
        area: "33.75",
        theme: None,
        on: "2025-10-08",
        note: Words {
            id: "Satu di antaranya semula tercatat di Kabupaten Pekalongan (33.26), lalu dikoreksi.",
            en: "One of them was first recorded in Kabupaten Pekalongan (33.26), then corrected.",
        },
    },
    Ask {
        view: "enrolled",
        area: "33.75",
        theme: Some("green_industry"),
        on: "2025-10-08",
        note: Words {
            id: "Pelatihan industri hijau, Rabu 8 Oktober 2025: 30 IKM, seperti diberitakan.",
            en: "The green-industry training, Wednesday 8 October 2025: 30 IKMs, as reported.",
        },
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
    },
    EXPORT,
    Ask {
        view: "trained",
        area: "35.74",
        theme: Some("basic_batik"),
        on: "2022-05-27",
        note: Words {
            id: "Kota Probolinggo: 30 orang terdaftar, satu tidak menyelesaikan.",
            en: "Kota Probolinggo: 30 persons enrolled, one did not complete.",
        },
    },
    Ask {
        view: "exhibited",
        area: "35.76",
        theme: None,
        on: "2023-10-10",
        note: Words {
            id: "Pameran di Sunrise Mall, 6-10 Oktober 2023.",
            en: "The exhibition at Sunrise Mall, 6 to 10 October 2023.",
        },
    },
];

/// The sheet that turned up in December 2024 was not known at the first of these moments.
const KNOWN_BEFORE: &str = "2024-06-30T00:00:00.000Z";
const KNOWN_AFTER: &str = "2025-06-30T00:00:00.000Z";

const NEXT: &[Next] = &[
    Next {
        note: Words { id: "semua tampilan dengan definisinya", en: "all views with their definitions" },
        command: "view",
    },
    Next {
        note: Words { id: "IKM dan peristiwa di balik angka", en: "the IKMs and events behind a figure" },
        command: "view green_certified --area 33.75 --on 2026-06-30 --list",
    },
    Next {
        note: Words {
            id: "bukti bahwa satu peristiwa ada dalam log",
            en: "the proof that one event is in the log",
        },
        command: "log proof 1",
    },
    Next { note: Words { id: "memeriksa segalanya", en: "check everything" }, command: "verify" },
];

/// Tells the story from a registry that [`super::fill`] filled.
///
/// # Errors
/// When the registry cannot be read, or holds less than the story asks about.
pub fn story(registry: &Registry) -> Result<Story, StoryError> {
    let size = registry.facts().size();
    let figures = FIGURES.iter().map(|ask| tell(registry, ask, size)).collect::<Result<_, _>>()?;
    let opened = open(registry, tell(registry, &GREEN_NOW, size)?)?;
    let [before, after] = [KNOWN_BEFORE, KNOWN_AFTER].map(|moment| as_known(registry, &EXPORT, moment, size));
    Ok(Story { figures, opened, known: [before?, after?], next: NEXT.to_vec() })
}

#[expect(clippy::expect_used, reason = "literals of this module, which a test reads")]
fn tell(registry: &Registry, ask: &Ask, size: u64) -> Result<Told, StoryError> {
    let mut question = Question::new(Date::parse(ask.on).expect("a date of the story"), size);
    question.area = Some(AreaCode::parse(ask.area).expect("an area of the story"));
    question.theme = ask.theme.map(|theme| Code::parse(theme).expect("a theme of the story"));
    let theme = ask.theme.map(|theme| format!(" --theme {theme}")).unwrap_or_default();
    let command = format!("view {} --area {}{theme} --on {}", ask.view, ask.area, ask.on);
    let answer = view(ask.view)?.answer(&registry.facts(), &question)?;
    Ok(Told { note: ask.note, command, answer })
}

#[expect(clippy::expect_used, reason = "literals of this module, which a test reads")]
fn as_known(registry: &Registry, ask: &Ask, moment: &str, size: u64) -> Result<Told, StoryError> {
    let until = RecordedTime::parse(moment).expect("a moment of the story");
    let told = tell(registry, ask, size_at(registry, until, size)?)?;
    let note = if moment == KNOWN_BEFORE {
        Words {
            id: "Seperti diketahui pada pertengahan 2024: daftar hadir hari terakhir tiga IKM belum ditemukan.",
            en: "As known in mid-2024: the last day's attendance list of three IKMs was not yet found.",
        }
    } else {
        Words {
            id: "Seperti diketahui setahun kemudian: hari yang sama, angka yang lain.",
            en: "As known a year later: the same day, another figure.",
        }
    };
    Ok(Told { note, command: format!("{} --as-known {moment}", told.command), ..told })
}

/// Number of events recorded up to a moment; recorded times never decrease along the log.
fn size_at(registry: &Registry, until: RecordedTime, size: u64) -> Result<u64, RegistryError> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = low.midpoint(high);
        if registry.event(middle)?.recorded <= until { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

fn open(registry: &Registry, told: Told) -> Result<Opened, StoryError> {
    let behind = |index: u64| {
        let event = registry.event(index)?;
        Ok(Behind {
            index,
            kind: event.draft.data.type_name(),
            happened: event.draft.time.to_string(),
            recorded: event.recorded.to_string(),
        })
    };
    let first = told.answer.members.first().map(|member| member.events.as_slice()).unwrap_or_default();
    let events = first.iter().map(|index| behind(*index)).collect::<Result<_, RegistryError>>()?;
    Ok(Opened { told, events })
}
