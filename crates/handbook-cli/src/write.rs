//! A file that is written or removed in one step: whoever is interrupted leaves the old one or the
//! new one, and nothing between.

use anyhow::Context;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What is being written, beside what it is to become, until it is whole. All commands call it so:
/// they write one after the other, and what one leaves that is killed, the next takes away.
pub(crate) const PART: &str = ".handbook.part";

/// Writes a file, with the permissions that it had. A link stays a link: the file that it leads to
/// is replaced.
///
/// # Errors
///
/// If it cannot be written; then it is as it was.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let target = real(path);
    let part = part(&target);
    let write = || {
        // Never through a link of that name.
        let mut written = File::create_new(&part)?;
        written.write_all(bytes)?;
        if let Ok(metadata) = fs::metadata(&target) {
            written.set_permissions(metadata.permissions())?;
        }
        written.sync_all()?;
        fs::rename(&part, &target)
    };
    let _ = fs::remove_file(&part);
    if let Err(error) = write() {
        let _ = fs::remove_file(&part);
        return Err(error).with_context(|| format!("cannot write `{}`", path.display()));
    }
    target.parent().into_iter().for_each(settle);
    Ok(())
}

/// Removes a file.
///
/// # Errors
///
/// If it cannot be removed.
pub(crate) fn remove(path: &Path) -> anyhow::Result<()> {
    fs::remove_file(path).with_context(|| format!("cannot remove `{}`", path.display()))?;
    path.parent().into_iter().for_each(settle);
    Ok(())
}

/// Removes what somebody was writing, in place of `path`, who is not there any more.
pub(crate) fn remove_part(path: &Path) {
    // A part that cannot be removed stops nobody but who writes there next.
    let _ = fs::remove_file(part(&real(path)));
}

/// Where a file is written until it is whole: in its own folder, because only there renaming it is
/// one step.
fn part(target: &Path) -> PathBuf {
    target.with_file_name(PART)
}

/// Where a file lies, links followed.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Waits until names in a folder are on the disk, where the system lets one wait for that.
fn settle(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn links_and_permissions_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_new_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        // What somebody left who was killed is no obstacle; a folder of that name is.
        fs::write(folder.path().join(PART), "half").unwrap();
        replace(&file, b"new").unwrap();
        assert!(!folder.path().join(PART).exists());
        fs::remove_file(&file).unwrap();
        fs::create_dir(folder.path().join(PART)).unwrap();
        assert!(replace(&file, b"new").is_err() && !file.exists());
    }
}
