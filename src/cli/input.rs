//! Files that a command reads.

use jejak_events::translation::told;
use std::fs::File;
use std::path::Path;

use super::exit::Stop;

/// Opens a file and says how many bytes it holds now.
///
/// # Errors
/// [`Stop::Usage`], naming the path, when it cannot be opened or is a directory.
pub fn open_file(path: &Path) -> Result<(File, u64), Stop> {
    let opened = File::open(path).and_then(|file| file.metadata().map(|metadata| (file, metadata)));
    let (file, metadata) = opened.map_err(|error| {
        let path = path.display();
        Stop::usage(
            format!("tidak dapat membuka {path}: {error}", error = told(&error)),
            format!("cannot open {path}: {error}"),
        )
    })?;
    if metadata.is_dir() {
        let path = path.display();
        return Err(Stop::usage(
            format!("{path} adalah direktori; sebut satu berkas"),
            format!("{path} is a directory; name one file"),
        ));
    }
    Ok((file, metadata.len()))
}
