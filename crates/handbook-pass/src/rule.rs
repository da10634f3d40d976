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
