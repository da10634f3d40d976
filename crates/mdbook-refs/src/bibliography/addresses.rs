//! The addresses of a BibTeX entry: TeX wants some of their characters escaped, and has `\url{…}`
//! where older styles know no field for them.
//!
//! They are read from the file and not from what `biblatex` makes of it, which takes `--` for a dash
//! and leaves escapes in.

use crate::doi;
use biblatex::{Chunk, Entry, RawChunk, RawEntry, Spanned};

/// The command around an address in text.
const COMMAND: &str = "\\url{";

/// Gives `entry` the addresses that it or one of its `family`, which it takes fields from, states.
pub(super) fn read(entry: &mut Entry, family: &[Spanned<RawEntry<'_>>]) {
    if let Some(written) = stated(family, "doi") {
        let doi = plain(written);
        set(entry, "doi", doi::bare(&doi).unwrap_or(&doi));
    }
    if let Some(written) = stated(family, "url") {
        set(entry, "url", &plain(written));
    } else if let Some(written) = stated(family, "howpublished")
        && let Some((before, inner)) = written.split_once(COMMAND)
        && let Some((address, after)) = inner.split_once('}')
    {
        set(entry, "url", &plain(address));
        if before.trim().is_empty() && after.trim().is_empty() {
            // It would be printed a second time.
            entry.fields.remove("howpublished");
        }
    }
}

/// What the field of this name says, if it holds text and nothing else.
fn stated<'s>(family: &[Spanned<RawEntry<'s>>], name: &str) -> Option<&'s str> {
    let mut fields = family.iter().flat_map(|member| &member.v.fields);
    let field = fields.find(|field| field.key.v.eq_ignore_ascii_case(name))?;
    match field.value.v.as_slice() {
        [Spanned { v: RawChunk::Normal(text), .. }] => Some(*text),
        _ => None,
    }
}

fn set(entry: &mut Entry, name: &str, value: &str) {
    let chunk = Spanned::detached(Chunk::Verbatim(value.to_owned()));
    entry.fields.insert(name.to_owned(), vec![chunk]);
}

/// An address without what only TeX needs.
fn plain(written: &str) -> String {
    let written = written.trim();
    let inner = written.strip_prefix(COMMAND).and_then(|rest| rest.strip_suffix('}'));
    let mut chars = inner.unwrap_or(written).chars().peekable();
    let mut plain = String::new();
    while let Some(ch) = chars.next() {
        match ch {
            '\\' => plain.extend(chars.next_if(|next| "_~%&#$".contains(*next)).or(Some(ch))),
            // What is grouped is printed without the brackets.
            '{' | '}' => {}
            _ => plain.push(ch),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn addresses_lose_what_only_tex_needs() {
        assert_eq!(plain(r"http://a.b/\~c/d\_e\%20{\_}f--g"), "http://a.b/~c/d_e%20_f--g");
        assert_eq!(plain(r" \url{https://a.b/\#c} "), "https://a.b/#c");
        assert_eq!(plain(r"C:\x"), r"C:\x");
    }
}
