use handbook_text::{Disk, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
pub use toml::value::Date;

/// What the file starts with.
const HEAD: &str = "\
# When chapters were last reviewed, and what the chapters that they build on said then.
# `handbook review CHAPTER` writes this file.
";

/// The reviews of a book's chapters, by path below the source folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reviews(pub BTreeMap<String, Review>);

/// A review of one chapter.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The day.
    pub date: Date,
    /// The chapter's prerequisites by path, with the hash of their text.
    pub prerequisites: BTreeMap<String, String>,
}

/// Why a text holds no reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewError {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The place.
    pub span: Option<Span<Disk>>,
}

/// The file as TOML has it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    review: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    chapter: String,
    date: toml::value::Datetime,
    #[serde(default)]
    prerequisites: BTreeMap<String, String>,
}

/// The same with the places of the chapters' names.
#[derive(Default, Deserialize)]
struct Placed {
    #[serde(default)]
    review: Vec<PlacedEntry>,
}

#[derive(Deserialize)]
struct PlacedEntry {
    chapter: toml::Spanned<String>,
}

impl Reviews {
    /// Calls a chapter otherwise, wherever it is named. Says whether it is named at all.
    pub fn rename(&mut self, old: &str, new: &str) -> bool {
        let moved = self.0.remove(old);
        let mut is_named = moved.is_some();
        self.0.extend(moved.map(|review| (new.to_owned(), review)));
        for review in self.0.values_mut() {
            let hash = review.prerequisites.remove(old);
            is_named |= hash.is_some();
            review.prerequisites.extend(hash.map(|hash| (new.to_owned(), hash)));
        }
        is_named
    }

    /// Where the file's text names each reviewed chapter; nothing if it is no such file.
    pub(crate) fn places(text: &str) -> Vec<(String, Span<Disk>)> {
        let placed: Placed = toml::from_str(text).unwrap_or_default();
        let chapters = placed.review.into_iter().map(|entry| entry.chapter);
        chapters.map(|chapter| (chapter.get_ref().clone(), chapter.span().into())).collect()
    }

    /// Reads the file's text.
    ///
    /// # Errors
    ///
    /// If it is no such file; the error knows the place.
    pub fn parse(text: &str) -> Result<Self, ReviewError> {
        let written: Written = toml::from_str(text).map_err(|error| ReviewError {
            message: error.message().lines().collect::<Vec<_>>().join(" "),
            span: error.span().map(Span::from),
        })?;
        let mut reviews = BTreeMap::new();
        for Entry { chapter, date, prerequisites } in written.review {
            let Some(date) = date.date else {
                let message = format!("the review of `{chapter}` has no date");
                return Err(ReviewError { message, span: None });
            };
            reviews.insert(chapter, Review { date, prerequisites });
        }
        Ok(Self(reviews))
    }
}

/// The text that [`Reviews::parse`] reads: sorted, the same bytes for the same reviews.
impl fmt::Display for Reviews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let string = |text: &str| toml::Value::from(text).to_string();
        write!(f, "{HEAD}")?;
        for (chapter, Review { date, prerequisites }) in &self.0 {
            writeln!(f, "\n[[review]]\nchapter = {}\ndate = {date}", string(chapter))?;
            if !prerequisites.is_empty() {
                writeln!(f, "[review.prerequisites]")?;
            }
            for (path, hash) in prerequisites {
                writeln!(f, "{} = {}", string(path), string(hash))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let review = Review {
            date: Date { year: 2026, month: 2, day: 3 },
            prerequisites: [("a \"b\"/c.md".to_owned(), "00ff".to_owned())].into(),
        };
        let reviews = Reviews([("x'y.md".to_owned(), review)].into());
        assert_eq!(Reviews::parse(&reviews.to_string()), Ok(reviews));
        assert_eq!(Reviews::parse(""), Ok(Reviews::default()));
    }

    #[test]
    fn what_is_no_review_is_refused() {
        assert!(Reviews::parse("[[review]]\nchapter = \"a.md\"\n").is_err());
        assert!(Reviews::parse("[[review]]\nchapter = \"a.md\"\ndate = 10:00:00\n").is_err());
    }
}
