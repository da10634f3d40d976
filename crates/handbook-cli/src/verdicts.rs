//! The list of verdicts that `run` gives, for people and for programs.

use crate::report::{line, shown};
use anstyle::{AnsiColor, Style};
use handbook_pass::Facts;
use mdbook_snippets::{Listed, Status, Tally, Verdicts};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;

/// Prints a line for each snippet.
pub(crate) fn list(facts: &Facts) -> anyhow::Result<()> {
    let Some(Verdicts::Reported { listed, .. }) = facts.get() else { return Ok(()) };
    listed.iter().try_for_each(|listed| line(&one_line(listed)))
}

fn one_line(listed: &Listed) -> String {
    let colour = match listed.verdict {
        Status::Passed => AnsiColor::Green,
        Status::Failed => AnsiColor::Red,
        Status::Ignored => AnsiColor::Yellow,
    };
    let style = Style::new().fg_color(Some(colour.into()));
    let took = listed.milliseconds.map(|number| shown(Duration::from_millis(number)));
    let about: Vec<String> = listed
        .expects
        .attribute()
        .map(str::to_owned)
        .into_iter()
        .chain(took)
        .chain(listed.cached.then(|| "cached".to_owned()))
        .chain(listed.flaky.map(|flaky| format!("failed {} of {}", flaky.failed, flaky.runs)))
        .collect();
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
    format!("{style}{:7}{style:#} {}{about}", listed.verdict.word(), listed.title())
}

/// What `run --format json` prints behind the findings. Of what is not known there is nothing in
/// the list, and no tally.
pub(crate) fn json(facts: &Facts) -> anyhow::Result<Map<String, Value>> {
    let (snippets, tally) = match facts.get() {
        Some(Verdicts::Reported { listed, tally, .. }) => (&listed[..], Some(tally)),
        _ => (&[][..], None),
    };
    let pairs = [
        ("snippets".to_owned(), serde_json::to_value(snippets)?),
        ("tally".to_owned(), serde_json::to_value(tally)?),
    ];
    Ok(pairs.into_iter().collect())
}

/// What came of a run as a whole.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// The counts; `None` if the configuration says that nothing is run.
    tally: Option<Tally>,
    /// How snippets were confined, if there were any.
    sandbox: Option<String>,
}

impl Summary {
    /// What is said of the same verdicts the next time.
    pub(crate) fn again(mut self) -> Self {
        if let Some(tally) = &mut self.tally {
            tally.cached = tally.passed + tally.failed;
            tally.rustc_calls = 0;
        }
        self
    }
}

/// What came of a run; `None` if a finding says why there is nothing to say.
pub(crate) fn summary(facts: &Facts) -> Option<Summary> {
    match facts.get() {
        Some(Verdicts::Reported { tally, under, .. }) => {
            let sandbox = under.as_ref().map(|under| under.sandbox.to_string());
            Some(Summary { tally: Some(*tally), sandbox })
        }
        Some(_) => None,
        None => Some(Summary { tally: None, sandbox: None }),
    }
}

/// Prints what came of a run in a line or two.
pub(crate) fn say(summary: &Summary) -> anyhow::Result<()> {
    let Some(Tally { passed, flaky, failed, ignored, cached, rustc_calls }) = summary.tally else {
        return line("nothing was run: the configuration says `run = false`");
    };
    let times = if rustc_calls == 1 { "once".to_owned() } else { format!("{rustc_calls} times") };
    if let Some(sandbox) = &summary.sandbox {
        line(&format!("{cached} from the cache, rustc started {times}; {sandbox}"))?;
    }
    let flaky = if flaky == 0 { String::new() } else { format!(" ({flaky} flaky)") };
    line(&format!("{passed} passed{flaky}, {failed} failed, {ignored} ignored"))
}
