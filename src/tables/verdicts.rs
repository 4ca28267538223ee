//! Why a claim got its verdict, in a sentence for people.

use jejak_events::types::claim::{ClaimKind, ClaimVerdict};
use jejak_projections::answer::FigureUnit;
use jejak_projections::claims::{Claim, Factor, Measured, Report};
use jejak_projections::views::AskedByClaims;

use super::claims::{amount, reported};
use crate::words::figures::title;
use crate::words::language::{Language, breakdown, hundredths, number, text, unit_of};

/// Why the verdict is what it is: the figure, who was counted, and what is missing.
#[must_use]
pub fn why(claim: &Claim, report: &Report, language: Language) -> String {
    match report.verdict {
        ClaimVerdict::Inconsistent => language.pick(
            "klaim ini bertentangan dengan dirinya sendiri; apa yang tercatat tidak mengubahnya",
            "the claim contradicts itself; what is recorded does not change that",
        ),
        ClaimVerdict::NotCountable if claim.kind == ClaimKind::Plan => language.pick(
            "rencana ini tidak menyebut hari jatuh tempo, jadi tidak ada hari untuk menilainya",
            "the plan names no due day, so there is no day to judge it on",
        ),
        ClaimVerdict::NotCountable => language.pick(
            "harapan, pendapat, dan latar belakang tidak menyebut sesuatu yang dapat dihitung",
            "a hope, an opinion or background names nothing that can be counted",
        ),
        ClaimVerdict::Consistent => language.pick(
            "bagian-bagian dan hari-harinya cocok, dan tidak ada yang lain untuk diperiksa",
            "its parts and days fit, and there was nothing else to check",
        ),
        ClaimVerdict::NotRecorded => return not_recorded(claim, report, language),
        _ => return compared(claim, report, language),
    }
    .to_owned()
}

/// What the verification factor says, where there is one.
#[must_use]
pub fn factor(factor: Factor, language: Language) -> String {
    let said = hundredths(factor.hundredths, language);
    text!(
        language,
        "{said}: yang tercatat dibagi yang diklaim",
        "{said}: what is on record, divided by what is claimed"
    )
}

/// What of the view is counted: `bersertifikat hijau`; behind the title of the view where that has another name.
fn figure(report: &Report, language: Language) -> String {
    let called = |name| language.words(title(name));
    let Some(basis) = &report.basis else { return "-".to_owned() };
    let figure = match (basis.figure, basis.of, basis.rows) {
        (Some(part), Some(whole), _) => {
            // A name of several parts would run into the other one.
            let apart = |name: &str| if name.contains(',') { format!("\"{name}\"") } else { name.to_owned() };
            let [part, whole] = [part, whole].map(|name| apart(called(name)));
            text!(language, "{part} dari {whole}", "{part} of {whole}")
        }
        (Some(figure), ..) => called(figure).to_owned(),
        (None, _, Some(by)) => {
            let by = breakdown(by, language);
            text!(language, "banyaknya {by}", "number of {by}")
        }
        (None, _, None) => "-".to_owned(),
    };
    match basis.figure == Some(basis.view) && basis.of.is_none() {
        true => figure,
        false => format!("{}, {figure}", language.words(basis.title)),
    }
}

/// What is missing where nothing is counted.
fn not_recorded(claim: &Claim, report: &Report, language: Language) -> String {
    if let Some(why) = &report.not_known {
        return language.of(why).to_owned();
    }
    if !report.set_aside.is_empty() {
        let figure = figure(report, language);
        return text!(
            language,
            "{figure}: yang tercatat hanya bersandar pada dokumen klaim ini sendiri, yang tidak mendukung dirinya sendiri",
            "{figure}: what is on record rests on the claim's own document only, which does not support itself"
        );
    }
    let is_per_program = matches!(
        claim.measured(),
        Ok(Some((view, _))) if view.asked_by_claims == AskedByClaims::PerProgram
    );
    if is_per_program && report.programs.is_empty() {
        return language
            .pick(
                "tidak ada program seperti itu yang tercatat dalam cakupan ini",
                "no such programme is recorded in this scope",
            )
            .to_owned();
    }
    let figure = figure(report, language);
    text!(
        language,
        "{figure}: tidak ada yang tercatat tentang angka ini dalam cakupan ini",
        "{figure}: nothing is recorded of this figure in this scope"
    )
}

/// What was counted: `7 IKM`; in percent and of a whole both counts, `7 dari 14 IKM (50,00 %)`.
fn counted(claim: &Claim, report: &Report, language: Language) -> String {
    let Some(counted) = report.counted else { return "-".to_owned() };
    let alone = amount(claim, counted, language).to_words(language);
    let Some(whole) = report.of else { return alone };
    let unit = match claim.measured() {
        Ok(Some((_, Measured::Share { part: of, .. } | Measured::Figure(of)))) => of.unit,
        _ => FigureUnit::OfClaim,
    };
    let (unit, part) = (unit_of(whole, unit, language), number(report.part.unwrap_or(counted), language));
    let whole = number(whole, language);
    let both = text!(language, "{part} dari {whole} {unit}", "{part} of {whole} {unit}");
    if report.part.is_some() { format!("{both} ({alone})") } else { both }
}

/// What is missing of what is claimed. Of shares and of figures that are about right no number is told.
fn missing(claim: &Claim, report: &Report, language: Language) -> String {
    let is_exact = report.part.is_none() && !claim.is_approximate();
    let short = report.reported.zip(report.counted).and_then(|(said, is)| said.checked_sub(is));
    let Some(short) = short.filter(|_| is_exact) else {
        return language
            .pick(
                "; selebihnya tidak tercatat, dan kantor belum menyatakan pencatatannya lengkap: klaim ini belum terbukti dan belum terbantah",
                "; the rest is not on record, and the office has not declared its recording complete: the claim is neither borne out nor refuted",
            )
            .to_owned();
    };
    let short = amount(claim, short, language).to_words(language);
    text!(
        language,
        "; {short} lagi tidak tercatat, dan kantor belum menyatakan pencatatannya lengkap: klaim ini belum terbukti dan belum terbantah",
        "; another {short} not on record, and the office has not declared its recording complete: the claim is neither borne out nor refuted"
    )
}

/// What comes of what was counted beside what is claimed.
fn outcome(claim: &Claim, report: &Report, language: Language) -> &'static str {
    let enough = report.counted.zip(report.reported).is_some_and(|(is, said)| is >= said);
    let before_it_was_due = report.due.is_some_and(|due| report.on < due);
    match report.verdict {
        ClaimVerdict::Supported if claim.is_approximate() => language.pick(
            "; selisihnya dengan angka kira-kira itu paling banyak sepersepuluh",
            "; that is within a tenth of a figure that is only about right",
        ),
        ClaimVerdict::Supported if claim.value.is_none() => {
            language.pick("; semuanya tercatat", "; all of them are on record")
        }
        ClaimVerdict::Supported => {
            language.pick("; sama menurut ketelitian klaim", "; as many, at the precision of the claim")
        }
        ClaimVerdict::Understated => language.pick("; tercatat lebih banyak", "; more are on record"),
        ClaimVerdict::Overstated => language.pick(
            "; kantor menyatakan pencatatannya lengkap, jadi selebihnya tidak ada",
            "; the office has declared its recording complete, so the rest is not there",
        ),
        ClaimVerdict::Kept if before_it_was_due => {
            language.pick("; itu tidak dapat berkurang lagi", "; they cannot become fewer again")
        }
        ClaimVerdict::Kept => language
            .pick("; itu tercapai pada hari jatuh temponya", "; that was reached on the day that it was due"),
        ClaimVerdict::NotKept => language.pick(
            "; hari jatuh temponya sudah berakhir, dan yang direncanakan tidak tercapai",
            "; the day that it was due is over, and the plan was not reached",
        ),
        ClaimVerdict::NotYetDue if enough => language.pick(
            "; hari jatuh temponya belum berakhir, dan sampai itu yang tercatat masih dapat berkurang",
            "; the day that it is due is not over, and until then they may become fewer",
        ),
        ClaimVerdict::NotYetDue => {
            language.pick("; hari jatuh temponya belum berakhir", "; the day that it is due is not over")
        }
        ClaimVerdict::Inconsistent
        | ClaimVerdict::NotCountable
        | ClaimVerdict::NotRecorded
        | ClaimVerdict::NotQuantified
        | ClaimVerdict::NotConfirmed
        | ClaimVerdict::Consistent => "",
    }
}

/// What was counted, held against what is claimed.
fn compared(claim: &Claim, report: &Report, language: Language) -> String {
    let (figure, counted) = (figure(report, language), counted(claim, report, language));
    let said = reported(claim, report, language).map(|cell| cell.to_words(language)).unwrap_or_default();
    let (is_plan, rest) = (report.due.is_some(), outcome(claim, report, language));
    let rest = match report.verdict {
        ClaimVerdict::NotConfirmed => missing(claim, report, language),
        _ => rest.to_owned(),
    };
    match (said.is_empty() || claim.value.is_none(), is_plan) {
        (true, _) if report.of.is_some() => text!(
            language,
            "{figure}: tercatat {counted}; klaim menyebut semuanya{rest}",
            "{figure}: {counted} on record; the claim speaks of all of them{rest}"
        ),
        (true, _) => text!(
            language,
            "{figure}: tercatat {counted}; klaim ini tidak menyebut angka maupun keseluruhan untuk dibandingkan",
            "{figure}: {counted} on record; the claim gives neither a value nor a whole to hold it against"
        ),
        (false, true) => text!(
            language,
            "{figure}: tercatat {counted}; direncanakan {said}{rest}",
            "{figure}: {counted} on record; planned {said}{rest}"
        ),
        (false, false) => text!(
            language,
            "{figure}: tercatat {counted}; diklaim {said}{rest}",
            "{figure}: {counted} on record; claimed {said}{rest}"
        ),
    }
}
