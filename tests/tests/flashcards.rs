//! The deck: every row that asks is a note with an id that stays.

use handbook_tests::Book;
use handbook_tests::cards::{self, book, deck, one_chapter};
use mdbook_quickref::{Deck, Flashcard};

const CONSENSUS: &str = "src/topics/consensus.md";

#[test]
fn ids_survive_edits_of_answers() {
    let book = book();
    let ids = |book: &Book| {
        let ids = deck(book).into_iter().map(|card| card["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let before = ids(&book);
    assert!(before.contains(&"topics/consensus.md#questions/who-reads".to_owned()), "{before:?}");
    let distinct: std::collections::BTreeSet<_> = before.iter().collect();
    assert_eq!(distinct.len(), before.len());
    let text = book.read(CONSENSUS);
    let text = text.replace("The leader, under a lease", "Anybody, if it may be old");
    let text = text.replace("\"Who reads?\"", "Who  *reads*?").replace("O(log n)", "O(1)");
    book.write(CONSENSUS, text);
    assert_eq!(ids(&book), before);
    assert!(deck(&book).iter().any(|card| card["back"].as_str().unwrap().contains("Anybody")));
}

#[test]
fn cards_that_ask_the_same_have_ids_of_their_own() {
    let book = book();
    let text = book.read(CONSENSUS).replace("\"Why an odd number?\"", "\"Who reads?\"");
    book.write(CONSENSUS, text);
    let ids: Vec<_> = deck(&book).iter().map(|card| card["id"].to_string()).collect();
    for id in ["questions/who-reads\"", "questions/who-reads-2\""] {
        assert_eq!(ids.iter().filter(|found| found.ends_with(id)).count(), 1, "{ids:?}");
    }
}

/// The fields of a line as Anki's import reads them.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let (mut quoted, mut chars) = (false, line.chars().peekable());
    while let Some(ch) = chars.next() {
        match ch {
            '"' if quoted && chars.peek() == Some(&'"') => {
                fields.last_mut().unwrap().push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            '\t' if !quoted => fields.push(String::new()),
            ch => fields.last_mut().unwrap().push(ch),
        }
    }
    assert!(!quoted, "{line}");
    fields
}

#[test]
fn a_deck_is_a_file_that_anki_imports() {
    let book = book();
    let file = book.root().join("deck.txt");
    let output = book.handbook(["cards", "--out", file.to_str().unwrap()]);
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""), "{}", output.stderr);
    let text = book.read("deck.txt");
    let (headers, notes): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with('#'));
    assert_eq!(
        headers,
        [
            "#separator:tab",
            "#html:true",
            "#guid column:1",
            "#notetype:Basic",
            "#deck:Storage in \"Short\"",
            "#tags column:4"
        ]
    );
    assert_eq!(notes.len(), deck(&book).len());
    for note in &notes {
        let fields = fields(note);
        let [_, front, back, tags] = fields.as_slice() else { panic!("{fields:?}") };
        assert!(!front.is_empty() && !tags.contains(' '), "{note}");
        assert!(tags.starts_with("storage::topics-"), "{tags}");
        assert!(back.contains("<a href=\"https://example.org/storage/topics/"), "{back}");
    }
    let shown = |front: &str| notes.iter().find(|note| note.contains(front)).expect("a note");
    // Tables, links and code become HTML; citations stay behind.
    assert!(shown("Few keys, many reads").contains("<code>a|b</code>"));
    let linked = "<a href=\"https://example.org/storage/topics/sharding.html#decision\">";
    assert!(fields(shown("Who reads"))[2].contains(linked));
    assert!(fields(shown("Message delays"))[2].starts_with("2<br>"));
}

/// The deck of one chapter.
fn flashcards(text: &str) -> Vec<Flashcard> {
    cards::flashcards(&one_chapter(), text)
}

#[test]
fn every_id_is_its_own_and_stays() {
    let choice = |rows: &str| {
        let text = format!("# A\n\n## Choice\n\n| Case | Option |\n|---|---|\n{rows}");
        flashcards(&text).into_iter().map(|card| card.id).collect::<Vec<_>>()
    };
    let id = |key: &str| format!("chapter.md#decisions/{key}");
    let ids = choice("| Foo | a |\n| Foo | b |\n| Foo 2 | c |\n");
    assert_eq!(ids, [id("foo"), id("foo-3"), id("foo-2")]);
    assert_eq!(choice("| < 10 ms | a |\n| > 10 ms | b |\n"), [id("<-10-ms"), id(">-10-ms")]);
    // A row that asks nothing is no card.
    assert_eq!(choice("|  | a |\n| <!-- x --> | a |\n"), [""; 0]);
    let option = |number: &str| {
        let text = format!(
            "# A\n\n## Option A: {number}Ring\n\n| Step | Time | Space |\n|---|---|---|\n\
             | Join | 1 | 2 |\n"
        );
        flashcards(&text).remove(0)
    };
    assert_eq!(option("2. ").id, option("3. ").id);
    assert!(option("2. ").front.starts_with("A: Ring: Join"), "{}", option("2. ").front);
}

#[test]
fn notes_of_two_books_are_told_apart() {
    let deck = Deck(flashcards("# A\n\n## Choice\n\n| Case | Option |\n|---|---|\n| x | y |\n"));
    assert!(deck.anki("One Book").contains("\none-book/chapter.md#decisions/x\t"));
}

#[test]
fn a_deck_stays_as_it_was_if_something_is_wrong_with_the_book() {
    let book = book();
    book.write("deck.txt", "yesterday's");
    let config = book.read("book.toml");
    let refused = |what: &str| {
        let output = book.handbook(["cards", "--out", "deck.txt"]);
        assert_eq!(output.code, Some(1), "{what}: {}", output.stderr);
        assert!(output.stderr.contains("no cards were written"), "{what}: {}", output.stderr);
        assert_eq!(book.read("deck.txt"), "yesterday's", "{what}");
    };
    book.write("book.toml", config.replace("templates/dive.md", "templates/drive.md"));
    refused("a template that is not there");
    book.write("book.toml", config.replace("timers =", "rows = 0\ntimers ="));
    refused("a setting that makes no sense");
    book.write("book.toml", config);
    let summary = book.read("src/SUMMARY.md");
    book.write("src/SUMMARY.md", summary.replace("topics/caching.md", "topics/cashing.md"));
    refused("a chapter that is not there");
    book.write("src/SUMMARY.md", summary);
    let output = book.handbook(["cards", "--out", "deck.txt"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert_ne!(book.read("deck.txt"), "yesterday's");
}
