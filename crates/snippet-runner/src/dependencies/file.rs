//! Files, and nothing that only looks like one: a pipe would be waited for without end.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Opens a regular file. A link is none.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let is_file = |metadata: fs::Metadata| match metadata.is_file() {
        true => Ok(()),
        false => Err(io::Error::from(io::ErrorKind::InvalidInput)),
    };
    // To open a device may be enough for it to do something.
    is_file(fs::symlink_metadata(path)?)?;
    let mut options = File::options();
    options.read(true);
    // By now it may be something else.
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;

        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    is_file(file.metadata()?)?;
    Ok(file)
}
