use super::*;
use crate::cache::{Cache, Key};

const SORT: &str = "reports";

/// A cache folder with some entries, one for each age in days.
fn filled(ages: &[u32]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(folder.path(), SORT);
    let put = |days: &u32| {
        cache.put(Key::hash(days), days);
        cache.path(Key::hash(days))
    };
    let paths: Vec<PathBuf> = ages.iter().map(put).collect();
    drop(cache);
    paths.iter().zip(ages).for_each(|(path, days)| set_age(path, *days * DAY));
    (folder, paths)
}

fn set_age(path: &Path, age: Duration) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - age).unwrap();
}

fn age_of(path: &Path) -> Duration {
    age(&fs::metadata(path).unwrap())
}

/// Files that are somebody else's, though some of them look much like ours.
fn strangers(folder: &Path) -> Vec<PathBuf> {
    let hash = "0".repeat(62);
    let places = [
        "notes.txt".to_owned(),
        format!("00/{hash}"),
        format!("{SORT}/.tmpfile"),
        format!("{SORT}/{hash}"),
        format!("{SORT}/00/{hash}.bak"),
        format!("{SORT}/00/{}", hash.to_uppercase().replace('0', "A")),
        format!("{SORT}/000/{hash}"),
        format!("{SORT}/00/deep/{hash}"),
        format!("else/00/{hash}"),
    ];
    let make = |place: &String| {
        let path = folder.join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "precious").unwrap();
        set_age(&path, 1000 * DAY);
        path
    };
    places.iter().map(make).collect()
}

#[test]
fn reading_notes_the_use_of_what_was_not_used_for_a_day() {
    let (folder, paths) = filled(&[0, 3]);
    let cache = Cache::open(folder.path(), SORT);
    set_age(&paths[0], DAY / 2);
    for days in [0, 3_u32] {
        assert_eq!(cache.get::<u32>(Key::hash(&days)), Some(days));
    }
    assert!(age_of(&paths[0]) > DAY / 3, "a run soon after another writes nothing");
    assert!(age_of(&paths[1]) < DAY / 3);
}

#[test]
fn what_is_of_no_use_is_not_said_to_be() {
    let (folder, paths) = filled(&[3]);
    fs::write(&paths[0], "{").unwrap();
    set_age(&paths[0], 3 * DAY);
    assert_eq!(Cache::open(folder.path(), SORT).get::<u32>(Key::hash(&3)), None);
    assert!(age_of(&paths[0]) > 2 * DAY);
}

#[test]
fn whoever_puts_something_in_sweeps_once_a_day() {
    let (folder, paths) = filled(&[1, 29, 31]);
    let stays = || paths.iter().map(|path| path.exists()).collect::<Vec<_>>();
    let run = |number: &u32| Cache::open(folder.path(), SORT).put(Key::hash(number), number);
    run(&1000);
    assert_eq!(stays(), [true, true, true], "the folder was swept when it was filled");
    let stamp = folder.path().join(SORT).join(STAMP);
    set_age(&stamp, 2 * DAY);
    drop(Cache::open(folder.path(), SORT));
    assert_eq!(stays(), [true, true, true], "nothing was put in");
    run(&1001);
    assert_eq!(stays(), [true, true, false]);
    assert!(age_of(&stamp) < DAY / 2);

    // A clock that was wrong once does not end the sweeping.
    set_age(&paths[1], 31 * DAY);
    let ahead = File::options().write(true).open(&stamp).unwrap();
    ahead.set_modified(SystemTime::now() + 400 * DAY).unwrap();
    run(&1002);
    assert_eq!(stays(), [true, false, false]);
}

#[test]
fn the_least_recently_used_go_first() {
    let (folder, paths) = filled(&[5, 1, 3, 2]);
    let bounds = Bounds { age: 30 * DAY, bytes: 2 * BLOCK };
    sweep(&folder.path().join(SORT), bounds).unwrap();
    let stays: Vec<bool> = paths.iter().map(|path| path.exists()).collect();
    assert_eq!(stays, [false, true, false, true]);
}

#[test]
fn what_killed_processes_left_is_removed_when_it_is_old() {
    let (folder, _) = filled(&[]);
    let sort = folder.path().join(SORT);
    fs::create_dir_all(&sort).unwrap();
    let unfinished = |days: u32| {
        let (_, path) = tempfile::NamedTempFile::new_in(&sort).unwrap().keep().unwrap();
        set_age(&path, days * DAY);
        path
    };
    let (old, new) = (unfinished(2), unfinished(0));
    sweep(&sort, Bounds::default()).unwrap();
    assert!(!old.exists() && new.exists());
}

#[test]
fn strangers_are_left_alone() {
    let (folder, paths) = filled(&[1, 40]);
    let strangers = strangers(folder.path());
    let all_stay = || strangers.iter().all(|path| fs::read(path).unwrap() == b"precious");
    sweep(&folder.path().join(SORT), Bounds { age: DAY, bytes: 0 }).unwrap();
    assert!(all_stay() && paths.iter().all(|path| !path.exists()));
    let cleaned = CacheFolder::new(folder.path()).clean().unwrap();
    assert_eq!(cleaned, CacheSize::default());
    assert!(all_stay() && !folder.path().join(SORT).join(STAMP).exists());
}

#[test]
fn clean_says_how_much_there_was() {
    let (folder, paths) = filled(&[1, 2, 3]);
    fs::write(&paths[0], "").unwrap();
    let cache = CacheFolder::new(folder.path());
    let size = CacheSize { entries: 3, bytes: 2 * BLOCK };
    assert_eq!(cache.size().unwrap(), size);
    assert_eq!(cache.clean().unwrap(), size);
    assert_eq!(cache.clean().unwrap(), CacheSize::default());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let nowhere = CacheFolder::new(folder.path().join("nowhere"));
    assert_eq!(nowhere.size().unwrap(), CacheSize::default());
    assert_eq!(nowhere.clean().unwrap(), CacheSize::default());
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    let (folder, paths) = filled(&[1]);
    let outside = tempfile::tempdir().unwrap();
    let precious = outside.path().join("0".repeat(62));
    fs::write(&precious, "precious").unwrap();
    let sort = folder.path().join(SORT);
    std::os::unix::fs::symlink(outside.path(), sort.join("00")).unwrap();
    std::os::unix::fs::symlink(&precious, paths[0].with_file_name("1".repeat(62))).unwrap();
    let cleaned = CacheFolder::new(folder.path()).clean().unwrap();
    assert_eq!((cleaned.entries, precious.exists()), (1, true));
}

#[test]
fn many_share_a_folder_that_is_swept_all_the_time() {
    let folder = tempfile::tempdir().unwrap();
    let work = |thread: u32| {
        for number in 0..200_u32 {
            let cache = Cache::open(folder.path(), SORT);
            // The threads put and get the same few entries.
            let value = (number * (thread + 1)) % 20;
            cache.put(Key::hash(&value), &value);
            let got = cache.get::<u32>(Key::hash(&value));
            assert!(got.is_none_or(|got| got == value));
            let sort = folder.path().join(SORT);
            sweep(&sort, Bounds { age: DAY, bytes: 5 * BLOCK }).unwrap();
            if number % 50 == 0 {
                CacheFolder::new(folder.path()).clean().unwrap();
            }
        }
    };
    std::thread::scope(|scope| (0..4).for_each(|thread| drop(scope.spawn(move || work(thread)))));
    assert!(CacheFolder::new(folder.path()).size().unwrap().entries <= 20);
}
