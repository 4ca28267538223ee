//! Claims: how they are read, and the verdict on each kind, on small stories.

mod compared;
mod not_known;
mod own_source;
mod scope;

use jejak_events::record::Event;
use jejak_events::types::FundingStage;
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::types::program::Unit;
use jejak_events::values::Date;
use jejak_projections::answer::FIGURE_LIMIT;
use jejak_projections::claims::sample::{self, Precision, SampleError};
use jejak_projections::claims::{
    CheckContext, Claim, ClaimLog, Contradiction, Report, Verdict, check, digest_of, folded_claim, id_of,
};
use jejak_projections::error::ReadFailure;
use jejak_projections::facts::Facts;
use jejak_projections::lineage::{EventSource, Lineage};

use crate::said::Said;
use crate::story::{self, Happening, Story};
use own_source::{OWN_URN, rests_on};

/// The log of a story in which each event is recorded on the day that it happens.
impl ClaimLog for Story {
    fn event(&self, index: u64) -> Result<Event, ReadFailure> {
        EventSource::event(self, index)
    }
    fn size_on(&self, day: Date) -> Result<u64, ReadFailure> {
        Ok(self.events.iter().take_while(|event| event.draft.time.date() <= day).count() as u64)
    }
}

fn tell(happenings: Vec<(&str, Happening)>) -> Story {
    let mut story = Story::default();
    for (day, happening) in happenings {
        story.add(day, happening);
    }
    story
}

fn judge(story: &Story, toml: &str) -> Report {
    judge_claim(story, &Claim::parse(toml).unwrap_or_else(|fault| panic!("{fault:?}\n{toml}")))
}

fn judge_claim(story: &Story, claim: &Claim) -> Report {
    judge_for(story, claim, None)
}

/// Judged on the last day of 2025, for a day.
fn judge_for(story: &Story, claim: &Claim, on: Option<Date>) -> Report {
    let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
    for (position, event) in (0..).zip(&story.events) {
        facts.append_event(position, event, &mut lineage, story).unwrap();
    }
    let asked = CheckContext {
        facts: &facts,
        log: story,
        today: story::date("2025-12-31"),
        on,
        as_known: story.size(),
        synthetic: false,
    };
    let report = check(claim, &asked).unwrap();
    // Of what is not recorded nobody is a part.
    if report.verdict == Verdict::NotRecorded {
        assert_eq!(
            (&report.members[..], &report.context[..], report.members_are_wider),
            (&[][..], &[][..], false)
        );
    }
    report
}

fn verdict(story: &Story, toml: &str) -> (Verdict, Option<u64>) {
    let report = judge(story, toml);
    (report.verdict, report.counted)
}

const HEAD: &str = "document = \"a.txt\"\npublisher = \"Harian Contoh\"\nclaim = \"x\"\n";

/// So many of a figure, in a scope.
fn claim(view: &str, figure: &str, unit: &str, value: Option<u64>, scope: &str) -> String {
    let value = value.map(|value| format!("value = {value}\n")).unwrap_or_default();
    format!(
        "{HEAD}kind = \"fact\"\nunit = \"{unit}\"\n{value}[indicator]\nview = \"{view}\"\nfigure = \"{figure}\"\n[scope]\n{scope}"
    )
}

fn enrolled(value: Option<u64>, scope: &str) -> String {
    claim("enrolled", "enrolled", "ikm", value, scope)
}

/// A claim without a value, about a whole.
fn of_whole(whole: &str) -> String {
    format!("{}[whole]\n{whole}", enrolled(None, JULY))
}

/// Three IKMs and four persons in a training of Mojokerto in July, two of them in one of October too.
fn two_trainings() -> Story {
    tell(vec![
        ("2025-01-01", story::registered(1, "35.76", None)),
        ("2025-01-01", story::registered(2, "35.76", None)),
        ("2025-01-01", story::registered(3, "35.76", None)),
        ("2025-02-01", story::opened(1, "35.76", "standardisation", Unit::Person, None)), // 3
        ("2025-02-01", story::scheduled(1, 1, None, &["2025-07-10", "2025-07-11"])),
        ("2025-02-01", story::opened(2, "35.76", "export", Unit::Person, None)), // 5
        ("2025-02-01", story::scheduled(2, 2, None, &["2025-10-24"])),
        ("2025-03-01", story::enrolled(1, 1, None, &[11, 12])), // 7
        ("2025-03-01", story::enrolled(2, 1, None, &[21])),
        ("2025-03-01", story::enrolled(3, 1, None, &[31])),
        ("2025-09-01", story::enrolled(1, 2, None, &[11, 12])), // 10
        ("2025-09-01", story::enrolled(2, 2, None, &[22])),
    ])
}

const JULY: &str = "area = \"35.76\"\nfrom = 2025-07-01\nto = \"2025-07-31\"\n";

#[test]
fn a_count_is_compared_and_the_factor_rounded_down() {
    let story = two_trainings();
    for (value, verdict, hundredths) in
        [(3, Verdict::Supported, 100), (2, Verdict::Understated, 150), (7, Verdict::NotConfirmed, 42)]
    {
        let report = judge(&story, &enrolled(Some(value), JULY));
        let factor = report.factor.unwrap();
        assert_eq!((report.verdict, factor.hundredths), (verdict, hundredths));
        assert_eq!((factor.counted, factor.reported), (3, value));
        assert_eq!((report.behind.ikms, report.behind.persons), (3, 4));
        assert_eq!(report.programs, [story::program(1)]);
    }
    assert_eq!(judge(&story, &enrolled(Some(0), JULY)).factor, None);
    assert_eq!(verdict(&story, &enrolled(None, JULY)), (Verdict::NotQuantified, Some(3)));
    // No programme with a session day in June.
    let june = JULY.replace("07", "06").replace("31", "30");
    assert_eq!(verdict(&story, &enrolled(Some(3), &june)), (Verdict::NotRecorded, None));
}

#[test]
fn persons_are_no_ikms_and_count_once_over_several_programmes() {
    let story = two_trainings();
    let persons = |value, scope: &str| claim("enrolled", "enrolled_persons", "person", Some(value), scope);
    assert_eq!(verdict(&story, &persons(4, JULY)), (Verdict::Supported, Some(4)));
    let both = "area = \"35\"\ntheme = [\"export\", \"standardisation\"]\n";
    assert_eq!(verdict(&story, &persons(5, both)), (Verdict::Supported, Some(5)));
    let named = format!("program = \"{}\"\n", story::program(2));
    assert_eq!(verdict(&story, &persons(3, &named)), (Verdict::Supported, Some(3)));
    let together =
        format!("{}[together]\nvalue = 3\n[together.scope]\ntheme = \"export\"\n", persons(4, JULY));
    let together = judge(&story, &together).together.unwrap();
    assert_eq!((together.counted, together.at_least, together.at_most), (5, Some(4), Some(7)));

    let wrong = persons(4, JULY).replace("unit = \"person\"", "unit = \"ikm\"");
    let fault = Claim::parse(&wrong).unwrap_err();
    assert_eq!(fault.field.as_deref(), Some("unit"));
    assert!(fault.message.en.contains("\"person\""), "{fault}");
}

#[test]
fn the_area_is_that_of_the_programme() {
    let mut story = two_trainings();
    story.add("2025-07-05", story::moved(3, "33.75"));
    assert_eq!(verdict(&story, &enrolled(Some(3), JULY)), (Verdict::Supported, Some(3)));
    let elsewhere = JULY.replace("35.76", "33.75");
    assert_eq!(verdict(&story, &enrolled(Some(1), &elsewhere)), (Verdict::NotRecorded, None));
}

#[test]
fn overstated_needs_a_declaration_that_reaches_far_enough() {
    let base = two_trainings();
    let sessions = claim("sessions_held", "sessions_held", "session", Some(2), JULY);
    let with = |program: Option<u32>, theme: Option<&str>, through: &str| {
        let mut story = base.clone();
        if let Some(number) = program {
            story.add("2025-12-01", story::complete_for_program("35.76", number, through));
        }
        if let Some(theme) = theme {
            story.add("2025-12-01", story::complete_for_theme("35.76", theme, through));
        }
        (judge(&story, &enrolled(Some(4), JULY)).verdict, judge(&story, &sessions).verdict)
    };
    let (over, open) = (Verdict::Overstated, Verdict::NotConfirmed);
    assert_eq!(with(None, Some("standardisation"), "2025-07-31"), (over, over));
    // A programme that is complete does not tell whether there were others.
    assert_eq!(with(Some(1), None, "2025-07-31"), (over, open));
    assert_eq!(with(Some(1), None, "2025-07-30"), (open, open));
    assert_eq!(with(Some(2), None, "2025-12-31"), (open, open));
    assert_eq!(with(None, Some("export"), "2025-12-31"), (open, open));
    // Where the claim names its programme, there are no others.
    let named = format!("program = \"{}\"\n{JULY}", story::program(1));
    let mut story = base.clone();
    story.add("2025-12-01", story::complete_for_program("35.76", 1, "2025-07-31"));
    let named = claim("sessions_held", "sessions_held", "session", Some(2), &named);
    assert_eq!(judge(&story, &named).verdict, over);
}

#[test]
fn a_claim_is_judged_for_its_day_and_tells_what_was_known_then() {
    let story = two_trainings();
    let dated = |dates: &str| {
        format!("{dates}{}", enrolled(Some(3), "area = \"35.76\"\ntheme = \"standardisation\"\n"))
    };
    let report = judge(&story, &dated("as_of = 2025-02-28\npublished_on = 2025-03-05\n"));
    assert_eq!((report.on, report.counted), (story::date("2025-02-28"), Some(0)));
    let report = judge(&story, &dated("published_on = 2025-02-15\n"));
    assert_eq!((report.on, report.verdict), (story::date("2025-02-15"), Verdict::NotConfirmed));
    // What happened before and was recorded after something of December was recorded late.
    let mut story = story;
    story.add("2025-12-01", story::registered(9, "33.75", None));
    let late = story.add("2025-03-01", story::enrolled(1, 1, None, &[13]));
    let report = judge(&story, &dated("published_on = 2025-07-31\n"));
    let then = report.known_then.unwrap();
    assert_eq!((then.counted, then.as_known), (Some(3), 10));
    assert_eq!((report.recorded_late, report.behind.persons), (vec![late], 5));
}

#[test]
fn what_contradicts_itself_comes_before_everything() {
    let empty = Story::default();
    let parts = enrolled(Some(3638), JULY).replace("unit", "parts = [2840, 789]\nunit");
    let report = judge(&empty, &parts);
    assert_eq!(report.verdict, Verdict::Inconsistent);
    assert_eq!(report.contradictions, [Contradiction::Parts { sum: 3629, value: 3638, difference: 9 }]);
    let fits = parts.replace("3638", "3629");
    assert_eq!(judge(&empty, &fits).verdict, Verdict::NotRecorded);
    let plan = parts.replace("\"fact\"", "\"plan\"");
    assert_eq!(judge(&empty, &plan).verdict, Verdict::Inconsistent);
    let plan = fits.replace("\"fact\"", "\"plan\"");
    assert_eq!(judge(&empty, &plan).verdict, Verdict::NotCountable);

    let dated = |weekday: &str, dates: &str| {
        judge(&empty, &format!("{HEAD}kind = \"fact\"\nweekday = {weekday}\ndates = {dates}\n")).verdict
    };
    assert_eq!(dated("\"selasa\"", "[\"2024-01-06\"]"), Verdict::Inconsistent);
    assert_eq!(dated("\"tuesday\"", "[2024-02-06, 2024-02-13]"), Verdict::Consistent);
    assert_eq!(dated("\"tuesday\"", "[2024-02-06, 2024-02-14]"), Verdict::Inconsistent);
    assert_eq!(dated("[\"senin\", \"jumat\"]", "[2022-05-23, 2022-05-27]"), Verdict::Consistent);
    assert_eq!(dated("\"minggu\"", "[2024-01-07]"), Verdict::Consistent);
}

#[test]
fn shares_rows_and_single_values_are_counted() {
    let mut story = two_trainings();
    for day in ["2025-07-10", "2025-07-11"] {
        story.add(day, story::attended(1, (1, 1), day, Some(11), AttendanceStatus::Present));
    }
    let practice = claim("method_mix", "practice_held", "percent", Some(80), JULY)
        .replace("[scope]", "of = \"all_held\"\n[scope]");
    let report = judge(&story, &practice);
    assert_eq!(
        (report.verdict, report.counted, report.reported),
        (Verdict::Supported, Some(8000), Some(8000))
    );
    assert_eq!(judge(&story, &practice.replace("80", "81")).verdict, Verdict::NotConfirmed);

    story.add("2025-08-01", story::announced(1, "35.76", "2025-08-10", "2025-08-12"));
    story.add("2025-08-10", story::joined(1, 1));
    story.add("2025-08-10", story::joined(2, 1));
    story.add("2025-09-10", story::joined(2, 2));
    let exhibitions = |scope: &str| {
        claim("exhibited", "exhibited", "exhibition", Some(1), scope)
            .replace("figure = \"exhibited\"", "rows = \"exhibition\"")
    };
    let august = "area = \"35.76\"\nfrom = 2025-08-01\nto = 2025-08-31\n";
    assert_eq!(verdict(&story, &exhibitions(august)), (Verdict::Supported, Some(1)));
    // Judged before it had begun.
    let early = format!("as_of = 2025-07-01\n{}", exhibitions(august));
    assert_eq!(verdict(&story, &early), (Verdict::NotRecorded, None));
    assert_eq!(verdict(&story, &exhibitions("area = \"35.76\"\n")), (Verdict::Understated, Some(2)));

    story.add("2025-05-01", story::sentra_planned(1, "35.76", "batik"));
    story.add("2025-05-01", story::sentra_planned(2, "35.76", "batik"));
    story.add("2025-06-01", story::sentra_funded(1, FundingStage::Planned, None));
    story.add("2025-06-01", story::sentra_built(1));
    let sentras = |scope: &str| claim("sentra", "sentras", "sentra", Some(1), scope);
    for (scope, counted) in
        [("stage = \"built\"\n", 1), ("stage = \"planned\"\n", 1), ("funding = \"dak_fisik\"\n", 1), ("", 2)]
    {
        assert_eq!(verdict(&story, &sentras(scope)).1, Some(counted), "{scope}");
    }
    assert_eq!(verdict(&story, &sentras("funding = \"apbd\"\n")), (Verdict::NotRecorded, None));
    assert_eq!(verdict(&story, &sentras("stage = \"opened\"\n")), (Verdict::NotRecorded, None));
}

#[test]
fn a_claim_is_read_strictly_and_every_fault_names_its_field() {
    let good = enrolled(Some(3), JULY);
    assert!(Claim::parse(&good).is_ok());
    assert!(Claim::parse(&good.replace("claim = ", "statement = ")).is_ok());
    let wrong = [
        (good.replace("value = 3", "value = -3"), "value"),
        (good.replace("value = 3", "value = \"3,5\""), "value"),
        (good.replace("value = 3", "value = \"3.5\""), "value"),
        (good.replace("value = 3", "value = 3.5"), "value"),
        (good.replace("value = 3", "value = \"3.555\""), "value"),
        (good.replace("value = 3", "value = true"), "value"),
        (good.replace("value = 3\n", "approximate = true\n"), "approximate"),
        (good.replace("value = 3", "due = 2025-12-31\nvalue = 3"), "due"),
        (good.replace("\"fact\"", "\"plan\"\ndue = 2025-12-31\nas_of = 2025-12-01"), "as_of"),
        (good.replace("value = 3", "urn = \"Harian Contoh\"\nvalue = 3"), "urn"),
        (format!("{good}[whole]\nview = \"enrolled\"\nfigure = \"enrolled\"\n"), "whole"),
        (of_whole("view = \"pupils\"\nfigure = \"enrolled\"\n"), "whole.view"),
        (of_whole("view = \"enrolled\"\nfigure = \"pupils\"\n"), "whole.figure"),
        (of_whole("view = \"enrolled\"\nfigure = \"enrolled_persons\"\n"), "whole.figure"),
        (
            of_whole("view = \"enrolled\"\nfigure = \"enrolled\"\n[whole.scope]\nscheme = \"x\"\n"),
            "whole.scope.scheme",
        ),
        (good.replace("value = 3", "valeu = 3"), "valeu"),
        (good.replace("\"fact\"", "\"rumour\""), "kind"),
        (good.replace("35.76", "35.99"), "scope.area"),
        (good.replace("from = 2025-07-01", "from = \"2025-07-32\""), "scope.from"),
        (good.replace("from = 2025-07-01", "from = \"1 Juli\""), "scope.from"),
        (good.replace("from = 2025-07-01", "from = 2025-08-01"), "scope.from"),
        (good.replace("from = ", "farm = "), "scope.farm"),
        (good.replace("area = ", "scheme = \"x\"\narea = "), "scope.scheme"),
        (good.replace("\"enrolled\"\n[scope]", "\"pupils\"\n[scope]"), "indicator.figure"),
        (good.replace("view = \"enrolled\"", "view = \"pupils\""), "indicator.view"),
        (good.replace("view = \"enrolled\"", "view = \"enrolled\"\nversion = 9"), "indicator.view"),
        (good.replace("figure = \"enrolled\"\n", ""), "indicator"),
        (good.replace("[scope]", "rows = \"theme\"\n[scope]"), "indicator"),
        (good.replace("unit = \"ikm\"\n", ""), "unit"),
        (good.replace("value = 3\n", "parts = [1, 2]\n"), "parts"),
        (good.replace("value = 3\n", "weekday = \"monday\"\n"), "weekday"),
        (
            good.replace("value = 3\n", "weekday = [\"monday\", \"friday\"]\ndates = [2025-07-07]\n"),
            "weekday",
        ),
        (good.replace("value = 3\n", "weekday = \"freitag\"\ndates = [2025-07-07]\n"), "weekday"),
        (good.replace("value = 3\n", "dates = [2025-07-07T00:00:00]\n"), "dates"),
        (good.replace("value = 3\n", "sha256 = \"abc\"\n"), "sha256"),
        (good.replace("area = ", "scale = \"besar\"\narea = "), "scope.scale"),
        (format!("{HEAD}kind = \"fact\"\n"), "indicator"),
        (claim("certified", "certified", "ikm", Some(1), "from = 2025-01-01\n"), "scope.from"),
        (claim("registered", "registered", "ikm", Some(1), "theme = \"export\"\n"), "scope.theme"),
        (claim("coverage", "coverage_trained", "ikm", Some(1), "theme = [\"a\", \"b\"]\n"), "scope.theme"),
        (claim("sentra", "sentras", "sentra", Some(1), "stage = \"built\"\nsentra = \"x\"\n"), "scope.stage"),
        (
            format!("{}[together.scope]\n", claim("facilities", "facilities", "facility", None, "")),
            "together",
        ),
        (good.replace("figure = \"enrolled\"", "figure = \"enrolled\"\nof = \"enrolled\""), "indicator.of"),
        (format!("scope = [\"35.76\"]\n{}", good.split("[scope]").next().unwrap()), "scope"),
        (good.replace("value = 3", "value = 9007199254740992"), "value"),
        (good.replace("area = ", "theme = 5\narea = "), "scope.theme"),
        (good.replace("value = 3\n", &format!("value = 65\nparts = [{}1]\n", "1, ".repeat(64))), "parts"),
    ];
    let mut said = Said::new("claim_faults");
    for (toml, field) in wrong {
        let fault = Claim::parse(&toml).expect_err(&toml);
        let found = fault.field.as_deref().unwrap_or_default();
        assert!(found.starts_with(field), "{field}: {fault:?}\n{toml}");
        assert!(!fault.message.id.is_empty() && fault.message.id != fault.message.en, "{fault:?}");
        said.once(&format!("{field}: {}", fault.message.en), fault.message);
    }
    said.check();
    let missing = Claim::parse(&good.replace("kind = \"fact\"\n", "")).unwrap_err();
    assert!(missing.message.en.contains("required: `kind`"), "{missing:?}");
    let broken = Claim::parse(&good.replace("value = 3", "value = = 3")).unwrap_err();
    assert_eq!((broken.field, broken.line), (None, Some(6)));
}

#[test]
fn a_sample_is_the_same_for_everybody() {
    let story = two_trainings();
    let report = judge(&story, &claim("enrolled", "enrolled_persons", "person", Some(4), JULY));
    let precision = Precision { confidence_percent: 80, margin_percent: 50 };
    let drawn = sample::draw(&report, "a", precision).unwrap();
    assert_eq!((drawn.population, drawn.size), (3, 2));
    let mut all: Vec<String> = report
        .members
        .iter()
        .filter(|member| member.who.to_string().starts_with("ikm/"))
        .map(|member| sha256(&format!("a\n{}", member.who)))
        .collect();
    all.sort();
    let hashes: Vec<String> = drawn.ikms.iter().map(|one| one.sha256.clone()).collect();
    assert_eq!(hashes, all[..2]);
    assert_eq!(sample::draw(&report, "a", precision).unwrap(), drawn);
    let other = sample::draw(&report, "b", precision).unwrap();
    assert_ne!(other.ikms[0].sha256, drawn.ikms[0].sha256);

    let nobody = judge(&story, &claim("persons_trained", "persons_trained", "person", Some(4), JULY));
    assert_eq!(sample::draw(&nobody, "a", precision), Err(SampleError::NoIkms));
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The claims of the example, as they are written.
fn examples() -> Vec<String> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/claims");
    let paths = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let claims = paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    claims.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn a_claim_is_read_back_from_its_event_and_judged_alike() {
    let story = two_trainings();
    let parts = format!(
        "{HEAD}kind = \"fact\"\nvalue = 45\nparts = [15, 15, 16]\nweekday = \"selasa\"\n\
         dates = [\"2024-01-09\", \"2024-01-06\"]\nsha256 = \"{}\"\n",
        "a".repeat(64)
    );
    let scoped = claim(
        "enrolled",
        "enrolled",
        "ikm",
        Some(3),
        &format!("{JULY}theme = [\"standardisation\", \"a\"]\nscale = \"mikro\"\n"),
    );
    let whole = of_whole("view = \"enrolled\"\nfigure = \"enrolled\"\n[whole.scope]\nscale = \"kecil\"\n");
    let plan = enrolled(Some(3), JULY).replace("\"fact\"", "\"plan\"\ndue = 2025-12-31\napproximate = true");
    let places = two_in_percent().replace("value = 75", "value = \"75.00\"");
    let written = [parts, scoped, two_in_percent(), whole, plan, places];
    for toml in written.into_iter().chain(examples()) {
        let written = Claim::parse(&toml).unwrap();
        let made = written.to_event().unwrap();
        let read = Claim::of_event(&made).unwrap();
        assert_eq!(read.to_event().unwrap(), made, "{toml}");
        for claim in [&written, &read] {
            assert_eq!(Claim::parse(&claim.to_toml().unwrap()).as_ref(), Ok(claim), "{toml}");
        }
        let (one, other) = (judge_claim(&story, &written), judge_claim(&story, &read));
        // Sets are in the order of the record, and one weekday for all dates is one for each.
        let said = |report: &Report| {
            let mut found: Vec<String> =
                report.contradictions.iter().map(|found| format!("{found:?}")).collect();
            found.sort();
            let check = report.to_event(&written, 12).unwrap();
            (check, found, report.on, report.together, report.members.len())
        };
        assert_eq!(said(&one), said(&other), "{toml}");
    }
}

#[test]
fn a_recorded_claim_that_asks_what_its_view_cannot_answer_says_so() {
    let mut made = Claim::parse(&enrolled(Some(3), JULY)).unwrap().to_event().unwrap();
    made.unit = Some(story::code("person"));
    assert_eq!(Claim::of_event(&made).unwrap_err().field.as_deref(), Some("unit"));
}

/// The log of a story that cannot be read.
struct Unreadable;

impl ClaimLog for Unreadable {
    fn event(&self, _: u64) -> Result<Event, ReadFailure> {
        Err("it is missing".into())
    }
    fn size_on(&self, _: Date) -> Result<u64, ReadFailure> {
        Err("it is missing".into())
    }
}

#[test]
fn what_cannot_be_judged_or_written_is_said() {
    let mut said = Said::new("claims");
    let story = two_trainings();
    let refused = |story: &Story, log: &dyn ClaimLog, toml: &str, on: Option<&str>| {
        let (mut facts, mut lineage) = (Facts::default(), Lineage::default());
        for (position, event) in (0..).zip(&story.events) {
            facts.append_event(position, event, &mut lineage, story).unwrap();
        }
        let (today, as_known) = (story::date("2025-12-31"), story.size());
        let on = on.map(story::date);
        let asked = CheckContext { facts: &facts, log, today, on, as_known, synthetic: false };
        check(&Claim::parse(toml).unwrap(), &asked).unwrap_err().message()
    };
    let good = enrolled(Some(3), JULY);
    said.take("has not come", refused(&story, &story, &good, Some("2026-01-01")));
    let plan = good.replace("\"fact\"", "\"plan\"\ndue = 2026-02-01");
    assert!(
        refused(&story, &story, &plan, Some("2027-01-01")).en.contains("for 2027-01-01,"),
        "as it was typed"
    );
    said.take(
        "as of a day to come",
        refused(&story, &story, &good.replace("kind = ", "as_of = 2026-01-01\nkind = "), None),
    );
    let later = good.replace("kind = ", "published_on = 2026-01-01\nas_of = 2025-07-31\nkind = ");
    said.take("not published", refused(&story, &story, &later, None));
    said.take("not read", refused(&story, &Unreadable, &good, None));
    let assessed = |scope: &str| {
        let scope = format!("scheme = \"siinas\"\n{scope}");
        claim("assessed", "assessed", "ikm", Some(3), &scope)
    };
    let mut both = two_trainings();
    for (program, scheme) in [(1, "siinas"), (2, "siinas"), (1, "halal")] {
        let passed = jejak_events::types::ikm::Verdict::Passed;
        both.add("2025-11-01", story::assessed(1, program, scheme, passed));
    }
    let of_scheme = assessed(&format!("program = \"{}\"\n", story::program(1))).replace("value = 3\n", "");
    let of_scheme = format!("{of_scheme}[whole]\nview = \"enrolled\"\nfigure = \"enrolled\"\n");
    said.take("not apart", refused(&both, &both, &of_scheme, None));
    said.take("several programmes", refused(&both, &both, &assessed("area = \"35.76\"\n"), None));
    let mut many = Story::default();
    for number in 0..257 {
        many.add("2025-02-01", story::opened(number, "35.76", "export", Unit::Person, None));
    }
    said.take("too many", refused(&many, &many, &enrolled(Some(3), "area = \"35.76\"\n"), None));

    let reports = |count: usize| {
        let all =
            (0..count).map(|_| ("2025-01-01", story::population("33.74", "batik", [None, None, Some(700)])));
        let mut story = tell(all.collect());
        (0..count).for_each(|index| rests_on(&mut story, index, OWN_URN));
        story
    };
    let population = claim("population", "population_total", "ikm", Some(700), "area = \"33.74\"\n");
    let population = population.replace("unit = ", &format!("urn = \"{OWN_URN}\"\nunit = "));
    assert_eq!(verdict(&reports(31), &population), (Verdict::NotRecorded, None));
    let deep = reports(32);
    said.take("too deep", refused(&deep, &deep, &population, None));

    let (mut consolidated, mut lineage) = (Facts::default(), Lineage::default());
    for (position, event) in (0..).zip(&story.events) {
        consolidated.append_event(position, event, &mut lineage, &story).unwrap();
    }
    consolidated.consolidate();
    let (today, as_known) = (story::date("2025-12-31"), story.size());
    let asked =
        CheckContext { facts: &consolidated, log: &story, today, on: None, as_known, synthetic: false };
    let published = good.replace("kind = ", "published_on = 2025-02-01\nkind = ");
    let published = format!("as_of = 2025-07-31\n{published}");
    let report = check(&Claim::parse(&published).unwrap(), &asked).unwrap();
    assert_eq!((report.counted, report.known_then), (Some(3), None));
    said.take("the past consolidated away", report.known_words().unwrap());

    let report = judge(&story, &good);
    for (case, confidence_percent, margin_percent) in [("confidence", 70, 10), ("margin", 80, 51)] {
        let precision = Precision { confidence_percent, margin_percent };
        said.take(case, sample::draw(&report, "a", precision).unwrap_err().message());
    }
    let precision = Precision { confidence_percent: 80, margin_percent: 50 };
    let nobody = judge(&story, &claim("persons_trained", "persons_trained", "person", Some(4), JULY));
    said.take("no IKMs", sample::draw(&nobody, "a", precision).unwrap_err().message());
    let wider = judge(&both, &assessed(&format!("program = \"{}\"\n", story::program(1))));
    assert!(wider.members_are_wider);
    said.take("wider", sample::draw(&wider, "a", precision).unwrap_err().message());

    // What no file says, made in memory.
    let mut claim = Claim::parse(&good).unwrap();
    claim.parts = vec![1 << 53];
    said.take("a value", claim.to_event().unwrap_err().message);
    let mut claim = Claim::parse(&good).unwrap();
    claim.indicator.as_mut().unwrap().version = Some(0);
    said.take("a version", claim.to_event().unwrap_err().message);
    let mut claim = Claim::parse(&good).unwrap();
    claim.indicator.as_mut().unwrap().figure = Some("pupils".to_owned());
    said.take("no file", claim.to_toml().unwrap_err().message);
    said.check();
}

/// Two of three who took part in the one training, in percent.
fn two_in_percent() -> String {
    claim("enrolled", "enrolled", "percent", Some(75), JULY)
        .replace("figure = \"enrolled\"", "figure = \"enrolled\"\nof = \"enrolled_persons\"")
}

#[test]
fn the_identifier_of_a_claim_follows_from_what_it_says() {
    let id = |toml: &str| id_of(&Claim::parse(toml).unwrap().to_event().unwrap());
    let toml = enrolled(Some(3), JULY);
    // printf 'jejak claim\n{"claim":"x","document":"a.txt",...}' | sha256sum, version and variant put in.
    assert_eq!(id(&toml).to_string(), "fe22c7dd-78be-87fd-850c-b5a5bb382841");
    let spelled = toml.replace("from = 2025-07-01", "from = \"2025-07-01\"");
    assert_eq!(id(&spelled), id(&toml));
    let mut seen = std::collections::BTreeSet::new();
    for toml in examples() {
        assert!(seen.insert(id(&toml)), "{toml}");
    }
    // What the event rests on, and the file that it came with, are no part of what the claim says.
    let said = Claim::parse(&toml).unwrap().to_event().unwrap();
    let mut grounded = said.clone();
    grounded.evidence = own_source::evidence(&[own_source::OTHER]);
    assert_eq!((id_of(&grounded), folded_claim(&grounded)), (id_of(&said), folded_claim(&said)));
    let one = jejak_events::values::Count::new(1).unwrap();
    let file = jejak_events::values::Sha256Hex::parse(own_source::OTHER).unwrap();
    let mut imported = said.clone();
    imported.imported_from = Some(jejak_events::types::ImportedFrom { file, row: one, sheet: one });
    assert_eq!((id_of(&imported), folded_claim(&imported)), (id_of(&said), folded_claim(&said)));
    // The same in other writing is folded alike, and is another claim.
    let loud = Claim::parse(&toml.replace("Harian Contoh", "HARIAN  contoh")).unwrap().to_event().unwrap();
    assert_eq!(folded_claim(&loud), folded_claim(&said));
    assert_ne!(id_of(&loud), id_of(&said));
}

#[test]
fn a_figure_that_no_view_could_give_is_no_claim() {
    let field = |toml: &str| Claim::parse(toml).err().and_then(|fault| fault.field);
    let shares = |percent: u64| two_in_percent().replace("value = 75", &format!("value = {percent}"));
    assert_eq!(field(&enrolled(Some(FIGURE_LIMIT), JULY)), None);
    assert_eq!(field(&enrolled(Some(FIGURE_LIMIT + 1), JULY)).as_deref(), Some("value"));
    assert_eq!(field(&shares(FIGURE_LIMIT / 100)), None);
    assert_eq!(field(&shares(FIGURE_LIMIT / 100 + 1)).as_deref(), Some("value"), "it is told in hundredths");
}

#[test]
fn a_check_says_what_was_counted_and_of_which_answers() {
    let story = two_trainings();
    let check = |toml: &str| {
        let claim = Claim::parse(toml).unwrap();
        judge_claim(&story, &claim).to_event(&claim, story.size()).unwrap()
    };
    let held = check(&enrolled(Some(3), JULY));
    let count = held.count.unwrap();
    assert_eq!((held.verdict, held.as_known.get(), count.version.get()), (Verdict::Supported, 12, 2));
    assert_eq!((&*count.view, count.counted.unwrap().get()), ("enrolled", 3));
    let answer = &judge(&story, &enrolled(Some(3), JULY)).answers;
    assert_eq!((answer.len(), digest_of(answer)), (1, count.digest.clone()));
    // Nothing was asked: the digest of no answer. And nothing to ask.
    let june = check(&enrolled(Some(3), &JULY.replace("07", "06").replace("31", "30")));
    let count = june.count.unwrap();
    assert_eq!((june.verdict, count.counted), (Verdict::NotRecorded, None));
    assert!(count.digest.starts_with("e3b0c44298fc1c14"), "{}", count.digest);
    let itself = check(&format!("{HEAD}kind = \"fact\"\nvalue = 30\nparts = [15, 15]\n"));
    assert_eq!((itself.verdict, itself.count), (Verdict::Consistent, None));
}

#[test]
fn a_recorded_claim_is_no_source_of_what_it_claims() {
    let mut story = two_trainings();
    let before = judge(&story, &enrolled(Some(4), JULY));
    let about = story::About { area: Some("35.76"), ..story::About::default() };
    let first = story.add("2025-11-01", story::claim_made(1, about, "ikm", Some(4)));
    story.add("2025-11-01", story::claim_made(2, about, "ikm", Some(4)));
    story.add("2025-11-02", story::claim_checked(1, 12, Verdict::NotConfirmed, Some(3)));
    let after = judge(&story, &enrolled(Some(4), JULY));
    assert_eq!((after.verdict, after.counted), (before.verdict, before.counted));
    assert_eq!((&after.members, &after.context), (&before.members, &before.context));
    // Not even of how many claims there are.
    let two = claim("claims", "claims", "claim", Some(2), "area = \"35.76\"\n");
    let of_document = |number: u32| {
        let urn = format!("urn = \"urn:example:harian-contoh:{number}\"\nunit = ");
        judge(&story, &two.replace("unit = ", &urn))
    };
    assert_eq!(of_document(3).counted, Some(2));
    let own = of_document(1);
    assert_eq!((own.verdict, own.counted), (Verdict::NotConfirmed, Some(1)));
    assert_eq!(own.set_aside, [first]);
}
