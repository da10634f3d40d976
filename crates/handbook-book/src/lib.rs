//! A book as the passes see it: each chapter parsed once, every part with its byte range.
//!
//! A [`Book`] is an ordered list of [`Chapter`]s. A chapter's text, includes expanded, is parsed
//! into a [`Document`]: a tree of [`Node`]s in which headings open [`NodeKind::Section`]s and bold
//! labels (`**Trade-offs:**`) open [`NodeKind::Field`]s, so that a template can speak of "the table
//! under *Complexity Analysis*" without knowing how it was typed. Beside the tree the document lists
//! what is found by looking everywhere: links, citations, code blocks, directives, regions, headings.
//!
//! 1. [`markdown`] runs pulldown-cmark with the host's options and nests its events as blocks.
//! 2. [`outline`] groups the blocks into sections and fields.
//! 3. [`marks`] finds directives and marked regions in what is neither code nor HTML, and
//!    [`suppression`] the comments by which authors let findings be.
//! 4. [`citation`] reads `[@key]` in the text of blocks.
//!
//! YAML at a text's start is kept out of all that, where the host takes it out of the page.
//!
//! Nothing here fails: every text is some Markdown. To add a block kind, extend [`NodeKind`],
//! [`markdown`] and [`Document::dump`], which the golden trees then show.

mod address;
mod anchor;
mod book;
mod citation;
mod document;
mod dump;
mod escape;
mod fence;
mod front_matter;
mod headings;
mod host;
mod html;
mod link;
mod list;
mod markdown;
mod marks;
mod node;
mod notes;
mod outline;
mod parallel;
mod stated_time;
mod suppression;
mod target;
mod way;

pub use address::{Address, between, decoded, encoded, slashed};
pub use anchor::{AnchorSource, anchors};
pub use book::{Book, Chapter, ChapterId};
pub use citation::{Citation, CitedWork, is_citation_key};
pub use document::{BrokenRegion, Comment, Document};
pub use escape::{code, escaped};
pub use fence::unescaped_info;
pub use front_matter::FrontMatter;
pub use host::{Host, HostVersion};
pub use html::{HtmlLink, comments};
pub use link::{Definition, Link, Written, folded};
pub use list::{add_item, add_nested_item, indentations, is_list};
pub use marks::{Directive, Region};
pub use node::{Cell, Code, Heading, Label, Node, NodeKind, Table};
pub use stated_time::StatedTime;
pub use suppression::{Suppression, suppression_words};
pub use target::Target;
pub use way::Reader;

use handbook_text::Expanded;

/// A span in a parsed text.
pub type Span = handbook_text::Span<Expanded>;
