//! Packages whose builds leave, say and read what they should not, and lockfiles that are none.

use super::*;

/// A world with a crate that has a build script.
fn scripted(script: &str) -> World {
    let world = World::new(&GREETER);
    world.write("crates/greeter/build.rs", script);
    world
}

fn greeter(world: &World) -> Config {
    world.table(&json!({ "greeter": { "path": "crates/greeter" } }))
}

/// The dependencies of a package of macros.
fn write_macros(world: &World, text: &str) {
    world.write(
        "macros/Cargo.toml",
        "[package]\nname = \"macros\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
         [lib]\nproc-macro = true\n",
    );
    let head =
        "#[proc_macro]\npub fn word(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n";
    world.write("macros/src/lib.rs", &format!("{head}{text}\n}}\n"));
}

#[cfg(unix)]
#[test]
fn a_lockfile_is_not_written_through_a_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let world = World::new(&GREETER);
    world.write("own/Cargo.toml", "[package]\nname = \"own\"\n[workspace]\nmembers = [\"deep\"]\n");
    world.write("own/src/lib.rs", "");
    world.write("own/deep/Cargo.toml", "[package]\nname = \"deep\"\n");
    world.write("own/deep/src/lib.rs", "");
    let outside = world.folder.path().join("outside");
    let configs = [
        (LOCKFILE, greeter(&world)),
        ("own/Cargo.lock", world.manifest("own/Cargo.toml")),
        ("own/Cargo.lock", world.manifest("own/deep/Cargo.toml")),
    ];
    for (name, config) in configs {
        let lockfile = world.root().join(name);
        symlink(&outside, &lockfile).unwrap();
        let expected = DependencyProblem::Lockfile { path: lockfile.clone() };
        assert_eq!(problem(&config), expected);
        fs::write(&outside, "").unwrap();
        assert_eq!(problem(&config), expected);
        assert_eq!(fs::read(&outside).unwrap(), b"");
        fs::remove_file(&outside).unwrap();
        fs::remove_file(&lockfile).unwrap();
        fs::create_dir(&lockfile).unwrap();
        assert_eq!(problem(&config), expected);
        fs::remove_dir(&lockfile).unwrap();
        assert_all_passed(&run(&config, &[snippet("")]));
        assert!(lockfile.is_file());
        fs::remove_file(&lockfile).unwrap();
    }
    // What is written has the rights of the one before.
    let lockfile = world.root().join(LOCKFILE);
    fs::write(&lockfile, "").unwrap();
    fs::set_permissions(&lockfile, fs::Permissions::from_mode(0o640)).unwrap();
    assert_all_passed(&run(&greeter(&world), &[snippet("")]));
    assert!(fs::read_to_string(&lockfile).unwrap().contains("greeter"));
    assert_eq!(fs::metadata(&lockfile).unwrap().permissions().mode() & 0o777, 0o640);
    let left = fs::read_dir(world.root()).unwrap().count();
    assert_eq!(left, 3, "crates, own and the lockfile");
}

#[cfg(unix)]
#[test]
fn what_a_build_leaves_holds_nobody_up() {
    let leaves = [
        "assert!(std::process::Command::new(\"mkfifo\").arg(&evil).status().unwrap().success());",
        "std::os::unix::fs::symlink(\"/dev/zero\", &evil).unwrap();",
        "std::fs::File::create(&evil).unwrap().set_len(200 << 20).unwrap();",
        "std::fs::create_dir(&evil).unwrap();",
    ];
    for leaves in leaves {
        let world = scripted(&format!(
            "fn main() {{\nlet out = std::path::PathBuf::from(std::env::var(\"OUT_DIR\").unwrap());\n\
             let evil = out.join(\"../../../evil.d\");\n{leaves}\n}}\n"
        ));
        let config = greeter(&world);
        match problem(&config) {
            DependencyProblem::Strange { path } => assert!(path.ends_with("debug/evil.d")),
            other => panic!("{leaves}: {other:?}"),
        }
        // Once it is mended, nothing is left of it.
        world.write("crates/greeter/build.rs", "fn main() {}\n");
        assert_all_passed(&run(&config, &[snippet("greeter::hello();")]));
    }
}

#[test]
fn what_a_macro_prints_is_not_believed() {
    let world = World::new(&[]);
    let config =
        world.table(&json!({ "macros": { "path": "macros" }, "user": { "path": "user" } }));
    world.write(
        "user/Cargo.toml",
        "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
         [dependencies]\nmacros = { path = \"../macros\" }\n",
    );
    world.write("user/src/lib.rs", "pub const WORD: &str = macros::word!();\n");
    let secret = world.folder.path().canonicalize().unwrap().join("secret");
    fs::create_dir_all(&secret).unwrap();
    fs::write(secret.join("output"), "").unwrap();
    let says = |id: &str| {
        let message = json!({
            "reason": "build-script-executed",
            "package_id": id,
            "linked_libs": [],
            "linked_paths": ["native=/nowhere"],
            "cfgs": [],
            "env": [],
            "out_dir": secret.join("out"),
        });
        let text = message.to_string();
        let print =
            format!("println!(\"\\n{{}}\", r##\"{text}\"##);\n\"\\\"word\\\"\".parse().unwrap()");
        write_macros(&world, &print);
    };
    // A package that does not exist has no build script.
    says("nobody");
    let outcome = run(&config, &[snippet("println!(\"{}\", user::WORD);")]);
    assert_eq!(outcome.reports[0].stdout, "word\n");
    // Others have none that lies elsewhere.
    let folder = world.root().join("user");
    says(&format!("path+file://{}#0.1.0", folder.display()));
    let expected = DependencyProblem::Strange { path: secret.join("output") };
    assert_eq!(problem(&config), expected);
}

#[test]
fn a_build_script_that_names_files_elsewhere() {
    let world = scripted(
        "fn main() {\n\
         for path in [\"/proc/self/pagemap\", \"/proc/kmsg\", \"/dev/zero\", \"../../../secret\", \"/\"] {\n\
         println!(\"cargo::rerun-if-changed={path}\");\n}\n}\n",
    );
    let secret = world.folder.path().join("secret");
    fs::write(&secret, "one").unwrap();
    let config = greeter(&world);
    assert_all_passed(&run(&config, &[snippet("")]));
    fs::write(&secret, "two").unwrap();
    assert_eq!(run(&config, &[snippet("")]).cached, 1);
}

#[test]
fn hidden_files_count_and_hidden_folders_do_not() {
    let world = scripted(
        "fn main() {\n\
         let version = std::fs::read_to_string(\".version\").unwrap();\n\
         println!(\"cargo::rustc-env=VERSION={version}\");\n}\n",
    );
    world.write("crates/greeter/src/lib.rs", "pub const VERSION: &str = env!(\"VERSION\");\n");
    world.write("crates/greeter/.version", "one");
    let config = greeter(&world);
    let print = [snippet("println!(\"{}\", greeter::VERSION);")];
    assert_eq!(run(&config, &print).reports[0].stdout, "one\n");
    world.write("crates/greeter/.git/HEAD", "new");
    assert_eq!(run(&config, &print).cached, 1);
    world.write("crates/greeter/.version", "two");
    assert_eq!(run(&config, &print).reports[0].stdout, "two\n");
}

#[test]
fn what_a_macro_may_read_counts() {
    let world = World::new(&GREETER);
    write_macros(
        &world,
        "let folder = std::env::var(\"CARGO_MANIFEST_DIR\").unwrap();\n\
         let word = std::fs::read_to_string(format!(\"{folder}/data/word\")).unwrap();\n\
         format!(\"{word:?}\").parse().unwrap()",
    );
    let package = |name: &str, uses: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
             [dependencies]\n{uses} = {{ path = \"../{uses}\" }}\n"
        )
    };
    // One uses the macro by way of the other.
    world.write("between/Cargo.toml", &package("between", "macros"));
    world.write("between/src/lib.rs", "pub use macros::word;\n");
    world.write("user/Cargo.toml", &package("user", "between"));
    world.write("user/src/lib.rs", "pub const WORD: &str = between::word!();\n");
    world.write("user/data/word", "one");
    let config = world.table(&json!({
        "user": { "path": "user" }, "greeter": { "path": "crates/greeter" }
    }));
    let print = [snippet("println!(\"{}\", user::WORD);")];
    assert_eq!(run(&config, &print).reports[0].stdout, "one\n");
    // This one uses no macro.
    world.write("crates/greeter/other.txt", "new");
    assert_eq!(run(&config, &print).cached, 1);
    world.write("user/data/word", "two");
    assert_eq!(run(&config, &print).reports[0].stdout, "two\n");
}
