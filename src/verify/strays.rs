//! What lies in the registry's own folders and is none of its files: nobody reads it, and it is said to be there.
//!
//! What could be taken for the registry's own is a matter of the checks themselves: a file that is named as a segment
//! of the journal is read as one, and a file of evidence under a hash must have that hash.

use std::io::ErrorKind;
use std::path::Path;

use jejak_events::values::Sha256Hex;

use super::{Check, VerifyError};
use crate::log::is_segment_name;
use crate::readmodel::stored::is_state_name;
use crate::registry::{Options, RegistryError};
use crate::vault::COPIES;

/// Most names that are told for one folder.
const LISTED_NAMES: usize = 5;

/// What a registry keeps in its data directory.
const OWN: [&str; 18] = [
    "LOCK",
    "access.jsonl",
    "anchor",
    "anchor-elsewhere",
    "checkpoint",
    "cosigned",
    "evidence",
    "handover",
    "journal",
    "keys",
    "recovery-secret",
    "scrub",
    "sled",
    "sled.copy",
    "state",
    "tiles",
    "torn",
    "vault",
];

/// Adds to the check of each folder what lies in it beside its files.
///
/// # Errors
/// When a folder cannot be listed.
pub fn note(checks: &mut [Check], options: &Options) -> Result<(), VerifyError> {
    let is_key = |name: &str| name == "LOCK" || COPIES.contains(&name);
    // What was cut short on its way to a name lies aside under it; the recovery secret is that of a worked example.
    let is_own = |name: &str| OWN.contains(&name.strip_suffix(".new").unwrap_or(name));
    in_folder(checks, "copies", options, &options.dir, &is_own)?;
    let journal = options.paths().journal();
    in_folder(checks, "journal", options, &journal, &is_segment_name)?;
    in_folder(checks, "state", options, options.state_files().directory(), &is_state_name)?;
    let evidence = options.dir.join("evidence");
    in_folder(checks, "evidence", options, &evidence, &|name| Sha256Hex::parse(name).is_ok())?;
    // Keys that are kept elsewhere may lie on a medium with other things.
    if options.keys_dir.starts_with(&options.dir) {
        in_folder(checks, "keys", options, &options.keys_dir, &is_key)?;
    }
    Ok(())
}

fn in_folder(
    checks: &mut [Check],
    part: &str,
    options: &Options,
    folder: &Path,
    is_own: &dyn Fn(&str) -> bool,
) -> Result<(), VerifyError> {
    let mut names = match options.disk.list(folder) {
        Ok(names) => names,
        // What lies in the place of a folder is named where the registry is opened.
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Ok(()),
        Err(source) => {
            let path = folder.display().to_string();
            return Err(RegistryError::File { operation: "list", path, source }.into());
        }
    };
    names.retain(|name| !is_own(name));
    let Some(check) = checks.iter_mut().find(|check| check.part == part).filter(|_| !names.is_empty()) else {
        return Ok(());
    };
    let more = names.len().saturating_sub(LISTED_NAMES);
    let mut listed: Vec<String> = names.iter().take(LISTED_NAMES).map(|name| format!("{name:?}")).collect();
    if more > 0 {
        listed.push(format!("+{more}"));
    }
    let (folder, listed) = (folder.display(), listed.join(", "));
    check.note(
        format!("di {folder} ada yang bukan berkas registri dan tidak dibaca: {listed}; pindahkan dari sana"),
        format!("in {folder} lies what is no file of the registry and is not read: {listed}; move it away"),
    );
    Ok(())
}
