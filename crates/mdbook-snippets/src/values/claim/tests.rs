use super::*;
use crate::values::printed::{number, read, tables};
use proptest::prelude::*;

fn printed(text: &str) -> Printed {
    number(text).unwrap_or_else(|| panic!("{text} is no number"))
}

/// What is written, what is printed, and what becomes of it: `ok`, what `fix` writes, `-` if the
/// author has to decide, `unit` if the units do not go together, `?` if there is no number.
const TABLE: &[(&str, &str, &str)] = &[
    // Precision: half of the last digit that is written.
    ("9.1 %", "9.05 %", "ok"),
    ("9.1 %", "9.15 %", "ok"),
    ("9.1 %", "9.049 %", "9.0 %"),
    ("9.1 %", "9.151 %", "9.2 %"),
    ("9.10 %", "9.104 %", "ok"),
    ("9.10 %", "9.107 %", "9.11 %"),
    ("9 %", "9.4 %", "ok"),
    ("9 %", "9.6 %", "10 %"),
    ("640", "640", "ok"),
    ("640", "641", "641"),
    ("640", "640.4", "ok"),
    ("1200", "1240", "1240"),
    ("0.30000", "0.3", "ok"),
    ("13163672813416518427", "13163672813416518427", "ok"),
    ("13163672813416518427", "13163672813416518428", "13163672813416518428"),
    // Signs.
    ("-3", "-3", "ok"),
    ("-3", "3", "3"),
    ("3", "-3", "-3"),
    ("−3.5", "-4.25", "−4.3"),
    ("+3", "4", "+4"),
    ("(−3)", "-3", "?"),
    ("p-99", "99", "ok"),
    // Thousands.
    ("1,234", "1234", "ok"),
    ("1,234", "1234567", "1,234,567"),
    ("1,234.5", "99.25", "99.3"),
    ("1 234", "1234", "ok"),
    ("in row 1 234", "234", "ok"),
    ("1 234", "1235", "-"),
    ("1\u{202f}234", "5678", "5\u{202f}678"),
    ("1\u{a0}234\u{a0}567", "1234568", "1\u{a0}234\u{a0}568"),
    ("1&nbsp;234", "2345", "2&nbsp;345"),
    ("1_234", "1234", "ok"),
    ("1'234", "1235", "1'235"),
    ("1’234", "1234", "ok"),
    ("9,1", "9.1", "?"),
    ("1,2345", "12345", "?"),
    ("1.2.3", "3", "?"),
    // About.
    ("~9", "9.8", "ok"),
    ("~9", "10", "~10"),
    ("~1200", "1100", "ok"),
    ("~1200", "2345", "~2300"),
    ("about 100", "109", "ok"),
    ("about 100", "111", "about 110"),
    ("roughly **50 ms**", "80 ms", "roughly **80 ms**"),
    ("≈ 3.1 million", "3140000", "ok"),
    ("≈ 3.1 million", "3400000", "≈ 3.4 million"),
    ("~~9~~ 8", "9", "~~9~~ 9"),
    // Scales.
    ("3.1 million", "3141592", "ok"),
    ("3.1 million", "3151592", "3.2 million"),
    ("3.1 million keys", "3141592 keys", "ok"),
    ("3.1 million keys", "3141592", "ok"),
    ("12k", "12345", "ok"),
    ("12k", "13500", "14k"),
    ("1.5 M", "1234567", "1.2 M"),
    ("2 G", "1999999999", "ok"),
    ("4.3 billion", "4294967296", "ok"),
    ("3.1 million", "20", "-"),
    // Percent and ratios.
    ("91 %", "0.907", "ok"),
    ("91 %", "0.9", "90 %"),
    ("91%", "90.7 %", "ok"),
    ("9.1 percent", "9.07 %", "ok"),
    ("9.1 %", "9.1", "unit"),
    ("2×", "2.2", "ok"),
    ("2.0×", "2.2", "2.2×"),
    ("2x", "3 x", "3x"),
    ("3.0 times", "3.04", "ok"),
    ("2.0&times;", "2.2", "2.2&times;"),
    ("&le; 2", "2.2", "-"),
    ("15 ppm", "0.000015", "ok"),
    // Units.
    ("1.5 ms", "1.5e-3 s", "ok"),
    ("1.5 ms", "1.62e-3 s", "1.6 ms"),
    ("2 h", "7200 s", "ok"),
    ("90 min", "2 h", "120 min"),
    ("2 hours", "2.1 h", "ok"),
    ("2 MiB", "2097152 B", "ok"),
    ("2.0 MB", "2097152 B", "2.1 MB"),
    ("64 KiB", "65536 bytes", "ok"),
    ("1.5 ms", "1.5 MiB", "unit"),
    ("640 tokens", "640 keys", "unit"),
    ("1 key", "1 keys", "ok"),
    ("640", "640 keys", "ok"),
    ("640 tokens", "641", "641 tokens"),
    ("5 ms", "5", "ok"),
    ("5 ms/op", "6 ms/op", "6 ms/op"),
    ("5&nbsp;ms", "6 ms", "6&nbsp;ms"),
    ("3 GHz", "2.9e9 Hz", "ok"),
    // Powers.
    ("1e6", "1000000", "ok"),
    ("1e6", "1400000", "ok"),
    ("1.0e6", "1400000", "1.4e6"),
    ("1.5e-3 s", "1.62 ms", "1.6e-3 s"),
    ("3.1 × 10^6", "3141592", "ok"),
    ("3.1 × 10^6", "31415926", "3.1 × 10^7"),
    ("3.1·10⁶", "0.0123", "1.2·10⁻²"),
    ("3.1 × 10<sup>6</sup>", "4e8", "4.0 × 10<sup>8</sup>"),
    ("9.9e1", "99.96", "1.0e2"),
    ("10^6", "1000000", "ok"),
    ("10⁶", "1000001", "-"),
    ("2^32", "4294967296", "ok"),
    ("2³²", "4294967295", "-"),
    ("10<sup>-3</sup>", "0.001", "ok"),
    ("~10^6", "1050000", "ok"),
    // Ranges.
    ("10-20", "15", "ok"),
    ("10–20 %", "20.4 %", "ok"),
    ("10–20 %", "21 %", "-"),
    ("10 to 20", "9.4", "-"),
    ("10 – 20 ms", "0.015 s", "ok"),
    ("between 10..20", "10", "ok"),
    ("1,000–2,000", "1500", "ok"),
    ("10 % to 20 %", "15 %", "ok"),
    ("10 % to 20 %", "21 %", "-"),
    ("from **10%** to **20%**", "0.15", "ok"),
    ("10 ms – 20 ms", "0.015 s", "ok"),
    ("10ms-20ms", "9.6 ms", "ok"),
    ("900 µs to 1.2 ms", "1 ms", "ok"),
    ("900 µs to 1.2 ms", "0.8 ms", "-"),
    ("1 million to 2 million keys", "1500000 keys", "ok"),
    ("10k–20k", "15000", "ok"),
    ("10&nbsp;%&nbsp;–&nbsp;20&nbsp;%", "15 %", "ok"),
    ("640 tokens to 3 nodes", "3 nodes", "ok"),
    ("fell from 20 % to 10 %", "10 %", "ok"),
    ("fell from 640 to 3", "3", "ok"),
    // Writing without blanks between words, and other spellings.
    ("移動了9.1 %", "9.05 %", "ok"),
    ("移動了9.1 %", "8 %", "移動了8.0 %"),
    ("合計640個", "641 個", "合計641個"),
    ("約-3", "-3", "ok"),
    ("さらに1,234", "1235", "さらに1,235"),
    ("v２3", "3", "?"),
    ("+5", "+5", "ok"),
    ("5", "+6 keys", "6"),
    ("+5", "+6", "+6"),
    ("1.5 sec", "1500 ms", "ok"),
    ("90 secs", "2 min", "120 secs"),
    ("2 hrs", "7200 sec", "ok"),
    ("3 mins", "180 s", "ok"),
    ("5 msec", "5 ms", "ok"),
    // Bounds.
    ("< 10 %", "9.99 %", "ok"),
    ("< 10 %", "10 %", "-"),
    ("(> 10", "10", "-"),
    ("5<!-- =a.b --> 6", "6", "ok"),
    ("**< 6**", "7", "-"),
    ("<b class=\"x\">6", "6", "ok"),
    ("<b>6", "7", "<b>7"),
    ("<br /> 6", "6", "ok"),
    ("5<!-- =a.b -->-6", "-6", "ok"),
    ("≤ 10", "10", "ok"),
    ("&gt; 5", "4", "-"),
    ("≥ 5", "5", "ok"),
    ("at most 7", "7.1", "-"),
    ("No more than 7", "7", "ok"),
    ("more than 7", "7.1", "ok"),
    ("at least **3**", "2", "-"),
    ("fewer than 3", "2", "ok"),
    ("over 90 %", "90.7 %", "ok"),
    ("over 90 %", "89 %", "-"),
    ("under 200 ms", "95 ms", "ok"),
    ("above 50 ms", "49 ms", "-"),
    ("up to 7", "7", "ok"),
    ("never more than 7", "9", "-"),
    ("never more than 10", "9", "ok"),
    ("does not take more than 50 ms", "95 ms", "-"),
    ("isn't less than 10", "9", "-"),
    ("hardly more than 8", "8.2", "ok"),
    // Parts of something larger are the author's to change.
    ("1 min 29 s", "90 s", "-"),
    ("between 10 and 20 %", "15 %", "-"),
    ("12±1", "12", "-"),
    ("4 × 1024", "4096", "-"),
    ("12 of 100", "12", "-"),
    ("±3.5", "-3.5", "-"),
    // Which of the sizes a bare number counts is not known.
    ("2 KiB", "2048", "-"),
    ("0xff", "0", "?"),
    ("0b1010", "0", "?"),
    // Surroundings.
    ("**9.1 %**", "9.2 %", "**9.2 %**"),
    ("**9.1** %", "9.2 %", "**9.2** %"),
    ("`640`", "641", "`641`"),
    ("_640_ ", "641", "_641_ "),
    ("\\~9 \\%", "20 %", "\\~20 \\%"),
    ("grew 3 to 640 keys", "640 keys", "ok"),
    ("$5", "6", "$6"),
    ("v2", "2", "?"),
    ("1/3", "3", "?"),
    ("12:30", "30", "?"),
    ("five", "5", "?"),
    ("5 of them", "5", "?"),
    ("", "5", "?"),
];

#[test]
fn written_numbers_claim_what_the_table_says() {
    let mut wrong = Vec::new();
    for (text, value, expected) in TABLE {
        let printed = printed(value);
        let became = match judge(text, &printed) {
            None => "?".to_owned(),
            Some((_, Judgement::Holds)) => "ok".to_owned(),
            Some((_, Judgement::OtherUnit | Judgement::NoUnit)) => "unit".to_owned(),
            Some((_, Judgement::Stale { instead: None })) => "-".to_owned(),
            Some((written, Judgement::Stale { instead: Some(number) })) => {
                let text = format!(
                    "{}{number}{}",
                    &text[..written.range.start],
                    &text[written.range.end..]
                );
                // What was fixed is not fixed again.
                assert_eq!(
                    judge(&text, &printed).map(|(_, it)| it),
                    Some(Judgement::Holds),
                    "{text}"
                );
                text
            }
        };
        if became != *expected {
            wrong.push(format!("`{text}` for {value}: {became}, not {expected}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_sample_gives_its_notation() {
    for (sample, value, expected) in [
        ("0.0 %", "0.0907", Some("9.1 %")),
        ("0 %", "9.07 %", Some("9 %")),
        ("0,000", "1234567", Some("1,234,567")),
        ("0,000", "12", Some("12")),
        ("0.0 million", "3141592", Some("3.1 million")),
        ("0.00 MiB", "3000000 B", Some("2.86 MiB")),
        ("0.0%", "0.00001", Some("0.0%")),
        ("1.0e0", "123456", Some("1.2e5")),
        ("0.0 ms", "3 keys", None),
        ("0-1", "3", None),
        ("about 0", "3", None),
        ("10^3", "1000", None),
    ] {
        assert_eq!(like(sample, &printed(value)).as_deref(), expected, "{sample} for {value}");
    }
}

/// Text in which numbers of all notations are likely.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(
        &[
            "1",
            "23",
            "456",
            "000",
            ".",
            ",",
            " ",
            "-",
            "−",
            "~",
            "about ",
            "< ",
            "%",
            " ms",
            " MiB",
            "k",
            " million",
            " × 10^",
            "e",
            "^",
            "²",
            "<sup>3</sup>",
            "–",
            "**",
            "`",
            "&nbsp;",
            "x",
            "\u{202f}",
            "(",
            "ä",
            "10",
            "2",
            "…",
            " to ",
            "_",
        ][..],
    );
    prop_oneof![
        4 => prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,40}",
        1 => "[0-9]{30,80}",
    ]
}

fn any_value() -> impl Strategy<Value = String> {
    let unit = prop::sample::select(&["", " %", " ms", " h", " B", " GiB", " keys", " ppm"][..]);
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        (-2000_i32..2000).prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:e}")),
        (0.0..1000.0_f64).prop_map(|number| format!("{number:.3}")),
        "[0-9]{1,36}",
    ];
    (number, unit).prop_map(|(number, unit)| format!("{number}{unit}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    /// What is written for a stale number is right, and is that number's place and nothing else.
    #[test]
    fn what_is_fixed_is_right(text in any_text(), value in any_value()) {
        let Some(printed) = number(&value) else { return Ok(()) };
        like(&text, &printed);
        let judged = judge(&text, &printed);
        if let Some((written, Judgement::Stale { instead: Some(number) })) = judged {
            let (before, after) = (&text[..written.range.start], &text[written.range.end..]);
            let fixed = format!("{before}{number}{after}");
            let (_, again) = judge(&fixed, &printed).expect("still a number");
            prop_assert_eq!(again, Judgement::Holds, "{}", fixed);
        }
    }

    #[test]
    fn any_output_is_read(output in "([a-zé_=,. 0-9e|\t-]{0,12}\n){0,12}|\\PC{0,80}") {
        read(&output, &tables(&output));
    }
}
