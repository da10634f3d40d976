//! The words that rustdoc finds in an info string.
//!
//! rustdoc has a grammar of its own for what stands behind a fence: `TagIterator` in
//! `src/librustdoc/html/markdown.rs` of rustc 1.95, whose comment writes it down as EBNF. A
//! difference of one character decides whether a block is tested at all, so all of it is here:
//!
//! 1. Commas, blanks and tabs separate **words**. A word begins with one of few characters and goes
//!    on with one of more ([`begins_word`], [`continues_word`]), or stands in quotes.
//! 2. What parentheses hold is a **comment**. It ends a word.
//! 3. What braces hold are **attributes**: `.class` and `key=value`, which style the page and say
//!    nothing about a verdict. They end a word too, and rustdoc forgets it: `text{.wide}` is Rust.
//! 4. Anything else makes rustdoc **give up**: the block is no Rust, whatever has been read.

/// Reads the words one by one; ends early where rustdoc gives up.
pub(super) struct Tags<'a> {
    text: &'a str,
    /// How far it has been read.
    at: usize,
    gave_up: bool,
}

/// A word, without its quotes if it has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) text: &'a str,
    /// Its first byte in the info string.
    pub(super) at: usize,
}

/// There is something that rustdoc does not read.
struct GiveUp;

impl<'a> Tags<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0, gave_up: false }
    }

    /// Whether rustdoc gave up, which is known once there are no words left.
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up
    }

    /// Reads what comes next, and returns it if it is a word that rustdoc heeds.
    fn step(&mut self) -> Result<Option<Tag<'a>>, GiveUp> {
        match self.peek() {
            Some('(') => self.comment().map(|()| None),
            Some('{') => self.attributes().map(|()| None),
            Some('"') => {
                let word = self.quoted()?;
                let ends = self.peek().is_none_or(|ch| is_separator(ch) || ch == '{' || ch == '(');
                if ends { Ok(Some(word)) } else { Err(GiveUp) }
            }
            Some(ch) if begins_word(ch) => {
                let word = self.take_while(continues_word);
                match self.peek() {
                    Some('{') => Ok(None),
                    Some(ch) if !is_separator(ch) && ch != '(' => Err(GiveUp),
                    _ => Ok(Some(word)),
                }
            }
            _ => Err(GiveUp),
        }
    }

    fn comment(&mut self) -> Result<(), GiveUp> {
        self.take_while(|ch| ch != ')');
        self.expect(')')
    }

    fn attributes(&mut self) -> Result<(), GiveUp> {
        self.expect('{')?;
        loop {
            self.take_while(is_separator);
            match self.peek() {
                Some('}') => return self.expect('}'),
                Some('.') => {
                    self.expect('.')?;
                    filled(self.take_while(continues_word))?;
                }
                _ => {
                    self.value(begins_word)?;
                    self.expect('=')?;
                    self.value(continues_word)?;
                }
            }
            if !self.peek().is_some_and(|ch| is_separator(ch) || ch == '}') {
                return Err(GiveUp);
            }
        }
    }

    /// Reads a key or a value, which `begins` with such a character or stands in quotes.
    fn value(&mut self, begins: fn(char) -> bool) -> Result<(), GiveUp> {
        match self.peek() {
            Some('"') => filled(self.quoted()?),
            Some(ch) if begins(ch) => filled(self.take_while(continues_word)),
            _ => Err(GiveUp),
        }
    }

    fn quoted(&mut self) -> Result<Tag<'a>, GiveUp> {
        self.expect('"')?;
        let word = self.take_while(|ch| ch != '"');
        self.expect('"').map(|()| word)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn expect(&mut self, ch: char) -> Result<(), GiveUp> {
        if self.peek() != Some(ch) {
            return Err(GiveUp);
        }
        self.at += ch.len_utf8();
        Ok(())
    }

    fn take_while(&mut self, holds: impl Fn(char) -> bool) -> Tag<'a> {
        let rest = &self.text[self.at..];
        let length = rest.find(|ch| !holds(ch)).unwrap_or(rest.len());
        let tag = Tag { text: &rest[..length], at: self.at };
        self.at += length;
        tag
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        while !self.gave_up {
            self.take_while(is_separator);
            self.peek()?;
            match self.step() {
                Ok(None) => {}
                Ok(word) => return word,
                Err(GiveUp) => self.gave_up = true,
            }
        }
        None
    }
}

fn filled(part: Tag<'_>) -> Result<(), GiveUp> {
    if part.text.is_empty() { Err(GiveUp) } else { Ok(()) }
}

/// Whether a character stands between words.
pub(super) fn is_separator(ch: char) -> bool {
    matches!(ch, ',' | ' ' | '\t')
}

fn begins_word(ch: char) -> bool {
    ch.is_ascii_alphanumeric() || "_-:".contains(ch)
}

fn continues_word(ch: char) -> bool {
    begins_word(ch) || ".!#$%&*+/;<>?@^|~".contains(ch)
}

#[cfg(test)]
mod tests {
    use super::Tags;

    /// The words with a bar between them, or that rustdoc gives up.
    fn read(text: &str) -> String {
        let mut tags = Tags::of(text);
        let words: Vec<_> = tags.by_ref().map(|tag| tag.text).collect();
        if tags.gave_up() { "gives up".to_owned() } else { words.join("|") }
    }

    #[test]
    fn words_and_comments() {
        assert_eq!(read(" ,rust,\tno_run,,"), "rust|no_run");
        assert_eq!(read("rust,a#b c++"), "rust|a#b|c++");
        assert_eq!(read("(a, b)rust(x)no_run(\"{)"), "rust|no_run");
        assert_eq!(read("\"a, {b\"(c)"), "a, {b");
        assert_eq!(read("\"\""), "");
    }

    #[test]
    fn attributes_end_a_word_that_is_forgotten() {
        assert_eq!(read("rust,{.a.b class=x,\"k\"=\"v w\" :=.}no_run"), "rust|no_run");
        assert_eq!(read("text{.a}"), "");
        assert_eq!(read("\"text\"{}"), "text");
    }

    #[test]
    fn what_rustdoc_does_not_read() {
        let outside = ["a=b", "#a", "a}", "[x]", "'x'", "日本", "a\"b\"", "\"a", "\"a\"b", "(a"];
        assert_eq!(outside.map(read), ["gives up"; 10]);
        let inside =
            ["{", "{a}", "{1,3-5}", "{#a}", "{.}", "{.\"a\"}", "{a=}", "{a=\"\"}", "{\"\"=a}"];
        assert_eq!(inside.map(read), ["gives up"; 9]);
        assert_eq!(["{.a(b)}", "{.a{}}", "{a=b", "{.a"].map(read), ["gives up"; 4]);
    }

    #[test]
    fn words_know_their_place() {
        let places: Vec<_> = Tags::of("a, \"b\"").map(|tag| tag.at).collect();
        assert_eq!(places, [0, 4]);
    }
}
