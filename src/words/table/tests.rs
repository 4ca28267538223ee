use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;

use super::*;

fn people(columns: &[(Holds, &'static str)]) -> Table {
    Table::new(Language::En, columns.iter().map(|(holds, title)| Column::both(*holds, title, [title, title])))
}

fn of_two() -> Table {
    let mut table = people(&[(Holds::Id, "view"), (Holds::Text, "figures"), (Holds::Number, "events")]);
    let figures = ["77 IKM (enrolled)", "78 orang (enrolled_persons)"].map(str::to_owned);
    table.row([Cell::id("enrolled"), Cell::Lines(figures.into()), 1_126_u64.into()]);
    table
}

/// The lines; one that is a rule, however long, as `─`.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(|line| if line.starts_with('─') { "─" } else { line }).collect()
}

#[test]
fn our_lines_break_in_a_cell_and_nobody_elses_do() {
    let expected = [
        " view       figures                       events",
        "─",
        " enrolled   77 IKM (enrolled)              1,126",
        "            78 orang (enrolled_persons)",
        "─",
    ];
    assert_eq!(lines(&of_two().to_text(80)), expected);
    let mut foreign = people(&[(Holds::Name, "na\u{1b}[2Jme")]);
    foreign.row(["Batik\nVERIFIED \u{1b}[31m\u{202e}\u{7}".into()]);
    foreign.row([Cell::Lines(vec!["one".to_owned(), "two\u{1b}[31m\nthree".to_owned()])]);
    let text = foreign.to_text(80);
    let shown = ["na␛[2Jme", "Batik↵VERIFIED ␛[31m<U+202E>␇", "two␛[31m↵three"];
    assert!(shown.iter().all(|shown| text.contains(shown)), "{text}");
    assert_eq!(text.lines().count(), 6, "{text}");
}

#[test]
fn a_table_is_no_wider_than_its_page() {
    let mut table = of_two();
    let title = "a title of many words that goes on and on for more than a page is wide";
    table.row([Cell::id("assessed"), title.into(), 7_u64.into()]);
    for width in [200, 120, 80, 60, 45, 40, 30, 24] {
        let text = table.to_text(width);
        assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
        assert!(text.contains("enrolled") && text.contains("1,126"), "{text}");
    }
    // Too narrow for three columns: a block for each row.
    assert!(table.to_text(30).contains("\n view     enrolled\n"), "{}", table.to_text(30));
}

/// A broken cell that makes the table the longer form is told in a block.
#[test]
fn the_shorter_form_is_told() {
    let mut table = people(&[(Holds::Id, "index"), (Holds::Id, "hash"), (Holds::Text, "content")]);
    let content = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
    table.row([Cell::id(1), Cell::id("0123456789abcdef0123456789ab"), content.into()]);
    assert!(table.to_text(50).contains("\n index    1\n"), "{}", table.to_text(50));
    assert!(table.to_text(130).starts_with(" index   hash"), "{}", table.to_text(130));
}

#[test]
fn a_table_of_one_column_and_one_without_rows() {
    let mut table = people(&[(Holds::Name, "name")]);
    assert!(table.is_empty());
    assert_eq!(lines(&table.to_text(40)), [" name", "─", "─"]);
    table.row(["Batik".into()]);
    assert_eq!(lines(&table.to_text(40)), [" name", "─", " Batik", "─"]);
}

#[test]
fn cells_are_told_in_the_language_and_columns_that_do_not_apply_are_not() {
    let columns = [
        Column::both(Holds::Number, "n", ["jumlah", "number"]),
        Column::people(Holds::Share, ["bagian", "share"]),
        Column::people(Holds::Day, ["hari", "day"]),
        Column::both(Holds::Text, "none", ["tidak ada", "none"]),
        Column::both(Holds::Text, "word", ["kata", "word"]),
        Column::programs(Holds::Id, "id"),
    ];
    let day = Date::parse("2025-10-08").unwrap();
    let told = |language, text: &[&str]| {
        let mut table = Table::new(language, columns.clone()).ending([(Holds::Number, "size", 9_u64.into())]);
        let word = |word: &str| Cell::coded("code", word);
        table.row([1_048_u64.into(), Cell::Share(8_005), day.into(), Cell::None, word("a"), Cell::id("x")]);
        table.row([Cell::Unknown, Cell::Hundredths(125), Cell::None, Cell::None, word("a"), Cell::id("y")]);
        assert_eq!(lines(&table.to_text(80)), text);
        let mut csv = Vec::new();
        table.write_csv(&mut csv, Csv::Any).unwrap();
        assert_eq!(String::from_utf8(csv).unwrap(), "n,none,word,id,size\n1048,,code,x,9\n,,code,y,9\n");
    };
    told(
        Language::Id,
        &[
            " jumlah    bagian   hari         kata",
            "─",
            "  1.048   80,05 %   8 Okt 2025   a",
            "      -      1,25                a",
            "─",
        ],
    );
    told(
        Language::En,
        &[
            " number     share   day          word",
            "─",
            "  1,048   80.05 %   8 Oct 2025   a",
            "      -      1.25                a",
            "─",
        ],
    );
}

#[test]
fn what_rows_share_is_told_once_and_some_rows_are_for_some_readers_only() {
    let columns = [
        Column::both(Holds::Id, "who", ["siapa", "who"]).once(),
        Column::both(Holds::Id, "area", ["wilayah", "area"]).once(),
        Column::both(Holds::Id, "event", ["peristiwa", "event"]),
    ];
    let mut table = Table::new(Language::En, columns);
    table.row(["a", "x", "1"].map(Cell::id));
    table.row(["a", "x", "2"].map(Cell::id));
    table.row_for_programs(["p", "p", "p"].map(Cell::id));
    table.row(["b", "x", "3"].map(Cell::id));
    table.row_for_people(["b", "y", "4"].map(Cell::id));
    let rows = [" a     x      1", "              2", " b     x      3", "       y      4"];
    assert_eq!(lines(&table.to_text(80))[2..6], rows);
    let mut csv = Vec::new();
    table.write_csv(&mut csv, Csv::Any).unwrap();
    let rows = "who,area,event\na,x,\"1\"\na,x,\"2\"\np,p,p\nb,x,\"3\"\n";
    assert_eq!(String::from_utf8(csv).unwrap(), rows);
}

#[test]
fn no_day_identifier_or_number_is_cut_and_wide_characters_count_as_they_are_shown() {
    let mut table = people(&[(Holds::Id, "who"), (Holds::Name, "title"), (Holds::Day, "recorded")]);
    let recorded = RecordedTime::parse("2025-10-08T02:00:00.000Z").unwrap();
    let moment = || Cell::Recorded(recorded, AreaCode::parse("33.75").unwrap());
    table.row([Cell::id("ikm/0123456789"), "工芸 batik tulis".into(), moment()]);
    table.row([Cell::id("ikm/2"), "Ölc\u{327}u\u{308}, batik 1.048.000".into(), moment()]);
    assert_eq!(
        lines(&table.to_text(43)),
        [
            " who              title        recorded",
            "─",
            " ikm/0123456789   工芸 batik   8 Oct 2025",
            "                  tulis        09:00 WIB",
            " ikm/2            Ölc\u{327}u\u{308},        8 Oct 2025",
            "                  batik        09:00 WIB",
            "                  1.048.000",
            "─",
        ]
    );
}

/// Words that a table may hold: some wide, some long, some with marks, numbers and identifiers.
fn any_words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z]{1,12}",
        "[a-z]{25,60}",
        "[0-9]{1,9}",
        "ikm/[0-9a-f]{8}-[0-9a-f]{4}",
        "[工芸品匠]{1,30}",
        "(e\u{301}|o\u{308}){1,9}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(word, 0..9).prop_map(|words| words.join(" "))
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::None),
        Just(Cell::Unknown),
        any::<i64>().prop_map(Cell::from),
        any_words().prop_map(Cell::Text),
        any_words().prop_map(Cell::Id),
        proptest::collection::vec(any_words(), 1..3).prop_map(Cell::Lines),
        proptest::collection::vec(any::<u32>().prop_map(u64::from), 0..30).prop_map(Cell::Events),
    ]
}

const HOLDS: [Holds; 4] = [Holds::Id, Holds::Name, Holds::Number, Holds::Text];

fn any_table() -> impl Strategy<Value = Table> {
    (1..=HOLDS.len()).prop_flat_map(|columns| {
        proptest::collection::vec(proptest::collection::vec(any_cell(), columns), 0..6).prop_map(
            move |rows| {
                let names = ["who", "the name of it", "number", "text"];
                let columns: Vec<_> = HOLDS.into_iter().zip(names).take(columns).collect();
                let mut table = people(&columns);
                rows.into_iter().for_each(|row| table.row(row));
                table
            },
        )
    })
}

proptest! {
    #[test]
    fn every_line_fits_the_page_but_for_one_number_or_identifier(table in any_table(), width in 12..130_usize) {
        for line in table.to_text(width).lines() {
            let wide = |word: &str| word.is_ascii() && word.bytes().any(|byte| byte.is_ascii_digit());
            // In a block a value stands behind its label; whatever is wider there stands alone.
            let alone = line.split(' ').rfind(|word| !word.is_empty()).is_some_and(wide);
            prop_assert!(line.width() <= width || alone, "{width}: {line:?}");
            prop_assert!(!line.chars().any(jejak_events::text::is_unseen), "{line:?}");
        }
    }

    #[test]
    fn csv_is_read_back_as_it_was(table in any_table()) {
        let mut written = Vec::new();
        table.write_csv(&mut written, Csv::Any).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().from_reader(&written[..]);
        let read: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        let unheld = |text: &str| text.strip_prefix('\'').unwrap_or(text).to_owned();
        let said = |row: &Vec<Cell>| row.iter().map(|cell| unheld(&cell.raw())).collect::<Vec<_>>();
        let read: Vec<Vec<String>> = read.iter().map(|row| row.iter().map(|text| unheld(text)).collect()).collect();
        // A row of one empty cell is an empty line, which no reader of CSV takes for a row.
        let is_line = |row: &&Vec<Cell>| row.len() > 1 || !row[0].raw().is_empty();
        let rows: Vec<Vec<String>> = table.rows.iter().map(|(_, row)| row).filter(is_line).map(said).collect();
        prop_assert_eq!(read, rows);
    }
}
