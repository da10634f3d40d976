use super::DEAD_ANCHOR;
use crate::links::{Known, Outgoing};
use handbook_book::{Address, ChapterId};
use handbook_text::{Expanded, Finding};

/// The page of a chapter has the place that a link to it names.
pub(crate) fn check(
    known: &Known<'_>,
    from: ChapterId,
    link: &Outgoing<'_>,
    address: &Address<'_>,
    to: ChapterId,
    fragment: Option<&str>,
) -> Option<Finding<Expanded>> {
    let Known { book, site, ids, meant, .. } = known;
    let raw = address.fragment.as_deref()?;
    let raw = raw.split(":~:").next().unwrap_or(raw);
    let fragment = fragment.filter(|_| !raw.is_empty() && !raw.eq_ignore_ascii_case("top"))?;
    let fragment = fragment.split(":~:").next().unwrap_or_default();
    let there = ids.of(to)?;
    if there.contains(fragment)
        || there.contains(raw)
        || site.redirects(&book.page_path(to), Some(raw))
    {
        return None;
    }
    let place = book[to].path.display();
    let finding = link.finding(&DEAD_ANCHOR, format!("`{place}` has no `#{fragment}`"));
    Some(match meant.anchor(from, link, to, fragment, ids) {
        Some((meant, only)) => link.suggest(finding, &meant, only),
        None => finding.help("link to a heading that is there, by its id"),
    })
}
