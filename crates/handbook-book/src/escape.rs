//! Text as Markdown that shows it as it is.

/// A text, such as that of a cell or a link, with nothing in it that means something to Markdown, to
/// HTML or to mdBook.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    // Where typographic signs are made of dots and dashes, they are made of two at least.
    let is_single = !text.contains("..") && !text.contains("--");
    for ch in text.chars() {
        if ch.is_ascii_punctuation() && !(",%:/+=()".contains(ch) || is_single && ".-".contains(ch))
        {
            out.push_str(&format!("&#{};", u32::from(ch)));
        } else {
            out.push(ch);
        }
    }
    out
}

/// A name as code; as plain text if it cannot be.
pub fn code(name: &str) -> String {
    let is_plain = |ch: char| ch.is_alphanumeric() || "_-./: ".contains(ch);
    if name.chars().all(is_plain) { format!("`{name}`") } else { escaped(name) }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn names_are_code_where_they_can_be() {
        assert_eq!(code("ring.v2"), "`ring.v2`");
        assert_eq!(code("a|`b"), "a&#124;&#96;b");
    }
}
