//! Follows every link of the book.
//!
//! 1. [`outgoing`] lists the links of a chapter, however they are written.
//! 2. `handbook-book` says which page an address means; [`site`] knows what else the finished book
//!    has.
//! 3. [`dead`] and [`text`] judge links within the book, [`web`] the addresses of others.
//! 4. [`planned`] shows links to chapters that are to be written as what they are.

mod dead;
mod outgoing;
mod planned;
mod site;
mod text;
mod web;

use crate::Settings;
use crate::rules::{BROKEN_ADDRESS, DEAD_ANCHOR, DEAD_LINK, MISSING_IMAGE};
use dead::Dead;
use handbook_book::{ChapterId, Target};
use handbook_pass::{Context, Findings, Pages, Rule, Setup};
use handbook_text::{Edit, Expanded, Finding};
use outgoing::{Outgoing, outgoing};
use planned::Planned;
use site::Site;
use std::path::Path;
use text::Names;

/// What has to be known to judge links.
pub(crate) struct Links {
    site: Site,
    planned: Planned,
    /// Whether others may add pages and anchors.
    is_blind: bool,
    /// Whether all blocks of a page can be known.
    executes: bool,
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
        let dead = Dead::new(about, pages, &self.site, &self.planned);
        let names = Names::of(book);
        for (id, chapter) in book.iter() {
            let planned = self.planned.taken(id, book);
            let is_judged = |link: &Outgoing<'_>| {
                chapter.document.shows(link.span) && (link.image || !planned.contains(&link.span))
            };
            for link in outgoing(&chapter.document).filter(is_judged) {
                let found = self.check(&dead, &names, id, &link);
                found.into_iter().for_each(|finding| findings.push(id, finding));
            }
        }
    }

    /// What is wrong with a link of the chapter `from`, the worst first.
    fn check(
        &self,
        dead: &Dead<'_>,
        names: &Names<'_>,
        from: ChapterId,
        link: &Outgoing<'_>,
    ) -> Option<Finding<Expanded>> {
        let address = link.address();
        let book = dead.book();
        let is_dead = match book.target_of(from, link.destination, &address) {
            Target::Web => return web::check(link),
            Target::Outside => None,
            _ if self.is_blind => None,
            Target::File { path, .. } if self.planned.names(&path) => Some(planned(link, &path)),
            Target::File { path, .. } => dead.file(from, link, &address, &path),
            Target::Chapter { id, fragment } => {
                dead.chapter(from, link, &address, id, fragment.as_deref())
            }
        };
        let left_out = || address.dropped.filter(|_| !self.is_blind).map(|it| left_out(link, it));
        is_dead.or_else(left_out).or_else(|| names.check(link, from))
    }
}

/// The finding that a link to what is planned cannot be shown as that.
fn planned(link: &Outgoing<'_>, path: &Path) -> Finding<Expanded> {
    let rule = if link.image { &MISSING_IMAGE } else { &DEAD_LINK };
    let path = path.display();
    let message =
        format!("`{path}` is only planned, and this cannot be shown as a planned chapter");
    link.finding(rule, message).help("write a link of Markdown, `[text](address)`, on one line")
}

/// The finding that mdBook leaves out a part of an address.
fn left_out(link: &Outgoing<'_>, dropped: &str) -> Finding<Expanded> {
    let message = format!("mdBook leaves out `{dropped}`");
    let help = "write `.html` instead of `.md`, or leave it out as well";
    link.finding(&BROKEN_ADDRESS, message).help(help)
}
