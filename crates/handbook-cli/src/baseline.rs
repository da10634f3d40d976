use crate::Outcome;
use crate::arguments::{Baseline as Arguments, Shared};
use crate::open::OpenBook;
use crate::report::line;
use crate::write::replace;
use anyhow::{Context, bail};
use handbook_engine::{Baseline, Standing};
use handbook_mdbook::{BASELINE, DiskFiles};
use handbook_text::include::{ReadError, ReadFiles};
use mdbook_snippets::{NotRun, Verdicts};
use serde::{Deserialize, Serialize};

/// Writes the baseline of a book that has none; takes out of another what is found no more, and
/// adds only what it is told to.
pub(crate) fn baseline(shared: &Shared, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let (book, _lock) = OpenBook::open_to_change(shared, &DiskFiles)?;
    let file = book.root.join(BASELINE);
    let before = match DiskFiles.read(&file) {
        Ok(text) => {
            let read = Baseline::parse(&text);
            Some(read.with_context(|| {
                format!("`{BASELINE}` cannot be read; `handbook check` says where")
            })?)
        }
        Err(ReadError::NotFound) => None,
        Err(error) => bail!("cannot read `{}`: {error}", file.display()),
    };
    let mut input = book.input(&DiskFiles)?;
    let analysis = book.analyse(&mut input, &DiskFiles);
    if let Some(Verdicts::NotRun(NotRun { reason, .. })) = analysis.facts.get() {
        bail!("nobody knows what is wrong with the snippets: {reason}");
    }
    let Standing { found, needed, .. } = analysis.standing;
    let after = match (&before, arguments.grow) {
        (None, _) => found,
        (Some(_), true) => needed.grown(&found),
        (Some(_), false) => needed,
    };
    let number = findings(after.len());
    if before.as_ref() == Some(&after) {
        line(&format!("`{BASELINE}` stays as it is: {number}"))?;
        return Ok(Outcome::Clean);
    }
    replace(&file, after.text().as_bytes())?;
    match before {
        None => line(&format!("`{BASELINE}` is new: {number}"))?,
        Some(before) => line(&format!("`{BASELINE}` had {}, now {number}", before.len()))?,
    }
    Ok(Outcome::Clean)
}

/// What is left to say of a baseline after a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remainder {
    /// How many findings were not reported.
    held: usize,
    /// How many of those that it allows were not found.
    spare: usize,
}

impl Remainder {
    pub(crate) fn of(standing: &Standing) -> Self {
        Self { held: standing.held.len(), spare: standing.spare }
    }

    pub(crate) fn say(self) -> anyhow::Result<()> {
        if self.held > 0 {
            line(&format!("{} of the baseline not shown", findings(self.held)))?;
        }
        if self.spare > 0 {
            let gone = findings(self.spare);
            line(&format!("{gone} of the baseline not there any more: `handbook baseline`"))?;
        }
        Ok(())
    }
}

fn findings(number: usize) -> String {
    format!("{number} {}", if number == 1 { "finding" } else { "findings" })
}
