use crate::Outcome;
use crate::arguments::{Explain, Format, Shared};
use crate::open::environment;
use crate::report::line;
use anyhow::bail;
use handbook_book::{Document, Host, Node, NodeKind};
use handbook_mdbook::{BookConfig, DiskFiles, Site};
use handbook_pass::Rule;
use handbook_text::did_you_mean;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

/// How wide paragraphs are printed.
const WIDTH: usize = 80;

/// What the examples in an explanation are called, by the word behind their fence's language.
const EXAMPLES: &[(&str, &str)] =
    &[("template", "Template:"), ("bad", "Breaks it:"), ("good", "Keeps it:")];

/// Says what a rule demands and why, or lists all rules. Needs no book.
pub(crate) fn explain(shared: &Shared, explain: &Explain) -> anyhow::Result<Outcome> {
    let rules = rules(shared)?;
    let Some(id) = &explain.rule else {
        let all = || rules.iter().map(as_json).collect::<Vec<_>>();
        match explain.format {
            Format::Text => line(list(&rules).trim_end())?,
            Format::Json => print(&json!({ "rules": all() }))?,
        }
        return Ok(Outcome::Clean);
    };
    let Some(rule) = rules.iter().find(|rule| rule.id == id) else {
        match near(id, &rules) {
            Some(near) => bail!("no rule `{id}`; did you mean `{near}`?"),
            None => bail!("no rule `{id}`; `handbook explain` lists them"),
        }
    };
    match explain.format {
        Format::Text => line(&page(rule))?,
        Format::Json => print(&as_json(rule))?,
    }
    Ok(Outcome::Clean)
}

/// Every rule of the suite, sorted by id.
fn rules(shared: &Shared) -> anyhow::Result<Vec<Rule>> {
    let environment = environment(shared)?;
    let (engine, _) = mdbook_handbook::SUITE.engine(&Site {
        config: &BookConfig::default(),
        configured: true,
        root: &environment.directory,
        host: Host::default(),
        files: &DiskFiles,
        environment: &environment,
        book_toml: None,
    });
    let mut rules: Vec<Rule> = engine.rules().chain(handbook_mdbook::RULES).copied().collect();
    rules.sort_by_key(|rule| rule.id);
    Ok(rules)
}

/// The rule that `id` may have meant: one that is written nearly so, or has this name in its pass.
fn near<'r>(id: &str, rules: &'r [Rule]) -> Option<&'r str> {
    let name = |rule: &&Rule| rule.id.split_once('/').is_some_and(|(_, name)| name == id);
    let named = rules.iter().find(name).map(|rule| rule.id);
    named.or_else(|| did_you_mean(id, rules.iter().map(|rule| rule.id)))
}

/// The rules by pass, a line each.
fn list(rules: &[Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    let mut pass = "";
    for rule in rules {
        let of = rule.id.split('/').next().unwrap_or_default();
        if of != pass {
            let gap = if pass.is_empty() { "" } else { "\n" };
            out += &format!("{gap}{of}:\n");
            pass = of;
        }
        let level = rule.level.to_string();
        out += &format!("  {:width$}  {level:7}  {}\n", rule.id, rule.summary);
    }
    out
}

/// All that is known of a rule, for a terminal.
fn page(rule: &Rule) -> String {
    let Rule { id, level, summary, explanation } = rule;
    format!("{id} ({level})\n{}\n\n{}", wrapped(summary), plain(explanation))
}

/// Markdown as people read it in a terminal.
fn plain(markdown: &str) -> String {
    let document = Document::parse(markdown, Host::default());
    let blocks = document.root.children.iter().map(|node| block(&document, node));
    blocks.collect::<Vec<_>>().join("\n\n")
}

fn block(document: &Document, node: &Node) -> String {
    match &node.kind {
        NodeKind::Paragraph { .. } => wrapped(document.slice(node.span)),
        NodeKind::Code(code) => {
            let info = code.info.as_ref().map(|(info, _)| info.as_str()).unwrap_or_default();
            let word = info.split(',').nth(1).unwrap_or_default();
            let name = EXAMPLES.iter().find(|(known, _)| *known == word);
            let name = name.map(|(_, name)| format!("{name}\n\n")).unwrap_or_default();
            let indented = |line: &str| match line {
                "" => String::new(),
                _ => format!("    {line}"),
            };
            let lines: Vec<String> = code.content.lines().map(indented).collect();
            name + &lines.join("\n")
        }
        _ => document.slice(node.span).trim_end().to_owned(),
    }
}

/// A paragraph, broken where a line gets too wide.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let more = word.width();
        if width > 0 {
            let fits = width + 1 + more <= WIDTH;
            out.push(if fits { ' ' } else { '\n' });
            width = if fits { width + 1 } else { 0 };
        }
        out.push_str(word);
        width += more;
    }
    out
}

fn as_json(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "level": rule.level.to_string(),
        "summary": rule.summary,
        "explanation": rule.explanation,
    })
}

fn print(value: &Value) -> anyhow::Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}
