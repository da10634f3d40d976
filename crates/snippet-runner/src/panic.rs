//! The message of a panic, as the standard library's hook prints it.

use crate::{Position, program::Program, relabel};

/// A panic that ended a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Panic {
    /// Where, if in the snippet's own code.
    pub(crate) at: Option<Position>,
    /// What it said, without the hints below it.
    pub(crate) message: String,
}

impl Panic {
    /// Finds the panic that a program died of in what it wrote.
    ///
    /// That is the main thread's first one in the snippet's own code (`file`); else the main
    /// thread's first, else anybody's.
    pub(crate) fn find(output: &str, program: &Program, file: &str) -> Option<Self> {
        let panics: Vec<Printed<'_>> = printed(output).collect();
        let own = |panic: &&Printed<'_>| panic.is_main && panic.place.starts_with(file);
        let chosen = panics
            .iter()
            .find(own)
            .or_else(|| panics.iter().find(|panic| panic.is_main))
            .or(panics.first())?;
        let place = chosen.place.strip_prefix(file).and_then(relabel::place);
        Some(Panic {
            at: place.and_then(|(line, column, _)| program.position_of_display(line, column)),
            message: chosen.message.clone(),
        })
    }
}

/// A panic's message, taken apart.
struct Printed<'a> {
    is_main: bool,
    /// `file:line:column:`.
    place: &'a str,
    message: String,
}

fn printed(output: &str) -> impl Iterator<Item = Printed<'_>> {
    let lines: Vec<&str> = output.lines().collect();
    (0..lines.len()).filter_map(move |at| {
        let rest = lines[at].strip_prefix("thread '")?;
        let (head, place) = rest.split_once(" panicked at ")?;
        let message = lines[at + 1..].iter().take_while(|line| !ends_message(line));
        let message = message.copied().collect::<Vec<_>>().join("\n").trim_end().to_owned();
        Some(Printed { is_main: head.starts_with("main'"), place, message })
    })
}

fn ends_message(line: &str) -> bool {
    line.starts_with("note: run with `RUST_BACKTRACE")
        || line.starts_with("stack backtrace:")
        || (line.starts_with("thread '") && line.contains(" panicked at "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, at: Option<(usize, usize)>, message: &str) {
        let program = Program::unchanged("fn main() {\n    panic!()\n}");
        let panic = Panic::find(output, &program, "s3.rs").unwrap();
        assert_eq!(panic.at.map(|at| (at.line, at.column)), at);
        assert_eq!(panic.message, message);
    }

    #[test]
    fn the_main_threads_own_panic_is_preferred() {
        check(
            "out\n\nthread '<unnamed>' (7) panicked at s3.rs:1:1:\nfirst\n\
             thread 'main' (6) panicked at s3.rs:2:5:\nsecond\nline\n\
             note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
            Some((2, 5)),
            "second\nline",
        );
    }

    #[test]
    fn a_panic_elsewhere_has_no_position() {
        check("thread 'main' panicked at /rustc/x/lib.rs:2:5:\nx\n", None, "x");
        check("thread 'main' panicked at s3.rs:9:5:\n", None, "");
        check("thread 't' panicked at s3.rs:2:5:\nx", Some((2, 5)), "x");
    }

    #[test]
    fn other_output_is_no_panic() {
        let program = Program::unchanged("");
        assert_eq!(Panic::find("panicked at s3.rs:1:1:", &program, "s3.rs"), None);
    }
}
