//! Follows every link of the book.
//!
//! 1. [`outgoing`] lists the links of a chapter, however they are written.
//! 2. `handbook-book` says which page an address means; [`ids`] knows the places on it, [`site`] what
//!    else the finished book has.
//! 3. [`meant`] looks for what an address that leads nowhere may have meant.
//! 4. [`rules`](crate::rules) judge each link, the worst first.
//! 5. [`planned`] shows links to chapters that are to be written as what they are.

mod ids;
mod meant;
mod outgoing;
mod planned;
mod site;

pub(crate) use outgoing::Outgoing;
pub(crate) use site::Lies;

use crate::Settings;
use crate::rules::misleading_link_text::Names;
use crate::rules::{DEAD_ANCHOR, DEAD_LINK, MISSING_IMAGE, broken_address, dead_anchor, dead_link};
use handbook_book::{Book, ChapterId, Target};
use handbook_pass::{Context, Findings, Pages, Rule, Setup};
use handbook_text::{Edit, Expanded, Finding};
use ids::Ids;
use meant::Meant;
use outgoing::outgoing;
use planned::Planned;
use site::{Folders, Site};

/// What has to be known to judge links.
pub(crate) struct Links {
    site: Site,
    planned: Planned,
    /// Whether others may add pages and anchors.
    is_blind: bool,
    /// Whether all blocks of a page can be known.
    executes: bool,
}

/// What the rules about links look at.
pub(crate) struct Known<'a> {
    pub(crate) book: &'a Book,
    pub(crate) site: &'a Site,
    pub(crate) folders: Folders<'a>,
    pub(crate) ids: Ids<'a>,
    pub(crate) meant: Meant<'a>,
    names: Names<'a>,
}

impl Links {
    pub(crate) fn new(settings: &Settings, setup: &Setup<'_>) -> Self {
        Self {
            site: Site::new(setup),
            planned: Planned::new(settings),
            is_blind: setup.has_others && settings.generated_targets,
            executes: setup.environment.execute,
        }
    }

    /// Whether a rule's findings are all that there is to find.
    pub(crate) fn has_judged(&self, rule: &Rule) -> bool {
        let depends = [DEAD_ANCHOR.id, DEAD_LINK.id, MISSING_IMAGE.id].contains(&rule.id);
        !(self.is_blind && depends || !self.executes && rule.id == DEAD_ANCHOR.id)
    }

    /// What links to planned chapters look like on a chapter's page.
    pub(crate) fn rewrite(&self, chapter: ChapterId, about: Context<'_>) -> Vec<Edit<Expanded>> {
        self.planned.rewrite(chapter, about.book)
    }

    pub(crate) fn judge(&self, about: Context<'_>, pages: &Pages, findings: &mut Findings) {
        let book = about.book;
        let known = Known {
            book,
            site: &self.site,
            folders: self.site.folders(about.places),
            ids: Ids::new(book, pages),
            meant: Meant::new(book, &self.planned),
            names: Names::of(book),
        };
        for (id, chapter) in book.iter() {
            let planned = self.planned.taken(id, book);
            let is_judged = |link: &Outgoing<'_>| {
                chapter.document.shows(link.span) && (link.image || !planned.contains(&link.span))
            };
            for link in outgoing(&chapter.document).filter(is_judged) {
                let found = self.check(&known, id, &link);
                found.into_iter().for_each(|finding| findings.push(id, finding));
            }
        }
    }

    /// What is wrong with a link of the chapter `from`, the worst first.
    fn check(
        &self,
        known: &Known<'_>,
        from: ChapterId,
        link: &Outgoing<'_>,
    ) -> Option<Finding<Expanded>> {
        let address = link.address();
        let wrong = match known.book.target_of(from, link.destination, &address) {
            Target::Web => return broken_address::check(link),
            Target::Outside => None,
            _ if self.is_blind => None,
            Target::File { path, .. } if self.planned.names(&path) => {
                Some(dead_link::planned(link, &path))
            }
            Target::File { path, .. } => dead_link::check(known, from, link, &address, &path),
            Target::Chapter { id, fragment } => {
                let dead = dead_link::check_page(known, from, link, &address, id);
                let fragment = fragment.as_deref();
                dead.or_else(|| dead_anchor::check(known, from, link, &address, id, fragment))
            }
        };
        let dropped = address.dropped.filter(|_| !self.is_blind);
        let left_out = || dropped.map(|dropped| broken_address::left_out(link, dropped));
        wrong.or_else(left_out).or_else(|| known.names.check(link, from))
    }
}
