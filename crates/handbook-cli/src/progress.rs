use handbook_pass::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::OnceLock;

/// A bar on standard error, if that is a terminal; indicatif shows nothing elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Bar {
    bar: OnceLock<ProgressBar>,
}

impl Watch for Bar {
    fn advance(&self, done: usize, total: usize, what: &str) {
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(0);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        bar.set_message(what.to_owned());
        if done == total {
            bar.finish_and_clear();
        }
    }
}
