//! Where reports come from: from running the snippets, or from those who have.

use super::file::ResultsFile;
use super::taken::Lender;
use crate::Snippets;
use crate::execute::{Lack, NotRun, configured};
use handbook_pass::{Places, Results};
use snippet_runner::{Config, Error};

/// Where reports come from.
pub(crate) enum Source {
    /// From snippets that are run like this.
    Runner(Box<Config>),
    /// From this file.
    File(Box<ResultsFile>, Lender),
}

impl Source {
    /// The source that is asked for. What is frozen in the book counts only where there is no
    /// compiler.
    pub(crate) fn of(pass: &Snippets, places: &dyn Places) -> Result<Self, NotRun> {
        if let Results::Given(text) = &pass.environment.results {
            let file = ResultsFile::read("the results", text);
            let file = file.map_err(|error| NotRun::without_results(error.to_string()))?;
            return Ok(Self::File(Box::new(file), Lender::Parts));
        }
        let error = match configured(pass) {
            Ok(config) => return Ok(Self::Runner(Box::new(config))),
            Err(error) => error,
        };
        // An audit is about what happens here.
        let may_borrow = pass.environment.results == Results::Tried && !pass.environment.audit;
        if !may_borrow || !matches!(error, Error::NoRustc { .. }) {
            return Err(NotRun::because(&error));
        }
        match super::frozen(pass, places) {
            Ok(Some(file)) => Ok(Self::File(Box::new(file), frozen_in(pass))),
            Ok(None) => Err(NotRun::because(&error)),
            Err(unusable) => {
                let reason = format!("there is no Rust compiler, and {unusable}");
                Err(NotRun::without_results(reason))
            }
        }
    }
}

fn frozen_in(pass: &Snippets) -> Lender {
    Lender::Frozen(pass.settings.results.display().to_string())
}

impl NotRun {
    fn without_results(reason: String) -> Self {
        NotRun {
            lack: Lack::Tools,
            reason,
            note: None,
            help: "install Rust, bring back the file as it was, or write it anew with `handbook \
                   run --freeze` where there is Rust",
        }
    }
}
