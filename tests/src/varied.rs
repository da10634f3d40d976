//! Snippets of all sorts, for tests about what becomes of all of them.

use crate::Book;

/// What programs print that a file of results has to hold: as Rust writes it in a string.
const PRINTED: &[&str] = &[
    "",
    "\\n",
    "\\n\\n leading and trailing \\n\\n",
    "no newline at the end",
    "carriage return\\r\\nand newline\\r\\n\\r",
    "''' and \\\"\\\"\\\" and ' and \\\"",
    "ends with a quote \\\"",
    "'",
    "a\\\\b \\\\u0041 \\\\",
    "\\u{1b}[1mbold\\u{1b}[0m \\u{0} \\u{7} \\u{7f} \\u{85}",
    "\\u{feff}\\u{2028}\\u{202e}\\u{10ffff}",
    "ein Fluß, 流れ, 🦀\\n",
    "\\tone\\t\\ttwo   \\n # no comment\\n[[snippet]]\\nid = 3\\n",
];

/// A book in which every snippet keeps its promise, one at least of each sort.
pub fn good() -> Book {
    let printed: String = PRINTED
        .iter()
        .enumerate()
        .map(|(index, text)| {
            format!("```rust,name=printed-{index},run\nprint!(\"{text}\");\n```\n\n")
        })
        .collect();
    Book::new().chapter("printed.md", format!("# Printed\n\n{printed}")).chapter(
        "deep/sorts.md",
        "# Sorts\n\n\
         ```rust,name=sum,values\nprintln!(\"sum = {} ms\", 1 + 2);\n```\n\n\
         ```output\nsum = 3 ms\n```\n\n\
         It takes 3 ms<!-- =sum.sum -->, {{#value sum.sum}}.\n\n\
         ```rust,mod=ring\npub fn turn(n: u32) -> u32 { n + 1 }\n```\n\n\
         ```rust,use=ring,run\nprintln!(\"{}\", ring::turn(1));\n```\n\n\
         ```rust,use=ring,run\nprintln!(\"{}\", ring::turn(1));\n```\n\n\
         ```rust,should_panic\nprintln!(\"before\");\npanic!(\"as promised\");\n```\n\n\
         ```rust,compile_fail,E0308\nlet x: u8 = \"\";\n```\n\n\
         ```rust,no_run\nloop {}\n```\n\n\
         ```rust,ignore\nnonsense\n```\n\n\
         ```rust,ignore-x86_64,ignore-aarch64\nnonsense\n```\n\n\
         ```rust,name=clock,nondeterministic=durations\n\
         println!(\"it took {} ns\", std::process::id() + 7);\n```\n\n\
         ```output\nit took 5 ns\n```\n\n\
         ```rust,nondeterministic\nprintln!(\"{}\", std::process::id());\n```\n\n\
         ```rust,as=table,run\nprintln!(\"n,square\\n1,1\\n12,144\");\n```\n",
    )
}

/// The same with a chapter of snippets that fail, one at least of each sort.
pub fn bad() -> Book {
    good().chapter(
        "bad.md",
        "# Bad\n\n\
         ```rust,name=panics\nprintln!(\"said\");\neprintln!(\"''' \\\"\\\"\\\"\");\npanic!(\"a \\u{1b} b\\r\\nc\");\n```\n\n\
         ```rust\nstd::process::exit(3);\n```\n\n\
         ```rust\nstd::process::abort();\n```\n\n\
         ```rust,name=types\nlet a: u8 = \"\";\nlet b: String = 7;\n```\n\n\
         ```rust,should_panic\n```\n\n\
         ```rust,compile_fail\n```\n\n\
         ```rust,compile_fail,E0382\nlet a: u8 = \"\";\n```\n\n\
         ```rust,timeout=200ms\nloop { std::thread::sleep(std::time::Duration::from_secs(1)); }\n```\n\n\
         ```rust\nlet line = \"-\".repeat(1023);\nloop { println!(\"{line}\"); }\n```\n\n\
         ```rust\nstd::net::UdpSocket::bind(\"127.0.0.1:0\").unwrap();\n```\n\n\
         ```rust,mod=broken\npub fn f() -> u8 { \"\" }\n```\n\n\
         ```rust,use=broken\nbroken::f();\n```\n\n\
         ```rust,mod=shy\nfn f() {}\npub fn g() { panic!(\"in the module\"); }\n```\n\n\
         ```rust,use=shy\nshy::f();\n```\n\n\
         ```rust,use=shy\nshy::g();\n```\n\n\
         ```rust,use=nothing\n```\n\n\
         ```rust,name=stale\nprintln!(\"one\");\n```\n\n\
         ```output\ntwo\n```\n\n\
         Ten<!-- =stale.x --> or 4 ms<!-- =sum.sum -->.\n",
    )
}
