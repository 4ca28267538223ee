//! The audit statement that a bundle carries: somebody else replayed this log too, and signed what they counted.
//!
//! Nothing in a bundle rests on it, for its reader counts again; what it adds is that the auditor was shown the same
//! log. This module must never believe one whose key the reader did not bring.

use jejak_events::audit_statement::AuditStatement;
use jejak_events::note::VerifierKey;
use jejak_events::translation::told;
use jejak_events::values::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::Problem;
use super::archive::ArchiveMember;
use crate::proof::replay::Check;
use crate::proof::replay::entries::Replayed;
use crate::proof::replay::hold::count;

/// What an auditor stated, once it was found to hold.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Stated {
    /// Name of the auditor's key.
    pub auditor: String,
    /// Events that the auditor replayed.
    pub size: u64,
    /// The day that the auditor counted the views for.
    pub on: Date,
    /// Number of views whose answers are those counted here.
    pub views: u64,
}

/// Reads the statement under the auditor's key.
///
/// # Errors
/// When there is none, or the key did not sign it.
pub fn open(bytes: Option<&[u8]>, key: &VerifierKey) -> Result<AuditStatement, Problem> {
    let name = key.name();
    let bytes = bytes.ok_or_else(|| {
        Problem::new(
            format!("tidak ada pernyataan audit {name} di dalamnya"),
            format!("there is no audit statement of {name} in it"),
        )
    })?;
    AuditStatement::open(bytes, key).map_err(|error| {
        let member = ArchiveMember::AuditStatement;
        Problem::new(format!("{member}: {error}", error = told(&error)), format!("{member}: {error}"))
    })
}

/// Holds a statement against the log. The root at its size must have been asked for.
pub fn hold(
    check: &mut Check,
    statement: &AuditStatement,
    key: &VerifierKey,
    origin: &str,
    replayed: &Replayed,
) -> Option<Stated> {
    let (AuditStatement { size, on, .. }, auditor) = (statement, key.name());
    if statement.origin != origin {
        let other = &statement.origin;
        check.problem(
            format!("{auditor} mengaudit log lain: {other}"),
            format!("{auditor} audited another log: {other}"),
        );
        return None;
    }
    match replayed.roots.get(size) {
        Some(root) if *root == statement.root => {}
        Some(_) => {
            check.problem(
                format!(
                    "{auditor} mengaudit {size} peristiwa lain daripada yang ada di sini: log ini bercabang"
                ),
                format!("{auditor} audited {size} other events than those in here: this log has forked"),
            );
            return None;
        }
        None => {
            check.problem(
                format!("{auditor} mengaudit {size} peristiwa, lebih dari yang ada di sini"),
                format!("{auditor} audited {size} events, more than there are in here"),
            );
            return None;
        }
    }
    let counted = match count(&replayed.facts, *size, *on) {
        Ok(counted) => counted,
        Err(error) => {
            let message = error.message();
            check.problem(message.id, message.en);
            return None;
        }
    };
    let mut same = 0;
    for view in &statement.views {
        let own = counted.iter().find(|own| own.view == view.name && own.version == view.version);
        let (name, version) = (&view.name, view.version);
        match own {
            Some(own) if own.digest == *view.digest => same += 1,
            Some(_) => check.problem(
                format!("{auditor} menghitung {name} v{version} lain daripada hitungan di sini"),
                format!("{auditor} counted {name} v{version} otherwise than it is counted here"),
            ),
            None => check.note(
                format!("{name} v{version} dalam pernyataan {auditor} tidak dikenal program ini"),
                format!("{name} v{version} in the statement of {auditor} is not known to this program"),
            ),
        }
    }
    check.checked = same;
    Some(Stated { auditor: auditor.to_owned(), size: *size, on: *on, views: same })
}
