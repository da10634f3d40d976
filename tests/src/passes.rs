//! Small passes that exercise the engine the way the real ones will, without their subjects.

use handbook_book::{Book, Chapter, Document, Host, NodeKind, Span};
use handbook_pass::{
    Block, Context, Derived, Facts, Findings, Gap, Judged, Origin, Pages, Pass, Provides, Rule,
    Slot, SlotState, Text,
};
use handbook_template::Template;
use handbook_text::{Finding, Level};

const fn provides(slot: &'static str, stale: &'static str) -> Provides {
    Provides { slot, stale, written_down: false, takes_words: false }
}

/// Draws `draw` fences, wherever they stand: figures in the small.
#[derive(Debug, Default)]
pub struct Drawing;

impl Pass for Drawing {
    fn name(&self) -> &'static str {
        "drawing"
    }

    fn provides(&self) -> &'static [Provides] {
        const { &[provides("drawing", "drawing/stale")] }
    }

    fn slots(&self, text: Text<'_>) -> Vec<Slot> {
        fences(text.document, "draw").map(|span| slot("drawing", directive(span), span)).collect()
    }

    fn derive(&self, slot: &Slot, text: Text<'_>, _: Context<'_>) -> Derived {
        let code = text.document.code_blocks().find(|(_, span)| Some(*span) == slot.subject);
        let Some((code, _)) = code else { return Derived::Unknown };
        let content = code.content.trim().replace('<', "&lt;").replace('{', "&#123;");
        Derived::Block(Block::new(&format!("<div class=\"drawing\">{content}</div>")))
    }
}

/// Maps the book with a table and a fence that somebody else draws: navigation in the small.
#[derive(Debug, Default)]
pub struct Map;

impl Pass for Map {
    fn name(&self) -> &'static str {
        "map"
    }

    fn provides(&self) -> &'static [Provides] {
        const { &[provides("map", "map/stale")] }
    }

    fn derive(&self, _: &Slot, _: Text<'_>, about: Context<'_>) -> Derived {
        let rows: String =
            about.book.chapters.iter().map(|chapter| format!("| {} |\n", chapter.name)).collect();
        let fence = format!("```draw\n{} chapters\n```", about.book.chapters.len());
        Derived::Block(Block::new(&format!("### Map\n\n| Chapter |\n|---|\n{rows}\n{fence}")))
    }
}

/// How many words each chapter has, as a fact and as a region, `<!-- handbook:count -->`.
#[derive(Debug, Default)]
pub struct Count {
    /// Publishes nothing, as a pass whose tools are missing.
    pub unknown: bool,
}

/// The fact that [`Count`] publishes: for each chapter its number of `word`s.
#[derive(Debug)]
pub struct Words(Vec<usize>);

impl Pass for Count {
    fn name(&self) -> &'static str {
        "count"
    }

    fn provides(&self) -> &'static [Provides] {
        const { &[provides("count", "count/stale")] }
    }

    fn gather(&self, book: &Book, facts: &mut Facts) {
        if !self.unknown {
            let words = |document: &Document| document.text.matches("word").count();
            facts
                .publish(Words(book.iter().map(|(_, chapter)| words(&chapter.document)).collect()));
        }
    }

    fn derive(&self, _: &Slot, text: Text<'_>, about: Context<'_>) -> Derived {
        let Some(Words(counts)) = about.facts.get() else { return Derived::Unknown };
        Derived::Block(Block::new(&format!("{} of them", counts[text.origin.chapter().0])))
    }
}

/// Copies what the `count` regions of all chapters say as written: cards in the small.
#[derive(Debug, Default)]
pub struct Card;

impl Pass for Card {
    fn name(&self) -> &'static str {
        "card"
    }

    fn provides(&self) -> &'static [Provides] {
        const { &[provides("card", "card/stale")] }
    }

    fn derive(&self, _: &Slot, _: Text<'_>, about: Context<'_>) -> Derived {
        let copied = about.book.iter().flat_map(|(_, chapter)| {
            let counts = chapter.document.regions.iter().filter(|region| region.name == "count");
            counts.map(|region| chapter.document.slice(region.body).trim().to_owned())
        });
        let lines: Vec<String> = copied.map(|line| format!("- {line}")).collect();
        if lines.is_empty() {
            return Derived::Nothing;
        }
        Derived::Block(Block::new(&lines.join("\n")))
    }
}

/// Puts a fixed fragment behind each `pin` fence, and where `{{#fragment}}` stands.
#[derive(Debug)]
pub struct Pin {
    /// The pass's name, which differs where several stand together.
    pub name: &'static str,
    /// The Markdown that it derives.
    pub fragment: String,
    /// The place in the template that its slots claim.
    pub order: usize,
}

impl Pass for Pin {
    fn name(&self) -> &'static str {
        self.name
    }

    fn provides(&self) -> &'static [Provides] {
        match self.name {
            "second" => const { &[provides("second", "second/stale")] },
            _ => const { &[provides("fragment", "fragment/stale")] },
        }
    }

    fn slots(&self, text: Text<'_>) -> Vec<Slot> {
        if !matches!(text.origin, Origin::Chapter(_)) {
            return Vec::new();
        }
        let name = self.provides()[0].slot;
        let gap = |span| SlotState::Missing(Gap::after(text.document, span));
        let slots = fences(text.document, "pin").map(|span| slot(name, gap(span), span));
        slots.map(|slot| Slot { order: self.order, ..slot }).collect()
    }

    fn derive(&self, _: &Slot, _: Text<'_>, _: Context<'_>) -> Derived {
        Derived::Block(Block::new(&self.fragment))
    }
}

/// Says how many errors the others found: the plan's progress page in the small.
#[derive(Debug, Default)]
pub struct Status;

impl Pass for Status {
    fn name(&self) -> &'static str {
        "status"
    }

    fn provides(&self) -> &'static [Provides] {
        const { &[provides("status", "status/stale")] }
    }

    fn is_late(&self) -> bool {
        true
    }

    fn derive(&self, _: &Slot, _: Text<'_>, about: Context<'_>) -> Derived {
        match about.facts.get::<Judged>() {
            Some(Judged(findings)) => Derived::Inline(format!("{} findings", findings.len())),
            None => Derived::Unknown,
        }
    }
}

/// Complains of every paragraph that says `bad`.
#[derive(Debug, Default)]
pub struct Complaint;

impl Pass for Complaint {
    fn name(&self) -> &'static str {
        "complaint"
    }

    fn rules(&self) -> &'static [Rule] {
        const BAD: Rule =
            Rule { id: "complaint/bad", level: Level::Warning, summary: "bad", explanation: "" };
        const { &[BAD] }
    }

    fn judge(&self, about: Context<'_>, _: &Pages, findings: &mut Findings) {
        for (id, chapter) in about.book.iter() {
            let bad = chapter.document.root.walk().filter(
                |node| matches!(&node.kind, NodeKind::Paragraph { text } if text.contains("bad")),
            );
            for node in bad {
                findings.push(id, Finding::warning("complaint/bad", "bad").at(node.span));
            }
        }
    }
}

/// Holds every chapter to one template, and does nothing else.
#[derive(Debug)]
pub struct Templated {
    template: Template,
}

impl Templated {
    /// The pass with the template that `text` is.
    pub fn new(text: &str) -> Self {
        let (template, _) = Template::parse(text, Host::default());
        Self { template }
    }
}

impl Pass for Templated {
    fn name(&self) -> &'static str {
        "templated"
    }

    fn template(&self, _: &Chapter) -> Option<&Template> {
        Some(&self.template)
    }
}

fn fences<'a>(document: &'a Document, language: &'a str) -> impl Iterator<Item = Span> + 'a {
    let is_meant = move |code: &handbook_book::Code| code.language() == Some(language);
    document.code_blocks().filter(move |(code, _)| is_meant(code)).map(|(_, span)| span)
}

fn directive(span: Span) -> SlotState {
    SlotState::Directive { span, block: true }
}

fn slot(name: &str, state: SlotState, subject: Span) -> Slot {
    Slot { name: name.to_owned(), state, args: String::new(), subject: Some(subject), order: 0 }
}
