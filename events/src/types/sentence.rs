//! What the sentences of the types are made of. Each type has its template where it is declared; it says open fields
//! only, leaves codes as they are recorded, and does not say whose stream it is.

use std::fmt::Display;

use super::{FundingStage, Period};
use crate::fault::Message;
use crate::identity::{PersonId, SessionId, Subject};
use crate::values::{Count, Rupiah, SetOf};

/// How what stands elsewhere is called within a sentence.
#[derive(Clone, Copy)]
pub struct Naming<'a> {
    /// A stream.
    pub stream: &'a dyn Fn(Subject) -> String,
    /// A figure of a release by its code, Indonesian and English; `None` for one that is not known.
    pub figure: &'a dyn Fn(&str) -> Option<[&'static str; 2]>,
    /// So many of a figure of a view, `25 IKM bersertifikat`; `None` for one that is not known.
    pub counted: &'a dyn Fn(&str, u64) -> Option<Message>,
}

impl Naming<'_> {
    pub(crate) fn stream(&self, subject: Subject) -> String {
        (self.stream)(subject)
    }

    pub(crate) fn figure(&self, code: &str) -> Option<[&'static str; 2]> {
        (self.figure)(code)
    }

    pub(crate) fn counted(&self, code: &str, value: u64) -> Option<Message> {
        (self.counted)(code, value)
    }
}

/// The first characters of an identifier, enough to find it again.
const SHORT_ID_LENGTH: usize = 8;

/// A message of both texts with the same values in them.
macro_rules! said {
    ($id:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $( let $name = $value; )*
        $crate::fault::Message::new(format!($id), format!($en))
    }};
}

pub(crate) use said;

pub(crate) fn short_session(session: SessionId) -> String {
    session.to_string().chars().take(SHORT_ID_LENGTH).collect()
}

pub(crate) fn with(said: Message, id: &str, en: &str, value: Option<impl Display>) -> Message {
    match value {
        Some(value) => Message::new(format!("{}{id}{value}", said.id), format!("{}{en}{value}", said.en)),
        None => said,
    }
}

pub(crate) fn with_number(said: Message, id: &str, en: &str, value: Option<impl Into<i128>>) -> Message {
    with_words(said, id, en, value.map(number).as_ref())
}

/// The same with words in both languages.
pub(crate) fn with_words(said: Message, id: &str, en: &str, words: Option<&Message>) -> Message {
    match words {
        Some(words) => {
            Message::new(format!("{}{id}{}", said.id, words.id), format!("{}{en}{}", said.en, words.en))
        }
        None => said,
    }
}

pub(crate) fn with_message(said: Message, more: &Message) -> Message {
    Message::new(format!("{}{}", said.id, more.id), format!("{}{}", said.en, more.en))
}

pub(crate) fn because(said: Message, reason: Option<impl Display>) -> Message {
    let reason = reason.map(|reason| format!("({reason})"));
    with(said, " ", " ", reason)
}

pub(crate) fn by(said: Message, authority: Option<impl Display>) -> Message {
    with(said, " oleh ", " by ", authority)
}

pub(crate) fn sending(
    said: Message,
    group: Option<impl Display>,
    persons: Option<&SetOf<PersonId>>,
    call: &Naming<'_>,
) -> Message {
    let said = with(said, ", kelompok ", ", group ", group);
    let persons = persons.map(|persons| {
        persons.iter().map(|one| call.stream(Subject::Person(*one))).collect::<Vec<_>>().join(", ")
    });
    with(said, ": ", ": ", persons)
}

pub(crate) fn money(stage: FundingStage, source: String, amount: Option<Rupiah>) -> Message {
    let said = match stage {
        FundingStage::Planned => said!("dana {source} direncanakan", "money from {source} planned"),
        FundingStage::Allocated => said!("dana {source} dianggarkan", "money from {source} allocated"),
        FundingStage::Realised => said!("dana {source} dibelanjakan", "money from {source} spent"),
    };
    with(said, ": ", ": ", amount.map(rupiah))
}

/// A number as people read it, its thousands apart by a sign: `4.800.000.000`.
#[must_use]
pub fn grouped(value: i128, sign: char) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut shown = if value < 0 { "-".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(sign);
        }
        shown.push(digit);
    }
    shown
}

/// A number in Indonesian and English.
pub(crate) fn number(value: impl Into<i128>) -> Message {
    let value = value.into();
    Message::new(grouped(value, '.'), grouped(value, ','))
}

/// Hundredths of points in Indonesian and English, without the zeros behind a whole number: `82,05`, `100`.
pub(crate) fn hundredths(value: Count) -> Message {
    let Message { id, en } = number(value.get() / 100);
    match value.get() % 100 {
        0 => Message::new(id, en),
        rest => Message::new(format!("{id},{rest:02}"), format!("{en}.{rest:02}")),
    }
}

/// `Rp1.500.000`, as Indonesian offices write it.
fn rupiah(amount: Rupiah) -> String {
    format!("Rp{}", grouped(amount.get().into(), '.'))
}

/// From one day to another; a single day is said once.
#[must_use]
pub fn span(from: impl Display, to: impl Display) -> Message {
    let (from, to) = (from.to_string(), to.to_string());
    match from == to {
        true => Message::new(from.clone(), from),
        false => Message::new(format!("{from} sampai {to}"), format!("{from} to {to}")),
    }
}

pub(crate) fn period(period: &Period) -> String {
    format!("{}..{}", period.from, period.to)
}

pub(crate) fn list<T: Display>(values: &SetOf<T>) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

pub(crate) fn days(days: &[super::program::SessionDay]) -> String {
    days.iter().map(|day| day.date.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Data;

    #[test]
    fn money_is_written_as_offices_write_it() {
        for (amount, text) in [(0, "Rp0"), (950, "Rp950"), (1_500_000, "Rp1.500.000"), (100_000, "Rp100.000")]
        {
            assert_eq!(rupiah(Rupiah::new(amount).unwrap()), text);
        }
    }

    #[test]
    fn a_new_key_is_named_by_what_it_signs() {
        let vkey = "jejak.example/pekalongan+d626aa15+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
        for (purpose, id, en) in [
            ("checkpoint", "kunci checkpoint baru ", "new checkpoint key "),
            ("attestation", "kunci pernyataan baru ", "new attestation key "),
            ("recovery", "kunci pemulihan baru ", "new recovery key "),
        ] {
            let json = format!(r#"{{"purpose":"{purpose}","vkey":"{vkey}"}}"#);
            let data = Data::from_json("id.jejak.registry.key_introduced.v1", &json).unwrap().unwrap();
            let naming =
                Naming { stream: &|subject| subject.to_string(), figure: &|_| None, counted: &|_, _| None };
            let said = data.sentence(&naming);
            assert_eq!((said.id, said.en), (format!("{id}{vkey}"), format!("{en}{vkey}")));
        }
    }
}
