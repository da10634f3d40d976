use similar::TextDiff;

/// The lines that differ between two texts, with a line of context, as a unified diff without its
/// header.
pub fn diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let unified = diff.unified_diff().context_radius(1).missing_newline_hint(false).to_string();
    unified.lines().filter(|line| !line.starts_with("@@")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn changed_lines_stand_beside_their_neighbours() {
        assert_eq!(diff("a\nb\nc\nd", "a\nb\nx\nd"), " b\n-c\n+x\n d");
    }
}
