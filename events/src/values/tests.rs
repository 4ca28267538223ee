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
        "Batik\u{ad}Melati",
        "Batik \u{fe0f}",
        "B\u{430}tik",
        "\u{e000}",
        &"x".repeat(501),
    ] {
        assert!(Text::parse(text).is_err() && SealedText::parse(text).is_err(), "{text:?}");
        assert!(Issuer::parse(text).is_err() && CertificateNumber::parse(text).is_err(), "{text:?}");
    }
    let message = SealedText::parse("Batik\u{ad}Melati").unwrap_err();
    assert_eq!(
        message,
        Message::new(
            "teks \"Batik\\u{ad}Melati\": karakter ke-6 (U+00AD) tidak tampak; ketik ulang teksnya tanpa karakter itu",
            "text \"Batik\\u{ad}Melati\": character 6 (U+00AD) shows nothing; type the text anew without it",
        )
    );
    assert!(message.without_quotes().en.starts_with("text \"…\": character 6 (U+00AD)"), "{message:?}");
    let message = Text::parse("Batik Pen\u{303}o").unwrap_err();
    assert!(message.en.starts_with("character 9 (U+006E) is not in Unicode form NFC"), "{message:?}");
    for text in ["Batik Tulis Peño", "Выставка", "工芸", "Batik\u{a0}Melati", "-"] {
        assert!(Text::parse(text).is_ok() && SealedText::parse(text).is_ok(), "{text:?}");
    }
    assert!(
        Issuer::parse("LSIH B4T").is_ok()
            && Issuer::parse("-").is_err()
            && Issuer::parse("Выставка").is_err()
    );
    assert!(CertificateNumber::parse("13134:2023/001").is_ok() && CertificateNumber::parse("—").is_err());
}

#[test]
fn numbers_of_persons_stand_in_sealed_texts_only() {
    for text in ["3375010101800001", "Peserta 3375-0101-0180-0001", "HP 0812-3456-7890", "+62 812 3456 7890"]
    {
        let message = Text::parse(text).unwrap_err();
        assert_eq!(Issuer::parse(text).unwrap_err(), message, "{text}");
        assert!(message.en.contains("open to all") && message.id.contains("terbuka"), "{message:?}");
        for digits in ["3375", "0812", "812 "] {
            assert!(!message.en.contains(digits) && !message.id.contains(digits), "{message:?}");
        }
        assert!(SealedText::parse(text).is_ok() && CertificateNumber::parse(text).is_ok());
    }
}

#[test]
fn identity_numbers_are_no_codes() {
    assert!(Code::parse("sih-2023").is_ok() && Code::parse("12345678901234").is_ok());
    for code in [
        "3375010101800001",
        "nik-3375010101800001",
        "9120304050607",
        "nik:3375-0101-0180-0001",
        "hp.081234567890",
    ] {
        let message = Code::parse(code).unwrap_err();
        assert!(
            message.en.contains("open to all")
                && !message.en.contains("3375")
                && !message.id.contains("9120"),
            "{message:?}"
        );
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

#[test]
fn districts_lie_in_a_city() {
    let district = DistrictCode::parse("33.75.01").unwrap();
    assert_eq!(
        (district.area().unwrap().to_string(), district.called()),
        ("33.75".into(), "Pekalongan Barat (33.75.01)".into())
    );
    assert_eq!(DistrictCode::parse("33.75.98").unwrap().called(), "33.75.98");
    for text in ["33.75", "33.75.1", "33.75.00", "33.75.001", "3375.01", "33.01", "33.99.01", "33.75.0x"] {
        assert!(DistrictCode::parse(text).is_err(), "{text}");
    }
    let message = DistrictCode::parse("33.75.1").unwrap_err();
    assert_eq!(
        message.id,
        "kode kecamatan \"33.75.1\" harus kode kabupaten atau kota dan 2 angka, misalnya 33.75.01"
    );
    assert_eq!(
        message.en,
        "district code \"33.75.1\" must be the code of a kabupaten or kota and 2 digits, such as 33.75.01"
    );
}
