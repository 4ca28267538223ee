//! Who may read the files that are secret. Nothing here is mended.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::Check;

/// Says which of these files somebody else than their owner may read or write. What is not there, or on no disk of this
/// machine, is passed over.
pub(super) fn hold_private(check: &mut Check, paths: &[PathBuf]) {
    for path in paths {
        let Ok(metadata) = path.metadata() else { continue };
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let path = path.display();
            check.problem(
                format!("{path} terbuka bagi orang lain (mode {mode:o}); batasi dengan `chmod 600`"),
                format!("{path} is open to others (mode {mode:o}); restrict it by `chmod 600`"),
            );
        }
    }
}
