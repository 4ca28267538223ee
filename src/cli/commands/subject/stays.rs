//! What an erasure leaves readable, and why: said before it is done, by the erasure itself, and afterwards.

use std::io::{self, Write};

use crate::queries::held::{StayOutput, What};
use crate::words::language::{Language, text};

impl StayOutput {
    fn text(&self, language: Language) -> String {
        let ikm = &self.subject;
        match &self.what {
            What::Figures => text!(
                language,
                "tetap terbaca: angka tersegel {ikm}, sebab angka usaha bukan data pribadi",
                "stays readable: the sealed figures of {ikm}, for those of an enterprise are no personal data"
            ),
            What::OtherTimes { events } => {
                let events = listed(events);
                text!(
                    language,
                    "tetap terbaca: data pribadi {ikm} pada peristiwa {events}, sebab berasal dari masa ketika usaha itu bukan miliknya; hapus {ikm} juga bila itu harus hilang",
                    "stays readable: the personal data of {ikm} in events {events}, for they are of a time when it was not this person's; erase {ikm} too if they must go"
                )
            }
            What::Evidence { files } => {
                let files = listed(files);
                text!(
                    language,
                    "tetap terbaca: bukti {files} tentang {ikm}, sebab tidak disebut peristiwa dari masa ketika usaha itu miliknya; tarik dengan `jejak attach --redact` bila itu harus hilang",
                    "stays readable: evidence {files} about {ikm}, for no event of a time when it was this person's lists it; withdraw it with `jejak attach --redact` if it must go"
                )
            }
        }
    }
}

/// Some of them, for a sentence.
pub fn listed<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Says all that stays, a line each, the log itself last.
pub fn print(stays: &[StayOutput], language: Language, out: &mut impl Write) -> io::Result<()> {
    for stay in stays {
        writeln!(out, "{}", stay.text(language))?;
    }
    let log = language.pick(
        "tetap ada: peristiwa dengan fakta terbukanya dan sidik jari nilai tersegelnya, sebab log tidak pernah diubah dan hitungan bertumpu padanya",
        "stays: events with their open facts and the digests of their sealed values, for the log is never changed and figures rest on it",
    );
    writeln!(out, "{log}")
}
