//! `jejak find`.

use std::io::Write as _;

use clap::{Args, ValueEnum};
use jejak_events::identity::SubjectKind;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{on_page, page, write_csv, write_marked, write_synthetic};
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::queries::find::{self, Hit, Query};
use crate::registry::{RegistryError, Signed};
use crate::tables;
use crate::words::language::{count, text};

/// Find IKMs, persons, certificates, programmes, exhibitions and sentras by name, number or identifier.
///
/// Names, business numbers (NIB), identity numbers (NIK), phone and certificate numbers are looked up in
/// the vault; titles, names of exhibitions and sentras, and venues stand open. Each word that is typed
/// begins a word of what fits; letter case and order do not matter. Digits alone fit in a number
/// whatever separates them. The beginning of an identifier, at least four characters, fits too, also as
/// ikm/7f2c. Old names are found and said to be old. What was erased is not found.
///
/// The search is noted in the access log before the vault is opened, and all whom it finds before anything
/// is told of them, also beyond --limit. The words themselves are not noted: they are nearly always somebody's name or number,
/// and the access log must outlive an erasure without keeping what was erased. How many words or digits
/// they were is noted. With --kind program, exhibition or sentra the vault stays closed, and nothing is
/// noted.
///
/// With --doubled and no words it lists the IKMs and persons that look registered twice: those of one NIB or NIK, and those of
/// one name in one area. Those alike stand together under one number; numbers are not shown. Which of them is the right
/// one the office decides, and merges the other into it.
///
/// JSON: `{"hits":[{"subject","matched","value","name","area","holder","status","group","counts_as"}],
/// "total","limit","synthetic"}`; `group` numbers those alike, with --doubled. `matched` is `id`, `name`, `title`, `nib`, `nik`, `phone`, `number` or `venue`;
/// `value` is what fits, left out for `id`, `nib`, `nik` and `phone`; `name` is the present one, of a
/// certificate that of its holder. `status` is `in_force`, `former` (another took its place),
/// `corrected` (it never held) or `retracted`. `total` counts all hits, also those beyond the limit.
/// The exit code is 0 whether or not anything fits.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jejak find batik melati --kind ikm --actor petugas-3\n  jejak find 7f2c1a34 --actor petugas-3\n  jejak find --doubled --kind ikm --actor petugas-3"
)]
pub struct Arguments {
    /// What to look for; several words may be given apart.
    #[arg(required_unless_present = "doubled", value_name = "TEXT")]
    text: Vec<String>,
    /// List the IKMs and persons that look registered twice.
    #[arg(long, conflicts_with = "text")]
    doubled: bool,
    /// Only this kind.
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Kind>,
    /// Show at most so many, 0 for all; the total is said.
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// IKM.
    Ikm,
    /// Persons.
    Person,
    /// Certificates.
    Certificate,
    /// Programmes.
    Program,
    /// Exhibitions.
    Exhibition,
    /// Sentras.
    Sentra,
}

impl Kind {
    fn of_subject(self) -> SubjectKind {
        match self {
            Self::Ikm => SubjectKind::Ikm,
            Self::Person => SubjectKind::Person,
            Self::Certificate => SubjectKind::Certificate,
            Self::Program => SubjectKind::Program,
            Self::Exhibition => SubjectKind::Exhibition,
            Self::Sentra => SubjectKind::Sentra,
        }
    }
}

/// What was found.
#[derive(Serialize, JsonSchema)]
struct Output<'a> {
    /// The best first, at most `limit`.
    hits: &'a [Hit],
    /// How many fit, also where fewer are listed.
    total: usize,
    /// How many are listed at most; 0 for all.
    limit: usize,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<crate::cli::output::Marked<'static, Output<'static>>>];

/// What is looked for.
enum Search {
    Words(Query),
    Doubled,
}

impl Search {
    fn of(arguments: &Arguments) -> Result<Self, Stop> {
        if arguments.doubled {
            return match arguments.kind {
                None | Some(Kind::Ikm | Kind::Person) => Ok(Self::Doubled),
                Some(_) => Err(Stop::usage(
                    "--doubled mencari IKM dan orang; pakai --kind ikm atau --kind person",
                    "--doubled looks for IKMs and persons; use --kind ikm or --kind person",
                )),
            };
        }
        let query = Query::parse(&arguments.text.join(" ")).ok_or_else(|| {
            Stop::usage(
                "tidak ada kata atau angka untuk dicari; contoh: jejak find batik melati --actor petugas-3",
                "there is no word or number to look for; example: jejak find batik melati --actor petugas-3",
            )
        })?;
        Ok(Self::Words(query))
    }

    /// What may be noted of it.
    fn shape(&self) -> String {
        match self {
            Self::Words(query) => query.shape(),
            Self::Doubled => "doubled".to_owned(),
        }
    }
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let search = Search::of(arguments)?;
    let kind = arguments.kind.map(Kind::of_subject);
    let looks = find::looks_into_the_vault(kind);
    let actor = crate::cli::looker(&context.global, looks)?;
    context.with_looks(looks, Signed::NotNeeded, |reading, registry| {
        let of_kind = kind.map_or_else(String::new, |kind| format!(" --kind {}", kind.name()));
        let purpose = format!("find ({}){of_kind}", search.shape());
        // Everybody's names are opened to be compared.
        let everybody = registry.map(|registry| registry.look_at_everybody(&actor, &purpose)).transpose()?;
        let (snapshot, everybody) = (reading.snapshot(), everybody.as_ref());
        let found = match &search {
            Search::Words(query) => find::find(snapshot, everybody, query, kind),
            Search::Doubled => find::doubled(snapshot, everybody, kind),
        };
        let mut found = found.map_err(RegistryError::from)?;
        found.truncate(arguments.limit);
        let (total, told_of) = (found.total, found.subjects());
        let look = registry.filter(|_| !told_of.is_empty());
        let look = look.map(|registry| registry.look(&actor, &format!("{purpose}, found"), &told_of));
        let hits = found.show(look.transpose()?.as_ref()).map_err(RegistryError::from)?;
        let synthetic = snapshot.constitution().synthetic;
        let output = Output { hits: &hits, total, limit: arguments.limit };
        print(context, &output, matches!(search, Search::Doubled), synthetic)?;
        Ok(Exit::Fine)
    })
}

fn print(context: &Context, output: &Output<'_>, doubled: bool, synthetic: bool) -> Result<(), Stop> {
    let mut out = page(context);
    let language = context.language;
    let table = match doubled {
        true => tables::find::alike(output.hits, (output.total, synthetic), language),
        false => tables::find::table(output.hits, (output.total, synthetic), language),
    };
    match context.format() {
        Format::Json => return write_marked(&mut out, output, synthetic),
        Format::Csv => return write_csv(&mut out, context, &table),
        Format::Table => {}
    }
    write_synthetic(&mut out, synthetic, language)?;
    if !table.is_empty() {
        writeln!(out, "{}", on_page(&table))?;
    }
    let counted = |of| count(of, language);
    let (total, shown) = (output.total, output.hits.len());
    let said = match (total, shown) {
        (0, _) if doubled => {
            text!(language, "tidak ada pendaftaran yang tampak ganda", "no registration looks doubled")
        }
        (0, _) => text!(
            language,
            "tidak ada yang cocok; coba sebagian namanya, nomornya, atau tanpa --kind",
            "nothing fits; try a part of the name, the number, or without --kind"
        ),
        (total, shown) if total > shown => text!(
            language,
            "{shown} dari {total} yang cocok; sebutkan lebih banyak, atau beri --limit",
            "{shown} of {total} that fit; say more, or give --limit",
            shown = counted(shown),
            total = counted(total)
        ),
        _ => text!(language, "{total} yang cocok", "{total} that fit", total = counted(total)),
    };
    writeln!(out, "{said}")?;
    Ok(out.flush()?)
}
