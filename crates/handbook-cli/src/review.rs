//! Notes when chapters were reviewed, and lists those that should be again.

use crate::Outcome;
use crate::arguments::{Review as Arguments, Shared};
use crate::open::OpenBook;
use crate::report::line;
use crate::write::replace;
use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, bail};
use handbook_engine::Located;
use handbook_mdbook::{DiskFiles, print_findings};
use handbook_text::include::{ReadError, ReadFiles};
use mdbook_nav::{BuiltOn, Date, Foundations, Review, Reviews, SUSPECT};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Notes reviews of the chapters that are named; without any, lists the suspects.
pub(crate) fn review(shared: &Shared, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let (mut book, _lock) = if arguments.chapters.is_empty() {
        (OpenBook::open(shared, None, &DiskFiles)?, None)
    } else {
        let (book, lock) = OpenBook::open_to_change(shared, &DiskFiles)?;
        (book, Some(lock))
    };
    book.environment.execute = false;
    let mut input = book.input(&DiskFiles)?;
    let chapters = book.chapters(&input, &arguments.chapters)?;
    let paths: Vec<PathBuf> = input.chapters.iter().map(|chapter| chapter.path.clone()).collect();
    let analysis = book.analyse(&mut input, &DiskFiles);
    let Some(built_on) = analysis.facts.get::<BuiltOn>() else {
        bail!("the book does not use the suite; `handbook init` sets it up");
    };
    let file = book.root.join(&built_on.file);
    let mut reviews = read(&file)?;
    if chapters.is_empty() {
        tell_strangers(&reviews, &built_on.chapters, &built_on.file)?;
        return list(&analysis.findings, &book.root);
    }
    let date = match arguments.date {
        Some(date) => date.date.context("`--date` takes a day, such as 2026-03-01")?,
        None => today()?,
    };
    for (path, foundations) in paths.iter().zip(&built_on.chapters) {
        if chapters.contains(path) {
            let Foundations { chapter, prerequisites } = foundations.clone();
            line(&format!("{chapter}: reviewed on {date}"))?;
            reviews.0.insert(chapter, Review { date, prerequisites });
        }
    }
    replace(&file, reviews.to_string().as_bytes())?;
    Ok(Outcome::Clean)
}

fn read(file: &Path) -> anyhow::Result<Reviews> {
    match DiskFiles.read(file) {
        Ok(text) => match Reviews::parse(&text) {
            Ok(reviews) => Ok(reviews),
            Err(error) => bail!(
                "cannot read `{}`: {}; `handbook check` says where",
                file.display(),
                error.message
            ),
        },
        Err(ReadError::NotFound) => Ok(Reviews::default()),
        Err(error) => bail!("cannot read `{}`: {error}", file.display()),
    }
}

/// Tells which reviews are of chapters that the book does not have.
fn tell_strangers(reviews: &Reviews, chapters: &[Foundations], file: &Path) -> anyhow::Result<()> {
    let known: BTreeSet<&str> = chapters.iter().map(|known| known.chapter.as_str()).collect();
    let strangers = reviews.0.keys().filter(|chapter| !known.contains(chapter.as_str()));
    for chapter in strangers {
        line(&format!("{}: `{chapter}` is no chapter; take its review out", file.display()))?;
    }
    Ok(())
}

/// Lists the chapters to look at again. They fail nothing.
fn list(findings: &[Located], root: &Path) -> anyhow::Result<Outcome> {
    let is_suspect = |located: &&Located| located.finding.rule == SUSPECT.id;
    let suspects: Vec<&Located> = findings.iter().filter(is_suspect).collect();
    if suspects.is_empty() {
        line("no reviewed chapter builds on what has changed since")?;
    }
    let mut stderr = AutoStream::new(std::io::stderr(), ColorChoice::Auto);
    print_findings(&mut stderr, suspects, root);
    Ok(Outcome::Clean)
}

/// The day that it is, in universal time.
fn today() -> anyhow::Result<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is wrong")?;
    day(since.as_secs() / 86_400).context("the clock is wrong")
}

/// The day so many days after the first of January 1970.
fn day(mut number: u64) -> Option<Date> {
    let is_leap =
        |year: u16| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    for year in 1970..=9999 {
        let february = if is_leap(year) { 29 } else { 28 };
        let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, days) in (1..).zip(months) {
            if number < days {
                return Some(Date { year, month, day: u8::try_from(number).ok()? + 1 });
            }
            number -= days;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let shown = |number| day(number).expect("a day").to_string();
        assert_eq!(shown(0), "1970-01-01");
        assert_eq!(shown(11_016), "2000-02-29");
        assert_eq!(shown(20_782), "2026-11-25");
        assert_eq!(day(u64::MAX), None);
    }
}
