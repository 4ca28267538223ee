//! Reading the fields of a claim that people may write in more than one way.

use std::fmt;

use jejak_events::fault::Message;
use jejak_events::types::Scaled;
use jejak_events::types::claim::Weekday;
use jejak_events::values::{Date, Decimal};
use serde::{Deserialize, Deserializer};

use crate::question::scale;

/// One value, or a list of them.
pub(super) fn one_or_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Visitor<T>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text or a list of texts")
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<T>, E> {
            T::deserialize(serde::de::value::StrDeserializer::new(text)).map(|one| vec![one])
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut all = Vec::new();
            while let Some(one) = list.next_element()? {
                all.push(one);
            }
            Ok(all)
        }
    }
    deserializer.deserialize_any(Visitor(std::marker::PhantomData))
}

/// A size class as [`scale`] reads it.
pub(super) fn size_class<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Scaled>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let unknown = || {
        serde::de::Error::custom(Message::new(
            format!("skala {text:?} tidak dikenal; contoh: kecil, menengah, pp_7_2021:mikro"),
            format!("scale {text:?} is not known; examples: kecil, menengah, pp_7_2021:mikro"),
        ))
    };
    scale(&text).map(Some).ok_or_else(unknown)
}

/// A number, in quotation marks or as a whole number of TOML. A floating point number would lose the places that were
/// written.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    struct Visitor;
    impl serde::de::Visitor<'_> for Visitor {
        type Value = Decimal;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number, or a number as text")
        }
        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Decimal, E> {
            Decimal::parse(&number.to_string()).map_err(E::custom)
        }
        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Decimal, E> {
            Decimal::parse(&number.to_string()).map_err(E::custom)
        }
        fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Decimal, E> {
            Err(E::custom(Message::new(
                format!(
                    "tulis angka dengan koma di antara tanda kutip, supaya tidak ada angka yang hilang, misalnya \"{number}\""
                ),
                format!(
                    "write a number with places in quotation marks, so that none is lost, such as \"{number}\""
                ),
            )))
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Decimal, E> {
            Decimal::parse(text).map_err(E::custom)
        }
    }
    deserializer.deserialize_any(Visitor).map(Some)
}

/// A date, in quotation marks or as a date of TOML: people write both.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenDay {
    Text(String),
    Native(toml::value::Datetime),
}

impl WrittenDay {
    fn read<E: serde::de::Error>(self) -> Result<Date, E> {
        let text = match self {
            Self::Text(text) => text,
            Self::Native(day) => day.to_string(),
        };
        Date::parse(&text).map_err(E::custom)
    }
}

/// A date.
pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    WrittenDay::deserialize(deserializer)?.read().map(Some)
}

/// A list of dates.
pub(super) fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Date>, D::Error> {
    Vec::<WrittenDay>::deserialize(deserializer)?.into_iter().map(WrittenDay::read).collect()
}

/// A day of the week, in either language.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenWeekday {
    #[serde(alias = "senin")]
    Monday,
    #[serde(alias = "selasa")]
    Tuesday,
    #[serde(alias = "rabu")]
    Wednesday,
    #[serde(alias = "kamis")]
    Thursday,
    #[serde(alias = "jumat")]
    Friday,
    #[serde(alias = "sabtu")]
    Saturday,
    #[serde(alias = "minggu")]
    Sunday,
}

/// One weekday, or a list of them.
pub(super) fn weekdays<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Weekday>, D::Error> {
    let written = one_or_many::<D, WrittenWeekday>(deserializer)?;
    let read = |day| match day {
        WrittenWeekday::Monday => Weekday::Monday,
        WrittenWeekday::Tuesday => Weekday::Tuesday,
        WrittenWeekday::Wednesday => Weekday::Wednesday,
        WrittenWeekday::Thursday => Weekday::Thursday,
        WrittenWeekday::Friday => Weekday::Friday,
        WrittenWeekday::Saturday => Weekday::Saturday,
        WrittenWeekday::Sunday => Weekday::Sunday,
    };
    Ok(written.into_iter().map(read).collect())
}
