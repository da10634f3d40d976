//! What a link from one chapter to another has to say.

use crate::{Book, ChapterId};
use std::path::{Component, Path};

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
        let path = relative(&self[from].path, &self[to].path);
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

/// The way from one file to another, both named from one folder.
fn relative(from: &Path, to: &Path) -> String {
    fn parts(path: &Path) -> Vec<String> {
        let normal = |part: Component<'_>| part.as_os_str().to_string_lossy().into_owned();
        path.components().map(normal).collect()
    }
    let (from, to) = (parts(from.parent().unwrap_or(Path::new(""))), parts(to));
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[common..].iter().map(|_| "..".to_owned());
    up.chain(to[common..].iter().cloned()).collect::<Vec<_>>().join("/")
}

/// The text with all that would end a link's target, or mean something in it, in hexadecimal.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for ch in text.chars() {
        if ch.is_alphanumeric() || "/._-~".contains(ch) {
            out.push(ch);
        } else {
            let mut bytes = [0; 4];
            let bytes = ch.encode_utf8(&mut bytes).bytes();
            out.extend(bytes.map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_from_the_folder_of_a_chapter() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("a.md", "b.md"), "b.md");
        assert_eq!(way("x/a.md", "b.md"), "../b.md");
        assert_eq!(way("a.md", "x/b.md"), "x/b.md");
        assert_eq!(way("x/y/a.md", "x/z/b.md"), "../z/b.md");
    }

    #[test]
    fn nothing_ends_a_target() {
        assert_eq!(encoded("über uns (1)/a<b>.md"), "über%20uns%20%281%29/a%3Cb%3E.md");
    }
}
