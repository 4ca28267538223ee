//! Files that a command writes and never writes over.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Writes a file that must not be there yet, durably. With `private` only its owner may read it, from its first
/// moment on.
///
/// Crash in it: no file, or one that may be cut short; after an error there is none.
///
/// # Errors
/// `AlreadyExists`, and nothing was touched; otherwise the operating system's.
pub fn write_new(path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
    let mode = if private { 0o600 } else { 0o666 };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let named = || std::fs::File::open(directory.unwrap_or(Path::new(".")))?.sync_all();
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| named());
    // A part of it must not be taken for the whole.
    written.inspect_err(|_| drop(std::fs::remove_file(path)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_written_once_and_a_private_one_is_its_owners() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        write_new(&path, b"first", true).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(write_new(&path, b"second", false).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
    }
}
