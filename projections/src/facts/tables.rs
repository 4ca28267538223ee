//! The kinds of rows: what each one holds, column by column.
//!
//! A new kind is one block here and one arm where facts are taken in (`facts/intake/`); merging and
//! storing follow from the block. The order of blocks and columns is that of the stored form: changing
//! it needs a new [`super::chunk::CHUNK_VERSION`].

use jejak_events::area::AreaCode;
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::types::program::Unit;
use jejak_events::types::{FundingStage, Scale};
use jejak_events::values::{Amount, Count, Date, Minutes, Rupiah};

use super::chunks::Chunks;
use super::rows::{
    CodeId, Dictionary, Fact, HolderKind, Id, IssuerId, RecordingKind, Row, RowCell, SentraStage, Visit,
    tables,
};

tables! {
    /// An IKM entered the register.
    Ikm in ikms {
        /// The IKM.
        ikm: Id,
        /// Kabupaten or kota.
        area: AreaCode,
        /// District, or none.
        district: CodeId,
        /// What it makes.
        commodity: CodeId,
        /// The person who owns it, or none.
        owner: Id,
        /// Size class by Permenperin 64/2016.
        by_workers: Option<Scale>,
        /// Size class by PP 7/2021.
        by_capital: Option<Scale>,
    }
    /// A person entered the register.
    Person in persons {
        /// The person.
        person: Id,
        /// Where the person is, if said.
        area: Option<AreaCode>,
        /// The IKM the person works for, or none.
        ikm: Id,
    }
    /// A person works for another IKM, or for none, from the row's day on.
    PersonMove in person_moves {
        /// The person.
        person: Id,
        /// The IKM, or none.
        ikm: Id,
    }
    /// A person is in another area from the row's day on.
    PersonArea in person_areas {
        /// The person.
        person: Id,
        /// The area.
        area: AreaCode,
    }
    /// What the register says of a person changed in what is sealed alone, from the row's day on.
    PersonSealed in person_seals {
        /// The person.
        person: Id,
    }
    /// A programme opened.
    Program in programs {
        /// The programme.
        program: Id,
        /// The area it is held for.
        area: AreaCode,
        /// Theme.
        theme: CodeId,
        /// What it enrols and counts.
        unit: Unit,
        /// Share of the scheduled minutes that completes it.
        completion_percent: u8,
        /// Places, in its unit.
        quota: Option<Count>,
    }
    /// One source of a programme's money.
    ProgramFunding in program_funding {
        /// The programme.
        program: Id,
        /// The source.
        source: CodeId,
        /// Fiscal year.
        fiscal_year: u16,
    }
    /// A session was put on the calendar.
    Session in sessions {
        /// The programme.
        program: Id,
        /// The session.
        session: Id,
        /// The only group it concerns, or none for all.
        group: CodeId,
        /// The sentra it is held for, or none.
        sentra: Id,
    }
    /// One day of a session.
    SessionDay in session_days {
        /// The session.
        session: Id,
        /// The day.
        date: Date,
        /// Minutes of practice.
        practice_minutes: Minutes,
        /// Minutes of theory.
        theory_minutes: Minutes,
    }
    /// An IKM was given a place: one row for each person it sends, or one without a person.
    Enrolment in enrolments {
        /// The IKM.
        ikm: Id,
        /// The programme.
        program: Id,
        /// Group within the programme, or none.
        group: CodeId,
        /// The person, or none.
        person: Id,
    }
    /// One day of one session for one IKM, or for one person of it.
    Attendance in attendances {
        /// The IKM.
        ikm: Id,
        /// The programme.
        program: Id,
        /// The session.
        session: Id,
        /// The person, or none for the delegation.
        person: Id,
        /// The day.
        date: Date,
        /// Minutes attended; a whole day when not said.
        minutes: Option<Minutes>,
        /// Present, excused or absent.
        status: AttendanceStatus,
    }
    /// An IKM was assessed.
    Assessment in assessments {
        /// The IKM.
        ikm: Id,
        /// The programme it belongs to.
        program: Id,
        /// Scheme.
        scheme: CodeId,
        /// Version of the scheme's criteria.
        scheme_version: u32,
        /// Passed or failed.
        verdict: Verdict,
    }
    /// A certificate was issued.
    Certificate in certificates {
        /// The certificate.
        certificate: Id,
        /// Scheme.
        scheme: CodeId,
        /// Kind of holder.
        holder_kind: HolderKind,
        /// The IKM or person.
        holder: Id,
        /// The kind of product, or none.
        product: CodeId,
        /// The programme that led to it, or none.
        program: Id,
        /// First day of validity.
        valid_from: Date,
        /// Last day of validity, inclusive.
        valid_to: Date,
        /// The institution that issued it.
        issuer: IssuerId,
    }
    /// A certificate was revoked; the row's day is the first on which it no longer holds.
    Revocation in revocations {
        /// The certificate.
        certificate: Id,
        /// Why.
        reason: CodeId,
    }
    /// An exhibition was announced.
    Exhibition in exhibitions {
        /// The exhibition.
        exhibition: Id,
        /// Where it is held.
        area: AreaCode,
        /// First day.
        from: Date,
        /// Last day, inclusive.
        to: Date,
    }
    /// An IKM took part in an exhibition.
    Participation in participations {
        /// The IKM.
        ikm: Id,
        /// The exhibition.
        exhibition: Id,
        /// Visitors counted at its stand.
        visitors: Option<Count>,
    }
    /// What the register says of an IKM changed; what is not said here stays as it was.
    Profile in profiles {
        /// The IKM.
        ikm: Id,
        /// Kabupaten or kota it moved to.
        area: Option<AreaCode>,
        /// District within the area that is said here, or none.
        district: CodeId,
        /// What it makes now, or none where that stays.
        commodity: CodeId,
        /// The person who owns it now, or none where that stays.
        owner: Id,
        /// Size class by Permenperin 64/2016.
        by_workers: Option<Scale>,
        /// Size class by PP 7/2021.
        by_capital: Option<Scale>,
    }
    /// An IKM stopped working, or works again; the row's day is the first of it.
    Working in workings {
        /// The IKM.
        ikm: Id,
        /// Whether it works from then on.
        works: bool,
    }
    /// An IKM was registered twice and counts as another one, on every day.
    IkmMerge in ikm_merges {
        /// The IKM that counts no longer.
        gone: Id,
        /// The one that it counts as.
        into: Id,
    }
    /// A person was registered twice and counts as another one, on every day.
    PersonMerge in person_merges {
        /// The person that counts no longer.
        gone: Id,
        /// The one that it counts as.
        into: Id,
    }
    /// A programme is closed from the row's day on.
    ProgramClosing in program_closings {
        /// The programme.
        program: Id,
    }
    /// What a programme means to reach.
    ProgramTarget in program_targets {
        /// The programme.
        program: Id,
        /// Its place among those of the programme, from 0.
        place: u16,
        /// The figure, or none where it stands in words.
        figure: CodeId,
        /// How many.
        value: Count,
        /// What it was before, where said.
        baseline: Option<Count>,
        /// The day by which it is to be reached, where said.
        due: Option<Date>,
    }
    /// What a programme costs, as last reported for a stage, source and fiscal year.
    Spending in spendings {
        /// The programme.
        program: Id,
        /// Source.
        source: CodeId,
        /// How far the money has come.
        stage: FundingStage,
        /// Fiscal year, where said.
        fiscal_year: Option<u16>,
        /// How much, in rupiah.
        amount: Rupiah,
    }
    /// A session was called off.
    Cancellation in cancellations {
        /// The session.
        session: Id,
    }
    /// An IKM waits for a place: one row for each person it means to send, or one without a person.
    Wait in waits {
        /// The IKM.
        ikm: Id,
        /// The programme.
        program: Id,
        /// The person, or none.
        person: Id,
    }
    /// An IKM left a programme or its waiting list: one row for each person who left, or one without a
    /// person for all of it. The row's day is the last one.
    Withdrawal in withdrawals {
        /// The IKM.
        ikm: Id,
        /// The programme.
        program: Id,
        /// The person, or none for all.
        person: Id,
        /// Why.
        reason: CodeId,
    }
    /// A mentor visited an IKM.
    Mentoring in mentorings {
        /// The IKM.
        ikm: Id,
        /// The programme.
        program: Id,
    }
    /// A certificate was suspended or reinstated; the row's day is the first of it.
    Suspension in suspensions {
        /// The certificate.
        certificate: Id,
        /// Whether it is suspended from then on.
        suspended: bool,
        /// Why it is suspended, or none.
        reason: CodeId,
    }
    /// A certificate was given a further term.
    Renewal in renewals {
        /// The certificate.
        certificate: Id,
        /// First day of the further term.
        valid_from: Date,
        /// Last day of the further term, inclusive.
        valid_to: Date,
    }
    /// An IKM reported its workforce. The counts are sealed.
    Workforce in workforces {
        /// The IKM.
        ikm: Id,
        /// Last day of the period that the counts are about.
        to: Date,
    }
    /// An IKM reported its turnover. The rupiah are sealed.
    Turnover in turnovers {
        /// The IKM.
        ikm: Id,
        /// First day in which it was earned.
        from: Date,
        /// Last day, inclusive.
        to: Date,
    }
    /// An IKM shipped goods abroad. The rupiah are sealed.
    Shipment in shipments {
        /// The IKM.
        ikm: Id,
        /// Where they went: the country's code in lower case.
        country: CodeId,
        /// What they are.
        hs_code: CodeId,
    }
    /// An IKM or a sentra got a facility.
    Facility in facilities {
        /// The IKM, or none.
        ikm: Id,
        /// The sentra, or none.
        sentra: Id,
        /// Kind of facility.
        kind: CodeId,
    }
    /// A sentra was planned.
    Sentra in sentras {
        /// The sentra.
        sentra: Id,
        /// Where it is to stand.
        area: AreaCode,
        /// What its IKMs make.
        commodity: CodeId,
    }
    /// A sentra was built or opened.
    SentraStep in sentra_steps {
        /// The sentra.
        sentra: Id,
        /// Which of the two.
        stage: SentraStage,
    }
    /// A sentra was given a legal form.
    SentraForm in sentra_forms {
        /// The sentra.
        sentra: Id,
        /// The form.
        form: CodeId,
    }
    /// Money for a sentra.
    SentraFund in sentra_funds {
        /// The sentra.
        sentra: Id,
        /// Source.
        source: CodeId,
        /// How far it has come.
        stage: FundingStage,
        /// How much, in rupiah, where said.
        amount: Option<Rupiah>,
    }
    /// An IKM became a member of a sentra, or is none any more; the row's day is the first of it.
    Membership in memberships {
        /// The IKM.
        ikm: Id,
        /// The sentra.
        sentra: Id,
        /// Whether it is a member from then on.
        member: bool,
    }
    /// A source says how many IKMs an area has.
    Population in populations {
        /// The area.
        area: AreaCode,
        /// What the IKMs make.
        commodity: CodeId,
        /// Small IKMs, where said.
        kecil: Option<Count>,
        /// Medium IKMs, where said.
        menengah: Option<Count>,
        /// All IKMs, where said.
        total: Option<Count>,
    }
    /// What is recorded of an area was declared complete for a programme or a theme.
    Coverage in coverages {
        /// The area.
        area: AreaCode,
        /// The programme, or none.
        program: Id,
        /// The theme, or none.
        theme: CodeId,
        /// Last day of what is complete, inclusive.
        through: Date,
    }
    /// Somebody claimed something in public.
    Claim in claims {
        /// The claim.
        claim: Id,
        /// The area that it is about, where said.
        area: Option<AreaCode>,
        /// The view that it is to be held against, or none.
        view: CodeId,
        /// What it counts, or none.
        unit: CodeId,
        /// Whether that is a share of a whole, in percent.
        is_share: bool,
        /// Its figure, where it gives one; of a share hundredths of a percent.
        value: Option<Amount>,
    }
    /// A programme that a claim names.
    ClaimProgram in claim_programs {
        /// The claim.
        claim: Id,
        /// The programme.
        program: Id,
    }
    /// A theme that a claim names.
    ClaimTheme in claim_themes {
        /// The claim.
        claim: Id,
        /// The theme.
        theme: CodeId,
    }
    /// A claim was checked.
    Check in checks {
        /// The claim.
        claim: Id,
        /// What came of it.
        verdict: ClaimVerdict,
        /// What was counted, where anything was; of percent hundredths.
        counted: Option<Amount>,
    }
    /// What is to be reached in an area.
    AreaTarget in area_targets {
        /// The area.
        area: AreaCode,
        /// The figure, or none where it stands in words.
        figure: CodeId,
        /// The theme, or none.
        theme: CodeId,
        /// The commodity, or none.
        commodity: CodeId,
        /// How many.
        value: Count,
        /// What it was before, where said.
        baseline: Option<Count>,
        /// The day by which it is to be reached.
        due: Date,
    }
    /// A finding of a mentor on a visit.
    MentoringFinding in mentoring_findings {
        /// What was found.
        finding: CodeId,
    }
    /// The score of one criterion in an assessment.
    AssessmentScore in assessment_scores {
        /// The criterion.
        criterion: CodeId,
        /// Score given, in hundredths.
        score: Count,
        /// Best possible score, in hundredths.
        maximum: Count,
    }
    /// An office recorded an event; the row's day is that of recording, by the clocks of its area. It stays whatever
    /// is corrected or retracted: how something was recorded does not change.
    Recording in recordings {
        /// The area that the office works for.
        area: AreaCode,
        /// The office.
        office: CodeId,
        /// What was recorded.
        kind: RecordingKind,
        /// Days from what happened to its recording; 65,535 stands for more.
        days_after: u16,
    }
}
