//! The places where a pass can derive a block, and what stands there.

use crate::part::Part;
use handbook_book::{Document, Span};

/// A place that the template gives to a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeriveSlot<'a> {
    /// The block's name, after `derive`.
    pub name: &'a str,
    /// The place among the template's nodes, which orders what is built at one offset.
    pub order: usize,
    /// What stands there.
    pub state: Standing,
}

/// What stands in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing, not even the heading.
    Missing {
        /// Where heading and block go.
        insert_at: usize,
        /// The heading as the template has it, fit to go there; empty if the template has none.
        heading: String,
    },
    /// A heading or label without a body.
    Empty {
        /// The heading or label.
        heading: Span,
        /// Where the block goes.
        insert_at: usize,
    },
    /// A directive of the block's name.
    Directive {
        /// The directive.
        span: Span,
    },
    /// A marked region of the block's name.
    Region {
        /// The region with its marks.
        span: Span,
        /// What stands between them.
        body: Span,
    },
    /// What an author wrote.
    Written {
        /// The node.
        span: Span,
    },
}

/// The directive or region of `name` that stands inside `span`, or around it.
pub(crate) fn marked(document: &Document, name: &str, span: Span) -> Option<Standing> {
    let touches = |other: Span| span.contains(other) || other.contains(span);
    let regions = document.regions.iter().filter(|region| region.name == name);
    let region = regions
        .filter(|region| touches(region.span))
        .map(|region| Standing::Region { span: region.span, body: region.body });
    let directives = document.directives.iter().filter(|directive| directive.name == name);
    let directive = directives
        .filter(|directive| directive.block && touches(directive.span))
        .map(|directive| Standing::Directive { span: directive.span });
    region.chain(directive).next()
}

/// What stands where the chapter has `part`.
pub(crate) fn state(
    document: &Document,
    name: &str,
    part: Part<'_>,
    body_start: usize,
) -> Standing {
    if let Some(state) = marked(document, name, part.span) {
        return state;
    }
    let titled = part.head() != part.span || part.parts().is_empty();
    let parts = part.parts();
    if titled
        && part.group() != crate::part::Group::Blocks
        && parts.iter().all(|part| part.is_trivia(document))
    {
        return Standing::Empty { heading: part.head(), insert_at: body_start };
    }
    Standing::Written { span: part.span }
}
