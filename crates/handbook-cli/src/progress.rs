use crate::report::{remark, shown};
use handbook_pass::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// A bar on standard error, if that is a terminal; indicatif shows nothing elsewhere. What is slow
/// is told in either case.
#[derive(Debug, Default)]
pub(crate) struct Bar {
    bar: OnceLock<ProgressBar>,
    /// What was said already: a command may run a book more than once.
    told: Mutex<BTreeSet<String>>,
}

impl Bar {
    fn bar(&self) -> &ProgressBar {
        self.bar.get_or_init(|| {
            let style =
                ProgressStyle::with_template("{elapsed:>4} {bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(0);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            start(&bar);
            bar
        })
    }

    /// Prints a line, unless one about `what` was printed before.
    fn once(&self, what: &str, line: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(what.to_owned()) {
            self.bar().suspend(|| remark(line));
        }
    }
}

fn start(bar: &ProgressBar) {
    if !bar.is_hidden() {
        // The time goes on even while a compiler has nothing to say.
        bar.enable_steady_tick(Duration::from_millis(250));
    }
}

impl Watch for Bar {
    fn advance(&self, done: usize, total: usize, what: &str) {
        let bar = self.bar();
        if bar.is_finished() && done < total {
            // A command may have more than one work to do.
            bar.reset();
            start(bar);
        }
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        bar.set_message(what.to_owned());
        if done == total {
            bar.finish_and_clear();
        }
    }

    fn slow(&self, what: &str, took: Duration) {
        self.once(what, &format!("slow: {what} took {}", shown(took)));
    }

    fn remark(&self, what: &str) {
        self.once(what, what);
    }
}
