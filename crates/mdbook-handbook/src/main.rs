//! `mdbook-handbook`: all passes in one mdBook preprocessor.

handbook_mdbook::main!(mdbook_handbook::SUITE);
