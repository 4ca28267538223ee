use super::*;

#[test]
fn dates_exist() {
    assert_eq!(Date::parse("2024-02-29").unwrap().to_string(), "2024-02-29");
    for text in [
        "2025-02-31",
        "2025-02-29",
        "08/10/2025",
        "2025-1-01",
        "2025-13-01",
        "1899-01-01",
        "2025-10-8",
        "２025-10-08",
    ] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
    let date = Date::parse("2025-10-08").unwrap();
    assert_eq!(Date::from_day_number(date.day_number()), Some(date));
}

#[test]
fn numbers_that_are_text_stay_text() {
    assert!(serde_json::from_str::<Nik>("3375010101800001").is_err());
    assert!(serde_json::from_str::<Nik>("\"3375010101800001\"").is_ok());
    assert!(serde_json::from_str::<Nib>("\"912030405060\"").is_err());
}

#[test]
fn codes_of_trade_have_their_form() {
    assert!(CountryCode::parse("JP").is_ok() && CountryCode::parse("ZZ").is_ok());
    for code in ["", "jp", "Jp", "JPN", "J", "J1", "ＪＰ"] {
        assert!(CountryCode::parse(code).is_err(), "{code:?}");
    }
    assert!(["6204", "620442", "62044210", "0901211010"].iter().all(|code| HsCode::parse(code).is_ok()));
    for code in ["", "62", "62044", "6204.42", "620 42", "62044210101", "６２０４"] {
        assert!(HsCode::parse(code).is_err(), "{code:?}");
    }
    assert!(serde_json::from_str::<HsCode>("620442").is_err(), "digits are text");
}

#[test]
fn text_is_trimmed_and_composed() {
    assert!(Text::parse("Batik Tulis Peño").is_ok());
    for text in [
        "",
        " x",
        "x ",
        "a\u{0}b",
        "e\u{301}",
        "\u{feff}a",
        "a\u{2028}b",
        "a\u{202e}b",
        "\u{200b}",
        &"x".repeat(501),
    ] {
        assert!(Text::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn identity_numbers_are_no_codes() {
    assert!(Code::parse("sih-2023").is_ok() && Code::parse("12345678901234").is_ok());
    for code in ["3375010101800001", "nik-3375010101800001", "9120304050607"] {
        let message = Code::parse(code).unwrap_err();
        assert!(!message.en.contains("3375") && !message.id.contains("9120"), "{message:?}");
    }
}

#[test]
fn sets_are_sorted_and_never_empty() {
    let set: SetOf<Count> = serde_json::from_str("[3,1,2]").unwrap();
    assert_eq!(serde_json::to_string(&set).unwrap(), "[1,2,3]");
    assert!(serde_json::from_str::<SetOf<Count>>("[]").is_err());
    assert!(serde_json::from_str::<SetOf<Count>>("[1,1]").is_err());
}

#[test]
fn numbers_have_bounds_and_no_fractions() {
    assert!(serde_json::from_str::<Rupiah>("9007199254740992").is_err());
    assert!(serde_json::from_str::<Rupiah>("9007199254740991").is_ok());
    assert!(serde_json::from_str::<Rupiah>("1.0").is_err());
    assert!(serde_json::from_str::<Minutes>("1441").is_err());
    assert!(serde_json::from_str::<Count>("-1").is_err());
}
