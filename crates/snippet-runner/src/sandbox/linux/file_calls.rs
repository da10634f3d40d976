//! The system calls that Landlock judges by a file's path.
//!
//! Not among them is `execve`: a process makes that call before anybody could answer.

/// A call and what it does to which files.
#[derive(Debug)]
pub(super) struct FileCall {
    /// Its number.
    pub(super) number: libc::c_long,
    /// For each file the arguments, counted from 0, that hold the folder's descriptor, if there is
    /// one, and the path.
    pub(super) paths: Paths,
    pub(super) purpose: Use,
}

/// What a call does to a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    /// It opens it, with the flags in this argument.
    Open(usize),
    /// It opens it, with the flags where this argument points.
    OpenHow(usize),
    /// It makes it, unless it is there.
    Make,
    /// It removes it.
    Remove,
    /// It moves the first one, perhaps to where another one is.
    Move,
    /// It makes it shorter or longer.
    Truncate,
}

type Paths = &'static [(Option<usize>, usize)];

const fn make(number: libc::c_long, paths: Paths) -> FileCall {
    FileCall { number, paths, purpose: Use::Make }
}

const fn remove(number: libc::c_long, paths: Paths) -> FileCall {
    FileCall { number, paths, purpose: Use::Remove }
}

const fn moves(number: libc::c_long, paths: Paths) -> FileCall {
    FileCall { number, paths, purpose: Use::Move }
}

const fn truncate(number: libc::c_long, paths: Paths) -> FileCall {
    FileCall { number, paths, purpose: Use::Truncate }
}

/// Every such call.
pub(super) const FILE_CALLS: &[FileCall] = &[
    FileCall { number: libc::SYS_openat, paths: &[(Some(0), 1)], purpose: Use::Open(2) },
    FileCall { number: libc::SYS_openat2, paths: &[(Some(0), 1)], purpose: Use::OpenHow(2) },
    make(libc::SYS_mkdirat, &[(Some(0), 1)]),
    make(libc::SYS_mknodat, &[(Some(0), 1)]),
    remove(libc::SYS_unlinkat, &[(Some(0), 1)]),
    moves(libc::SYS_renameat2, &[(Some(0), 1), (Some(2), 3)]),
    make(libc::SYS_linkat, &[(Some(2), 3)]),
    make(libc::SYS_symlinkat, &[(Some(1), 2)]),
    truncate(libc::SYS_truncate, &[(None, 0)]),
    #[cfg(not(target_arch = "riscv64"))]
    moves(libc::SYS_renameat, &[(Some(0), 1), (Some(2), 3)]),
    #[cfg(target_arch = "x86_64")]
    FileCall { number: libc::SYS_open, paths: &[(None, 0)], purpose: Use::Open(1) },
    #[cfg(target_arch = "x86_64")]
    truncate(libc::SYS_creat, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    make(libc::SYS_mkdir, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    make(libc::SYS_mknod, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    remove(libc::SYS_rmdir, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    remove(libc::SYS_unlink, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    moves(libc::SYS_rename, &[(None, 0), (None, 1)]),
    #[cfg(target_arch = "x86_64")]
    make(libc::SYS_link, &[(None, 1)]),
    #[cfg(target_arch = "x86_64")]
    make(libc::SYS_symlink, &[(None, 1)]),
];
