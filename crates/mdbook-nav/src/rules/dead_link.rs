//! Links and images that lead to no page and no file. Images have a rule of their own,
//! `missing-image`, and are looked for in the same way.

use super::{DEAD_LINK, MISSING_IMAGE};
use crate::links::{Known, Lies, Outgoing};
use handbook_book::{Address, ChapterId};
use handbook_pass::Rule;
use handbook_text::{Expanded, Finding};
use std::path::Path;

/// A link to a chapter leads to its page, not to where its file was.
pub(crate) fn check_page(
    known: &Known<'_>,
    from: ChapterId,
    link: &Outgoing<'_>,
    address: &Address<'_>,
    to: ChapterId,
) -> Option<Finding<Expanded>> {
    if known.book.is_page_of(to, from, address) {
        return None;
    }
    let page = known.book.page_path(to);
    let message = format!("mdBook calls this chapter's page `{}`", page.display());
    let page = page.with_extension("md");
    let meant = known.meant.written(from, &page, address.fragment.as_deref());
    Some(link.suggest(link.finding(&DEAD_LINK, message), &meant, true))
}

/// A link to anything else, `source` as it is written, leads to something.
pub(crate) fn check(
    known: &Known<'_>,
    from: ChapterId,
    link: &Outgoing<'_>,
    address: &Address<'_>,
    source: &Path,
) -> Option<Finding<Expanded>> {
    let page = address.page(&known.book.page_path(from))?;
    let lies = known.site.lies(&known.folders, &page, source)?;
    let shown = source.display();
    let finding = |why: &str| link.finding(rule(link), format!("`{shown}` {why}"));
    let fragment = address.fragment.as_deref();
    match lies {
        Lies::There => None,
        Lies::Unlisted => {
            let finding = finding("is no chapter, so it has no page");
            Some(finding.help("name it in SUMMARY.md"))
        }
        Lies::Otherwise(name) => {
            let meant = known.meant.written(from, &page.with_file_name(&name), fragment);
            let finding = finding(&format!("is not there, only `{name}`"));
            Some(link.suggest(finding, &meant, true))
        }
        Lies::Nowhere => {
            Some(nowhere(known, from, link, finding("is not there"), source, fragment))
        }
    }
}

/// The finding that a link to what is planned cannot be shown as that.
pub(crate) fn planned(link: &Outgoing<'_>, path: &Path) -> Finding<Expanded> {
    let path = path.display();
    let message =
        format!("`{path}` is only planned, and this cannot be shown as a planned chapter");
    link.finding(rule(link), message)
        .help("write a link of Markdown, `[text](address)`, on one line")
}

fn rule(link: &Outgoing<'_>) -> &'static Rule {
    if link.image { &MISSING_IMAGE } else { &DEAD_LINK }
}

fn nowhere(
    known: &Known<'_>,
    from: ChapterId,
    link: &Outgoing<'_>,
    finding: Finding<Expanded>,
    source: &Path,
    fragment: Option<&str>,
) -> Finding<Expanded> {
    match known.meant.file(link, source, &known.folders) {
        Some((near, only)) => {
            link.suggest(finding, &known.meant.written(from, &near, fragment), only)
        }
        None if source.to_string_lossy().starts_with("www.") => {
            finding.help(format!("did you mean `https://{}`?", link.destination))
        }
        None if link.image => finding.help("add the file, or correct the address"),
        None => finding.help(
            "correct the address, or write the chapter; what is only planned goes into `planned`",
        ),
    }
}
