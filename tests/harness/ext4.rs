//! An ext4 file system in an image file, mounted through a loop device: a medium whose power can be cut.
//!
//! What the inner file system has not written back is not in the image file, so a copy of the image,
//! taken while the writer stands still, is what a medium holds after a power cut. The inner journal
//! commits only when somebody syncs (`commit=300`), so that nothing becomes durable by waiting.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted image. Dropping it unmounts it and lets go of its loop device.
#[derive(Debug)]
pub struct Ext4 {
    image: PathBuf,
    mount_point: PathBuf,
    mounted: bool,
}

/// Runs a program of the system.
///
/// Fails with what it said: a machine that cannot do this cannot run the power-cut harness, and must
/// not pass for one that did.
fn system(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output =
        Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} {arguments:?}: {}: {}", output.status, said.trim()))
}

/// As [`system`], for steps without which there is no harness.
fn must(program: &str, arguments: &[&str]) {
    if let Err(error) = system(program, arguments) {
        panic!(
            "the power-cut harness needs root, loop devices, mkfs.ext4, mount, umount and cp; it is never \
             skipped, so provide them: {error}"
        );
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Ext4 {
    /// Makes an image of `mebibytes` with an empty file system and mounts it, both under `directory`.
    pub fn make(directory: &Path, name: &str, mebibytes: u64) -> Self {
        let image = directory.join(format!("{name}.img"));
        let file = fs::File::create(&image).unwrap();
        file.set_len(mebibytes << 20).unwrap();
        drop(file);
        must("mkfs.ext4", &["-q", "-m", "0", text(&image)]);
        Self::mount(image)
    }

    /// Mounts an image beside itself. A journal that a power cut left is replayed.
    pub fn mount(image: PathBuf) -> Self {
        let mount_point = image.with_extension("mnt");
        fs::create_dir_all(&mount_point).unwrap();
        must("mount", &["-o", "loop,noatime,commit=300", text(&image), text(&mount_point)]);
        Self { image, mount_point, mounted: true }
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.mount_point
    }

    /// Copies what the image file holds at this moment.
    pub fn copy_medium(&self, name: &str) -> PathBuf {
        let copy = self.image.with_file_name(format!("{name}.img"));
        must("cp", &["--sparse=always", text(&self.image), text(&copy)]);
        copy
    }

    /// Unmounts it and removes the image.
    pub fn discard(mut self) {
        self.unmount().unwrap();
        fs::remove_file(&self.image).unwrap();
    }

    fn unmount(&mut self) -> Result<(), String> {
        if std::mem::take(&mut self.mounted) {
            system("umount", &[text(&self.mount_point)])
                // Lazily, when somebody still holds a file there: nothing may stay mounted for good.
                .or_else(|_| system("umount", &["--lazy", text(&self.mount_point)]))?;
        }
        Ok(())
    }
}

impl Drop for Ext4 {
    fn drop(&mut self) {
        if let Err(error) = self.unmount() {
            eprintln!("left mounted: {error}");
        }
    }
}
