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
    pub(super) paths: &'static [(Option<usize>, usize)],
    pub(super) purpose: Use,
}

/// What a call does to a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    /// It opens it, with the flags in this argument.
    Open(usize),
    /// It opens it, with the flags where this argument points.
    OpenHow(usize),
    /// It makes, moves or removes it.
    Change,
}

const fn change(number: libc::c_long, paths: &'static [(Option<usize>, usize)]) -> FileCall {
    FileCall { number, paths, purpose: Use::Change }
}

/// Every such call.
pub(super) const FILE_CALLS: &[FileCall] = &[
    FileCall { number: libc::SYS_openat, paths: &[(Some(0), 1)], purpose: Use::Open(2) },
    FileCall { number: libc::SYS_openat2, paths: &[(Some(0), 1)], purpose: Use::OpenHow(2) },
    change(libc::SYS_mkdirat, &[(Some(0), 1)]),
    change(libc::SYS_mknodat, &[(Some(0), 1)]),
    change(libc::SYS_unlinkat, &[(Some(0), 1)]),
    change(libc::SYS_renameat2, &[(Some(0), 1), (Some(2), 3)]),
    change(libc::SYS_linkat, &[(Some(2), 3)]),
    change(libc::SYS_symlinkat, &[(Some(1), 2)]),
    change(libc::SYS_truncate, &[(None, 0)]),
    #[cfg(not(target_arch = "riscv64"))]
    change(libc::SYS_renameat, &[(Some(0), 1), (Some(2), 3)]),
    #[cfg(target_arch = "x86_64")]
    FileCall { number: libc::SYS_open, paths: &[(None, 0)], purpose: Use::Open(1) },
    #[cfg(target_arch = "x86_64")]
    change(libc::SYS_creat, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    change(libc::SYS_mkdir, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    change(libc::SYS_mknod, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    change(libc::SYS_rmdir, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    change(libc::SYS_unlink, &[(None, 0)]),
    #[cfg(target_arch = "x86_64")]
    change(libc::SYS_rename, &[(None, 0), (None, 1)]),
    #[cfg(target_arch = "x86_64")]
    change(libc::SYS_link, &[(None, 1)]),
    #[cfg(target_arch = "x86_64")]
    change(libc::SYS_symlink, &[(None, 1)]),
];
