//! Users that nobody else is.
//!
//! Root has no limit on processes, and may do to files and processes whatever Landlock does not
//! see. So what root starts gives up being root: each folder that a process may write to belongs to
//! a user of its own, with a number from where hardly any system has accounts. Its processes, and
//! only these, count for that user's limit.
//!
//! Toolchains often lie in root's home, which others cannot enter. One right is kept for that: to
//! read what is there. Landlock says what that is.

use std::{
    ffi::{c_int, c_ulong},
    fs, io,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{MetadataExt as _, lchown},
    },
    path::Path,
};

use super::check;

/// The kernel's numbers of the rights that are made use of here.
const CAP_CHOWN: u32 = 0;
const CAP_DAC_OVERRIDE: u32 = 1;
const CAP_DAC_READ_SEARCH: u32 = 2;
const CAP_KILL: u32 = 5;
const CAP_SETGID: u32 = 6;
const CAP_SETUID: u32 = 7;
const CAP_SETPCAP: u32 = 8;

/// The users that may be given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Users {
    first: u32,
    count: u32,
    /// The right to read what root may read.
    reader: u32,
}

/// A user of its own.
#[derive(Debug)]
pub(super) struct User {
    id: u32,
    reader: u32,
}

/// Who we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rights {
    /// Somebody with the rights of a user.
    Few,
    /// Root, who can be somebody else.
    Root(Users),
    /// Root, who cannot.
    OnlyRoot,
}

impl Rights {
    /// Finds out who we are.
    pub(super) fn find() -> Self {
        // SAFETY: this call takes nothing and cannot fail.
        if unsafe { libc::geteuid() } != 0 {
            return Rights::Few;
        }
        let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
        match Users::of(&read("/proc/self/status"), &read("/proc/self/uid_map")) {
            Some(users) => Rights::Root(users),
            None => Rights::OnlyRoot,
        }
    }
}

impl Users {
    /// Reads what a process may do, and which users its namespace knows, as `/proc` shows them.
    fn of(status: &str, map: &str) -> Option<Self> {
        /// Where numbers of accounts are rare, if there is as much.
        const FIRST: u32 = 1 << 30;
        /// Otherwise so many, as far up as possible, one below what stands for nobody.
        const FEW: u32 = 16 * 1024;
        const NOBODY: u32 = 65534;

        let rights = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
        let rights = u64::from_str_radix(rights.trim(), 16).ok()?;
        let has = |right: &u32| rights >> right & 1 == 1;
        let needed = [CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP];
        if !needed.iter().all(has) {
            return None;
        }
        let reader = [CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE].into_iter().find(has)?;
        let range = |line: &str| {
            let mut numbers = line.split_whitespace().map(|number| number.parse::<u32>().ok());
            let (first, _, count) = (numbers.next()??, numbers.next()??, numbers.next()??);
            Some(first..first.checked_add(count)?)
        };
        // What lies within one line of the map is a user, however many gaps there are elsewhere.
        let known = map.lines().filter_map(range).max_by_key(ExactSizeIterator::len)?;
        if known.start <= FIRST && known.end >= 2 * FIRST {
            return Some(Users { first: FIRST, count: FIRST, reader });
        }
        let end = known.end.min(NOBODY);
        let first = end.checked_sub(FEW)?;
        (first > known.start.max(FEW)).then_some(Users { first, count: FEW, reader })
    }

    /// Returns the user of a folder, to whom it belongs from now on with all that is in it.
    pub(super) fn of_folder(self, folder: &Path) -> io::Result<User> {
        let [a, b, c, d, ..] = *blake3::hash(folder.as_os_str().as_bytes()).as_bytes();
        let id = self.first + u32::from_le_bytes([a, b, c, d]) % self.count;
        give(folder, id)?;
        Ok(User { id, reader: self.reader })
    }
}

impl User {
    /// Becomes this user, for ever. Called by a process that has not executed yet, and shares our
    /// memory: nothing here allocates, and nothing goes through the C library, which would make
    /// all of our threads somebody else.
    pub(super) fn become_them(&self) -> io::Result<()> {
        const VERSION_3: u32 = 0x2008_0522;
        /// Rights do not change by themselves with the user.
        const SECBIT_NO_SETUID_FIXUP: c_ulong = 1 << 2;
        /// The kernel's `struct __user_cap_header_struct` and `__user_cap_data_struct`.
        #[repr(C)]
        struct Header {
            version: u32,
            process: c_int,
        }
        #[repr(C)]
        #[derive(Clone, Copy)]
        struct Data {
            effective: u32,
            permitted: u32,
            inheritable: u32,
        }

        let id = c_ulong::from(self.id);
        let kept = 1 << self.reader;
        let header = Header { version: VERSION_3, process: 0 };
        let none = Data { effective: 0, permitted: 0, inheritable: 0 };
        let data = [Data { effective: kept, permitted: kept, inheritable: kept }, none];
        let raise = c_ulong::from(libc::PR_CAP_AMBIENT_RAISE.cast_unsigned());
        // SAFETY: the calls take numbers, and two structures on this stack that have the kernel's
        // layout.
        unsafe {
            // What is made here can be used by who comes next.
            libc::syscall(libc::SYS_umask, 0o022);
            // Its pipes are opened again by who writes to `/dev/stdout`.
            for stream in [1, 2] {
                libc::syscall(libc::SYS_fchown, stream, id, id);
            }
            // Otherwise `access` would say that what can be read cannot.
            check(libc::syscall(
                libc::SYS_prctl,
                libc::PR_SET_SECUREBITS,
                SECBIT_NO_SETUID_FIXUP,
                0,
                0,
                0,
            ))?;
            check(libc::syscall(libc::SYS_setgroups, 0, 0))?;
            check(libc::syscall(libc::SYS_setresgid, id, id, id))?;
            check(libc::syscall(libc::SYS_setresuid, id, id, id))?;
            check(libc::syscall(libc::SYS_capset, &raw const header, data.as_ptr()))?;
            check(libc::syscall(
                libc::SYS_prctl,
                libc::PR_CAP_AMBIENT,
                raise,
                c_ulong::from(self.reader),
                0,
                0,
            ))
        }
    }
}

/// Gives a file, or a folder with all that is in it, to a user. Links are not followed.
fn give(path: &Path, user: u32) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.uid() != user {
        lchown(path, Some(user), Some(user))?;
    }
    if metadata.is_dir() {
        fs::read_dir(path)?.try_for_each(|entry| give(&entry?.path(), user))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = "Name:\tx\nCapEff:\t000001ffffffffff\n";

    #[test]
    fn users_are_those_of_the_namespace() {
        let of = |map: &str| Users::of(ALL, map).map(|users| (users.first, users.count));
        assert_eq!(of("0 0 4294967295"), Some((1 << 30, 1 << 30)));
        assert_eq!(of("0 1000 1\n1 100000 65536"), Some((65534 - 16384, 16384)));
        assert_eq!(of("0 1000 1"), None);
        assert_eq!(of("0 1000 1\n5000 100000 40000"), Some((45000 - 16384, 16384)));
        assert_eq!(of("0 1000 1\n50000 100000 1000"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn rights_are_needed_to_give_them_up() {
        let reader = |rights: u64| {
            let users = Users::of(&format!("CapEff:\t{rights:x}"), "0 0 4294967295");
            users.map(|users| users.reader)
        };
        // What containers give.
        assert_eq!(reader(0xa804_25fb), Some(CAP_DAC_OVERRIDE));
        assert_eq!(reader(0x1ff), Some(CAP_DAC_READ_SEARCH));
        assert_eq!(reader(0x1ff & !(1 << CAP_SETUID)), None);
        assert_eq!(reader(0), None);
    }

    #[test]
    fn a_folder_keeps_its_user() {
        let Rights::Root(users) = Rights::find() else { return };
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        std::os::unix::fs::symlink("/", inner.join("root")).unwrap();
        let id = users.of_folder(folder.path()).unwrap().id;
        assert!((users.first..users.first + users.count).contains(&id));
        assert_eq!(users.of_folder(folder.path()).unwrap().id, id);
        assert_eq!(fs::symlink_metadata(inner.join("root")).unwrap().uid(), id);
        assert_eq!(fs::metadata("/").unwrap().uid(), 0);
    }
}
