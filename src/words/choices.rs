//! What may be chosen from: codes as one types them, each with what it is called.

pub use jejak_events::codes::choice;

/// The codes one after the other, behind each what it is called where that says more: `basic_batik (membatik dasar), apd`.
#[must_use]
pub fn choices<T: AsRef<str>>(codes: impl IntoIterator<Item = T>, label: impl Fn(&str) -> String) -> String {
    let one = |code: T| choice(code.as_ref(), &label(code.as_ref()));
    codes.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_label_beside_it_where_that_says_more() {
        let label = |code: &str| match code {
            "basic_batik" => "membatik dasar".to_owned(),
            "green_industry" => "Green industry".to_owned(),
            "none" => String::new(),
            same => same.to_owned(),
        };
        assert_eq!(
            choices(["basic_batik", "green_industry", "apd", "none"], label),
            "basic_batik (membatik dasar), green_industry, apd, none"
        );
        assert_eq!(choices(Vec::<String>::new(), label), "");
    }
}
