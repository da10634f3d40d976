use crate::{Disk, Received, Span};
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::ops::Range;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Where a received text stands on disk.
///
/// The two are the same but for a byte order mark, which mdBook takes away, unless another
/// preprocessor changed the chapter first. Then their lines are compared, whatever their endings.
#[derive(Clone, Debug)]
pub struct DiskMap {
    /// Ranges with the same bytes in both texts, ascending in both and apart in one at least.
    same: Vec<Same>,
    /// The lines in between that have changed, ascending.
    changed: Vec<Changed>,
    received_len: usize,
    identity: bool,
}

#[derive(Clone, Copy, Debug)]
struct Same {
    received: usize,
    disk: usize,
    len: usize,
}

/// Lines of the received text in place of others on disk.
#[derive(Clone, Debug)]
struct Changed {
    received: Vec<Range<usize>>,
    /// Without their endings. Where lines were only added, the line before or after them.
    disk: Vec<Range<usize>>,
}

impl DiskMap {
    /// Compares the file of a chapter with what was received of it.
    pub fn new(disk: &str, received: &str) -> Self {
        let text = disk.strip_prefix(BYTE_ORDER_MARK).unwrap_or(disk);
        let origin = if disk == received { 0 } else { disk.len() - text.len() };
        let mut map = Self {
            same: Vec::new(),
            changed: Vec::new(),
            received_len: received.len(),
            identity: false,
        };
        if disk == received || text == received {
            map.identity = true;
            map.push(Same { received: 0, disk: origin, len: received.len() });
        } else {
            map.compare(text, origin, received);
        }
        map
    }

    /// Whether nothing but the byte order mark is different, so that every span is exact.
    pub fn is_identity(&self) -> bool {
        self.identity
    }

    /// The same bytes on disk, if they stand there in one piece.
    pub fn exact(&self, span: Span<Received>) -> Option<Span<Disk>> {
        let index = self.same.partition_point(|same| same.received + same.len < span.end());
        let same = self.same.get(index).filter(|same| same.received <= span.start())?;
        let start = same.disk + span.start() - same.received;
        Some(Span::new(start, start + span.len()))
    }

    /// The place on disk that is nearest to `span`, and whether it is the same bytes. What is not
    /// on disk points to the line that it replaces, or to the line next to it.
    pub fn nearest(&self, span: Span<Received>) -> (Span<Disk>, bool) {
        if let Some(exact) = self.exact(span) {
            return (exact, true);
        }
        let start = span.start().min(self.received_len);
        let end = span.end().min(self.received_len).max(start);
        let same = self.same.iter().filter_map(|same| {
            let from = start.max(same.received);
            let to = end.min(same.received + same.len);
            (from < to).then(|| same.disk + from - same.received..same.disk + to - same.received)
        });
        let changed = self.changed.iter().flat_map(|changed| changed.near(start, end));
        let cover = same
            .chain(changed)
            .reduce(|one, other| one.start.min(other.start)..one.end.max(other.end));
        let nearest = cover.unwrap_or_else(|| {
            // Only line endings or nothing at all: the end of what is known before.
            let before = self.same.iter().rev().find(|same| same.received <= start);
            let at = before.map_or(0, |same| same.disk + same.len.min(start - same.received));
            at..at
        });
        (nearest.into(), false)
    }

    fn compare(&mut self, disk: &str, origin: usize, received: &str) {
        let (old, new) = (Lines::of(disk), Lines::of(received));
        for operation in capture_diff_slices(Algorithm::Myers, &old.contents, &new.contents) {
            let (tag, olds, news) = operation.as_tag_tuple();
            if tag == DiffTag::Equal {
                for (old_line, new_line) in olds.zip(news) {
                    self.push_line(&old, old_line, origin, &new, new_line);
                }
            } else if !news.is_empty() {
                let beside = || olds.start.min(old.contents.len().saturating_sub(1));
                let near = if olds.is_empty() { beside()..beside() + 1 } else { olds.clone() };
                let place = |line: usize| {
                    let content = old.content(line);
                    origin + content.start..origin + content.end
                };
                self.changed.push(Changed {
                    received: news.map(|line| new.starts[line]..new.starts[line + 1]).collect(),
                    disk: near.map(place).collect(),
                });
            }
        }
    }

    fn push_line(
        &mut self,
        old: &Lines<'_>,
        old_line: usize,
        origin: usize,
        new: &Lines<'_>,
        new_line: usize,
    ) {
        let (from, to) = (old.content(old_line), new.content(new_line));
        self.push(Same { received: to.start, disk: origin + from.start, len: to.len() });
        let (from_end, to_end) = (old.starts[old_line + 1], new.starts[new_line + 1]);
        let ending = (from_end - from.end).min(to_end - to.end);
        // The shorter ending is the end of the longer one.
        self.push(Same {
            received: to_end - ending,
            disk: origin + from_end - ending,
            len: ending,
        });
    }

    fn push(&mut self, same: Same) {
        match self.same.last_mut() {
            Some(last)
                if last.received + last.len == same.received
                    && last.disk + last.len == same.disk =>
            {
                last.len += same.len;
            }
            _ => self.same.push(same),
        }
    }
}

impl Changed {
    /// The lines on disk for what of `start..end` lies in here, one for one as far as they go.
    fn near(&self, start: usize, end: usize) -> impl Iterator<Item = Range<usize>> {
        let touched = move |line: &Range<usize>| {
            line.start < end && start < line.end || start == end && line.contains(&start)
        };
        let lines = self.received.iter().enumerate().filter(move |(_, line)| touched(line));
        lines.filter_map(|(index, _)| self.disk.get(index).or(self.disk.last()).cloned())
    }
}

/// A text cut into lines.
struct Lines<'t> {
    /// The lines without their endings, which do not count when lines are compared.
    contents: Vec<&'t str>,
    /// Where each starts, and the end of the text.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let mut lines = Self { contents: Vec::new(), starts: vec![0] };
        let mut end = 0;
        for line in text.split_inclusive('\n') {
            end += line.len();
            lines.contents.push(
                line.strip_suffix('\n')
                    .map_or(line, |line| line.strip_suffix('\r').unwrap_or(line)),
            );
            lines.starts.push(end);
        }
        lines
    }

    fn content(&self, line: usize) -> Range<usize> {
        match self.contents.get(line) {
            Some(content) => self.starts[line]..self.starts[line] + content.len(),
            None => 0..0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts at the nearest place, marked if they are not the same bytes.
    fn nearest(disk: &str, received: &str, word: &str) -> String {
        let start = received.find(word).unwrap();
        let (span, exact) =
            DiskMap::new(disk, received).nearest(Span::new(start, start + word.len()));
        format!("{}{}", if exact { "" } else { "~" }, &disk[span.range()])
    }

    #[test]
    fn without_another_preprocessor_only_the_byte_order_mark_is_missing() {
        let map = DiskMap::new("\u{feff}a\n", "a\n");
        assert!(map.is_identity());
        assert_eq!(map.exact(Span::new(0, 2)), Some(Span::new(3, 5)));
        assert_eq!(map.exact(Span::new(2, 2)), Some(Span::new(5, 5)));
        let kept = DiskMap::new("\u{feff}a", "\u{feff}a");
        assert_eq!(kept.exact(Span::new(3, 4)), Some(Span::new(3, 4)));
        assert_eq!(DiskMap::new("", "").exact(Span::at(0)), Some(Span::at(0)));
    }

    #[test]
    fn changed_lines_point_to_what_they_replace() {
        let disk = "# A\n\nold one\nold two\n\nend\n";
        let received = "# A\n\nnew one\nnew two\nnew three\n\nend\nadded\n";
        assert!(!DiskMap::new(disk, received).is_identity());
        assert_eq!(nearest(disk, received, "# A\n"), "# A\n");
        assert_eq!(nearest(disk, received, "end"), "end");
        assert_eq!(nearest(disk, received, "new one"), "~old one");
        assert_eq!(nearest(disk, received, "new three"), "~old two");
        assert_eq!(nearest(disk, received, "# A\n\nnew"), "~# A\n\nold one");
        assert_eq!(nearest(disk, received, "added"), "~end");
        assert_eq!(nearest("", "new", "new"), "~");
    }

    #[test]
    fn line_endings_do_not_hide_what_is_the_same() {
        assert_eq!(nearest("\u{feff}a\r\nb\r\n", "a\nb\n", "b"), "b");
        assert_eq!(nearest("\u{feff}a\r\nb\r\n", "a\nb\n", "\nb"), "\nb");
        assert_eq!(nearest("a\r\nb\r\n", "a\nb\n", "a\nb"), "~a\r\nb");
        assert_eq!(nearest("a\nb", "a\r\nb", "a\r\nb"), "~a\nb");
    }
}
