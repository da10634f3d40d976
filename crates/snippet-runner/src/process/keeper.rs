//! Ending what our processes have started, when nobody is left of us to do so.
//!
//! Whoever is killed does nothing any more, and Linux ends with it only the processes that it
//! started itself. What those have started in turn, such as a compiler's linker, would go on for
//! ever. So a second process waits for our end, the *keeper*:
//!
//! 1. It is forked before the first process of a run is started, shares a table with us, and reads
//!    from a socket whose other end is ours. Signals do not reach it, nor does the terminal.
//! 2. A process writes its number into the table before it executes what it was made for, as
//!    leader of its group. It gives up our end of the socket only then: once that is closed,
//!    nobody is on the way.
//! 3. We take the number out when the group was killed, and before its leader is reaped: until
//!    that moment the number cannot be given to a stranger.
//! 4. The socket comes to its end however we do. Then the keeper kills every group of the table,
//!    waits until they are gone, and exits. If nothing is running any more, it is we who shut the
//!    socket down; the table is empty, and the keeper is reaped.
//!
//! Namespaces and control groups would do this in the kernel, but not for every user, nor in every
//! container; a supervisor for each process would be a process for each. The keeper is one for all
//! who run something at the same time, and costs a process two writes to memory.
//!
//! If there is none, because the system has no process to give or is older than Linux 5.9, running
//! goes on without, as it does for those who find no place in the table.

use std::{
    ffi::c_int,
    io,
    net::Shutdown,
    os::{
        fd::{AsRawFd as _, RawFd},
        unix::net::UnixStream,
    },
    ptr::{self, NonNull},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicI32, Ordering},
    },
};

use rustix::process::{Pid, WaitOptions, waitpid};

/// The process that ends what we leave behind; gone when it is dropped.
#[derive(Debug)]
pub(super) struct Keeper {
    table: Table,
    life: UnixStream,
    process: Pid,
}

/// The keeper of all who run something now.
static CURRENT: Mutex<Weak<Keeper>> = Mutex::new(Weak::new());

impl Keeper {
    /// Returns the keeper, which is forked if there is none; `None` if that cannot be done.
    pub(super) fn get() -> Option<Arc<Self>> {
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keeper) = current.upgrade() {
            return Some(keeper);
        }
        let keeper = Arc::new(Keeper::fork().ok()?);
        *current = Arc::downgrade(&keeper);
        Some(keeper)
    }

    fn fork() -> io::Result<Self> {
        let table = Table::new()?;
        let (life, end) = UnixStream::pair()?;
        // No signal may end the keeper, or call a handler that was made for us, from its first
        // moment on. So they are blocked before there is one, and stay so for it.
        // SAFETY: the sets are on this stack, and zeros are a valid set. What runs in the forked
        // child makes system calls only, on memory that is its own or made to be shared.
        let process = unsafe {
            let (mut all, mut before) = (std::mem::zeroed(), std::mem::zeroed());
            libc::sigfillset(&raw mut all);
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
            let process = libc::fork();
            if process == 0 {
                keep(table.places(), end.as_raw_fd());
            }
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
            process
        };
        let process = Pid::from_raw(process.max(0)).ok_or_else(io::Error::last_os_error)?;
        Ok(Keeper { table, life, process })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // To close our end would not do: a child of somebody else may be about to execute, and
        // have it still. An error means that the keeper is gone.
        let _ = self.life.shutdown(Shutdown::Both);
        while matches!(
            waitpid(Some(self.process), WaitOptions::empty()),
            Err(rustix::io::Errno::INTR)
        ) {}
    }
}

/// What the keeper does. Between `fork` and its exit it neither allocates nor locks: another
/// thread may have been doing so, which is not there to finish.
fn keep(places: &Places, end: RawFd) -> ! {
    // SAFETY: the calls take numbers, a C string, and a byte on this stack.
    unsafe {
        // Ctrl-C and the end of the terminal are for us.
        libc::setsid();
        libc::prctl(libc::PR_SET_NAME, c"snippet-keeper".as_ptr());
        // Whatever else was open would stay so for those who wait for its end, even our own.
        if libc::dup2(end, 0) < 0 || libc::syscall(libc::SYS_close_range, 1, c_int::MAX, 0) < 0 {
            libc::_exit(1);
        }
        let mut byte = 0_u8;
        while libc::read(0, (&raw mut byte).cast(), 1) < 0
            && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted
        {}
    }
    kill_all(places);
    // SAFETY: this call takes a number and does not return.
    unsafe { libc::_exit(0) }
}

/// Kills all groups, and waits a little: whoever sees that the keeper is gone should not see them.
fn kill_all(places: &Places) {
    /// How often to look, with a millisecond between: the dead are there until they are buried,
    /// which a system may never do.
    const LOOKS: usize = 100;

    let signal = |place: &AtomicI32, signal| {
        let group = place.load(Ordering::Acquire);
        // SAFETY: this call takes numbers only.
        group > 0 && unsafe { libc::kill(-group, signal) } == 0
    };
    for place in places {
        signal(place, libc::SIGKILL);
    }
    for _ in 0..LOOKS {
        if !places.iter().any(|place| signal(place, 0)) {
            break;
        }
        // SAFETY: without descriptors, this call only waits.
        unsafe { libc::poll(ptr::null_mut(), 0, 1) };
    }
}

/// A process's place in the table, free again when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    keeper: Arc<Keeper>,
    index: usize,
}

impl Place {
    /// Takes a place; `None` if there is none left.
    pub(super) fn take(keeper: Arc<Keeper>) -> Option<Self> {
        let claim = |place: &AtomicI32| {
            place.compare_exchange(FREE, TAKEN, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        };
        let index = keeper.table.places().iter().position(claim)?;
        Some(Place { keeper, index })
    }

    /// Returns what enters a process in the table. It is to be called by that process before
    /// it executes, and neither allocates nor locks.
    pub(super) fn enter(&self) -> impl Fn() + Send + Sync + use<> {
        let (keeper, index) = (Arc::clone(&self.keeper), self.index);
        move || {
            let own = std::process::id().cast_signed();
            keeper.table.places()[index].store(own, Ordering::Release);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.keeper.table.places()[self.index].store(FREE, Ordering::Release);
    }
}

/// How many groups there may be at a time: more than there are processors for.
const PLACES: usize = 4096;

/// A group's number each, or one of these.
type Places = [AtomicI32; PLACES];
const FREE: i32 = 0;
const TAKEN: i32 = -1;

/// Memory that forked processes share until they execute something else.
#[derive(Debug)]
struct Table(NonNull<Places>);

impl Table {
    fn new() -> io::Result<Self> {
        // SAFETY: the kernel chooses the place of a new mapping.
        let memory = unsafe {
            libc::mmap(
                ptr::null_mut(),
                size_of::<Places>(),
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        match NonNull::new(memory.cast()) {
            Some(places) if memory != libc::MAP_FAILED => Ok(Table(places)),
            _ => Err(io::Error::last_os_error()),
        }
    }

    fn places(&self) -> &Places {
        // SAFETY: the mapping is as large, aligned to a page, starts as zeros, which are valid,
        // and is accessed in no other way.
        unsafe { self.0.as_ref() }
    }
}

// SAFETY: it gives away shared references to atomic numbers only.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

impl Drop for Table {
    fn drop(&mut self) {
        // SAFETY: nobody has a reference to the mapping: it would borrow this.
        unsafe { libc::munmap(self.0.as_ptr().cast(), size_of::<Places>()) };
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests need something to keep")]
mod tests {
    use std::{
        fs,
        os::unix::process::{CommandExt as _, ExitStatusExt as _},
        process::Command,
        time::{Duration, Instant},
    };

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).process_group(0);
        command
    }

    /// Starts a process that has a place.
    fn start(mut command: Command, place: &Place) -> io::Result<std::process::Child> {
        let enter = place.enter();
        // SAFETY: that is what it is for.
        unsafe {
            command.pre_exec(move || {
                enter();
                Ok(())
            })
        };
        command.spawn()
    }

    fn numbers(keeper: &Keeper) -> Vec<i32> {
        let numbers = keeper.table.places().iter().map(|place| place.load(Ordering::Acquire));
        numbers.filter(|&number| number != FREE).collect()
    }

    #[test]
    fn groups_end_when_the_socket_does() {
        let keeper = Arc::new(Keeper::fork().unwrap());
        let place = Place::take(Arc::clone(&keeper)).unwrap();
        let mut leader = start(shell("sleep 40 & sleep 40 & wait"), &place).unwrap();
        let left = Place::take(Arc::clone(&keeper)).unwrap();
        let mut stranger = start(shell("sleep 0.5"), &left).unwrap();
        assert_eq!(
            numbers(&keeper),
            [leader.id().cast_signed(), stranger.id().cast_signed()],
            "nobody is started before it is in the table"
        );
        drop(left);
        let started = Instant::now();
        keeper.life.shutdown(Shutdown::Both).unwrap();
        assert_eq!(leader.wait().unwrap().signal(), Some(libc::SIGKILL));
        // The children are reaped by whoever does that here.
        let group = Pid::from_raw(leader.id().cast_signed()).unwrap();
        while rustix::process::test_kill_process_group(group).is_ok() {
            assert!(started.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(stranger.wait().unwrap().success());
    }

    #[test]
    fn a_keeper_holds_nothing_and_is_gone_when_it_is_dropped() {
        let keeper = Keeper::fork().unwrap();
        let process = format!("/proc/{}", keeper.process.as_raw_nonzero());
        let open = || fs::read_dir(format!("{process}/fd")).unwrap().count();
        let started = Instant::now();
        while open() != 1 {
            assert!(started.elapsed() < Duration::from_secs(20), "{} descriptors", open());
        }
        // Somebody else who was forked with our end, and has not executed yet.
        let _copy = keeper.life.try_clone().unwrap();
        // SAFETY: this call takes numbers only.
        unsafe { libc::kill(keeper.process.as_raw_nonzero().get(), libc::SIGTERM) };
        std::thread::sleep(Duration::from_millis(50));
        let status = fs::read_to_string(format!("{process}/status")).unwrap();
        assert!(status.contains("State:\tS"), "{status}");
        drop(keeper);
        assert!(!fs::exists(process).unwrap());
    }

    #[test]
    fn there_is_one_at_a_time() {
        let (first, second) = (Keeper::get().unwrap(), Keeper::get().unwrap());
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn places_are_given_back_and_come_to_an_end() {
        let keeper = Arc::new(Keeper::fork().unwrap());
        let take = || Place::take(Arc::clone(&keeper));
        let mut places: Vec<Place> = std::iter::from_fn(take).collect();
        assert_eq!(places.len(), PLACES);
        let freed = places.remove(7).index;
        assert_eq!(take().unwrap().index, freed);
        drop(places);
        let place = take().unwrap();
        start(Command::new("/there/is/none"), &place).unwrap_err();
        assert_eq!(numbers(&keeper).len(), 1);
        drop(place);
        assert!(numbers(&keeper).is_empty());
    }
}
