use handbook_text::Level;

/// One check of a pass.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// `pass/defect`, named after what is wrong.
    pub id: &'static str,
    /// How bad a finding of it is unless the pass says otherwise.
    pub level: Level,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// What the rule demands and why, for the guide and `handbook explain`.
    pub explanation: &'static str,
}

/// A rule of a pass: the pass's name, the rule's, its [`Level`], and what is wrong in one sentence.
/// What it demands and why stands in the file `NAME.md` beside the one that says this.
#[macro_export]
macro_rules! rule {
    ($pass:literal, $name:literal, $level:ident, $summary:literal) => {
        $crate::Rule {
            id: concat!($pass, "/", $name),
            level: $crate::Level::$level,
            summary: $summary,
            explanation: include_str!(concat!($name, ".md")),
        }
    };
}
