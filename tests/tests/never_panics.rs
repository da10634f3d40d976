//! No input panics, and what is none of our business stays as it is: properties over what a host may
//! write and an author may type, in this process and with nothing executed.

use handbook_book::HostVersion;
use handbook_mdbook::{Handed, Preprocessed, preprocess};
use handbook_tests::in_process::{analyse, idle_environment};
use handbook_tests::markdown::{any_chapter, foreign_chapter};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn run(input: &str) -> Option<Preprocessed> {
    let handed = Handed::parse(input).ok()?;
    preprocess(&mdbook_handbook::SUITE, &idle_environment(), handed).ok()
}

/// JSON of the keys and values that books are made of, in any order.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(
        &[
            "root",
            "config",
            "renderer",
            "mdbook_version",
            "items",
            "sections",
            "Chapter",
            "content",
            "path",
            "source_path",
            "sub_items",
            "name",
            "preprocessor",
            "handbook",
            "snippets",
            "book",
            "src",
            "output",
            "html",
            "live-reload-endpoint",
            "timeout",
            "before",
        ][..],
    );
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        any_chapter().prop_map(Value::from),
        prop::sample::select(&["html", "0.4.52", "0.5.4", "9.0.0", "../..", "/", "\0"][..])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::Object(entries.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// A book as the two generations of mdBook write it.
fn book(chapters: &[String], generation: usize) -> Value {
    let (items, version) = [("sections", "0.4.52"), ("items", "0.5.4")][generation];
    let chapter = |(index, text): (usize, &String)| {
        json!({"Chapter": {
            "name": index.to_string(), "content": text, "number": [index], "sub_items": [],
            "path": format!("{index}.md"), "source_path": format!("{index}.md"),
            "parent_names": [], "unknown-to-us": [1, {"a": null}],
        }})
    };
    let mut listed: Vec<Value> = chapters.iter().enumerate().map(chapter).collect();
    listed.push(json!("Separator"));
    listed.push(json!({"PartTitle": "Part"}));
    listed
        .push(json!({"Chapter": {"name": "Draft", "content": "", "path": null, "sub_items": []}}));
    let context = json!({
        "root": "/nowhere", "renderer": "html", "mdbook_version": version,
        "config": {"book": {"src": "src"}, "preprocessor": {"handbook": {"before": ["links"]}}},
    });
    json!([context, {items: listed, "__non_exhaustive": null}])
}

/// Puts `value` somewhere into `target`; `at` chooses the place.
fn graft(target: &mut Value, mut at: usize, value: Value) {
    fn count(value: &Value) -> usize {
        1 + match value {
            Value::Array(items) => items.iter().map(count).sum::<usize>(),
            Value::Object(map) => map.values().map(count).sum(),
            _ => 0,
        }
    }
    fn find(value: &mut Value, at: &mut usize, new: &mut Option<Value>) {
        if *at == 0 {
            if let Some(new) = new.take() {
                *value = new;
            }
            return;
        }
        *at -= 1;
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| {
                if new.is_some() {
                    find(item, at, new);
                }
            }),
            Value::Object(map) => map.values_mut().for_each(|item| {
                if new.is_some() {
                    find(item, at, new);
                }
            }),
            _ => {}
        }
    }
    at %= count(target);
    find(target, &mut at, &mut Some(value));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_refused_in_words(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(run(&String::from_utf8_lossy(&bytes)).is_none());
    }

    #[test]
    fn arbitrary_json_is_refused_or_handed_back(context in any_json(), book in any_json()) {
        let input = json!([context, book]);
        if let Some(done) = run(&input.to_string()) {
            prop_assert_eq!(done.book.is_object(), true);
        }
    }

    /// Books with something odd in one place, for which the host may be a newer one.
    #[test]
    fn damaged_books_are_refused_or_handed_back(
        chapters in prop::collection::vec(any_chapter(), 1..3),
        generation in 0..2_usize,
        at in any::<usize>(),
        value in any_json(),
    ) {
        let mut input = book(&chapters, generation);
        graft(&mut input, at, value);
        run(&input.to_string());
    }

    /// Keys that we do not know and chapters of which we have nothing to say come back unchanged.
    #[test]
    fn foreign_books_come_back_as_they_were(
        chapters in prop::collection::vec(foreign_chapter(), 1..4),
        generation in 0..2_usize,
    ) {
        let input = book(&chapters, generation);
        let done = run(&input.to_string()).expect("a book");
        prop_assert_eq!(&done.book, &input[1]);
        prop_assert_eq!(done.book.to_string(), input[1].to_string(), "the order of keys");
    }

    #[test]
    fn chapters_of_any_sort_are_judged(chapters in prop::collection::vec(any_chapter(), 1..4)) {
        for version in [HostVersion::V0_4, HostVersion::V0_5] {
            let analysis = analyse(&chapters, version);
            prop_assert_eq!(analysis.pages.len(), chapters.len());
            // Every report can be made of it.
            let root = std::path::Path::new("/book");
            handbook_engine::json(&analysis.findings, root);
            let mut lines = handbook_text::LineIndexes::default();
            for located in &analysis.findings {
                handbook_engine::terminal(located, root, &mut lines);
            }
            // A pass that wants what another one wants is a defect of ours.
            let contested = |rule: &str| rule == "book/contested-text";
            prop_assert!(!analysis.findings.iter().any(|found| contested(found.finding.rule)));
        }
    }

    #[test]
    fn chapters_without_our_marks_have_no_page_of_ours(chapter in foreign_chapter()) {
        for version in [HostVersion::V0_4, HostVersion::V0_5] {
            let analysis = analyse(std::slice::from_ref(&chapter), version);
            prop_assert_eq!(&analysis.pages, &[None]);
            prop_assert!(analysis.fixes.is_empty());
            let only = |rule: &str| ["book/open-block", "book/broken-include"].contains(&rule);
            let other = analysis.findings.iter().find(|found| !only(found.finding.rule));
            prop_assert!(other.is_none(), "{:?}", other);
        }
    }
}
