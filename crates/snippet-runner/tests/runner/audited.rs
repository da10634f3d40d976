//! Snippets whose reports cannot be relied on are found.

use std::sync::atomic::{AtomicUsize, Ordering};

use snippet_runner::{DoubtSort, Progress, Report, Runner};

use crate::{config, snippet};

#[derive(Default)]
struct Counter {
    planned: AtomicUsize,
    finished: AtomicUsize,
}

impl Progress for Counter {
    fn planned(&self, total: usize, _: usize) {
        self.planned.fetch_add(total, Ordering::Relaxed);
    }

    fn finished(&self, _: usize, _: &Report) {
        self.finished.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn who_behaves_differently_is_told() {
    let snippets = [
        snippet("println!(\"steady\");"),
        snippet("println!(\"{:?}\", std::time::SystemTime::now());"),
        // Among others, the program is larger.
        snippet("println!(\"{}\", std::fs::metadata(\"/proc/self/exe\").unwrap().len());"),
        snippet("panic!(\"as ever\");"),
        snippet("panic!(\"{}\", std::process::id());"),
    ];
    let counter = Counter::default();
    let audit = Runner::new(config()).audit(&snippets, &counter).unwrap();
    let found: Vec<_> = audit.doubts.iter().map(|doubt| (doubt.index, doubt.sort)).collect();
    let expected = [
        (1, DoubtSort::Nondeterminism),
        (2, DoubtSort::Interference),
        (4, DoubtSort::Nondeterminism),
    ];
    assert_eq!(found, expected);
    let [among, alone] = &audit.doubts[1].reports;
    assert_ne!(among.stdout, alone.stdout);
    assert_eq!(audit.outcome.reports[0].stdout, "steady\n");
    assert_eq!((counter.planned.into_inner(), counter.finished.into_inner()), (15, 15));
}
