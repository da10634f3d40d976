//! What a link from one chapter to another has to say.

use crate::address::{between, encoded};
use crate::{Book, ChapterId};

/// Who follows a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Somebody who reads the finished page, where mdBook calls `README.md` `index.md`.
    OfPage,
    /// Somebody who reads the Markdown.
    OfSource,
}

impl Book {
    /// What a link in one chapter to another, or to an anchor there, has to say.
    pub fn way(
        &self,
        from: ChapterId,
        to: ChapterId,
        anchor: Option<&str>,
        reader: Reader,
    ) -> String {
        let anchor = anchor.map(|anchor| format!("#{}", encoded(anchor))).unwrap_or_default();
        if from == to && !anchor.is_empty() {
            return anchor;
        }
        let path = between(&self[from].path, &self[to].path);
        let path = match path.rsplit_once('/') {
            _ if reader == Reader::OfSource => path,
            Some((folder, name)) if is_readme(name) => format!("{folder}/index.md"),
            None if is_readme(&path) => "index.md".to_owned(),
            _ => path,
        };
        format!("{}{anchor}", encoded(&path))
    }
}

fn is_readme(name: &str) -> bool {
    name.eq_ignore_ascii_case("readme.md")
}
