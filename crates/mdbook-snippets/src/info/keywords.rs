//! Words that are no names in Rust.

/// The keywords of all editions up to 2021, sorted, those that are kept for later among them. What
/// is a keyword only in a later edition is left to rustc.
const KEYWORDS: &[&str] = &[
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether no module can have this name. A book that moves to a later edition keeps its names, so
/// the edition makes no difference.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{KEYWORDS, is_keyword};

    #[test]
    fn keywords_are_sorted_and_found() {
        assert!(KEYWORDS.is_sorted());
        assert!(["fn", "_", "Self", "yield", "dyn"].into_iter().all(is_keyword));
        assert!(!["ring", "union", "Fn", "__", ""].into_iter().any(is_keyword));
    }
}
