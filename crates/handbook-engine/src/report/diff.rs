use similar::TextDiff;

/// The lines that differ between two texts, with a line of context, as a unified diff without its
/// header.
pub(crate) fn diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let unified = diff.unified_diff().context_radius(1).missing_newline_hint(false).to_string();
    unified.lines().filter(|line| !line.starts_with("@@")).collect::<Vec<_>>().join("\n")
}

/// A unified diff of a file, as `patch` takes it; `name` is the file's.
pub fn patch(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::{diff, patch};

    #[test]
    fn changed_lines_stand_beside_their_neighbours() {
        assert_eq!(diff("a\nb\nc\nd", "a\nb\nx\nd"), " b\n-c\n+x\n d");
    }

    #[test]
    fn a_patch_says_where() {
        let patch = patch("x.md", "a\nb\n", "a\nc\n");
        assert_eq!(patch, "--- a/x.md\n+++ b/x.md\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
    }
}
