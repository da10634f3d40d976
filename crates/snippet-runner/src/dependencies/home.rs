//! The home folder of the cargo that builds: the user's sources, and nothing else of theirs.
//!
//! Where sources come from stands in the user's configuration, sometimes beside a token. cargo
//! finds what was fetched by the name of the place it came from, so these entries are copied. A
//! place whose name holds a password is not found: the password is left out.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

use super::{DependencyProblem, cargo::Cargo, place::Place};
use crate::Error;

/// The folders with sources, in the user's folder and in ours.
const SOURCES: [&str; 2] = ["registry", "git"];

/// The machine's own configuration, which cargo reads because it stands in the root folder.
const MACHINE: &str = "/.cargo";

/// Fills the build's home folder, which is empty; returns what has to be readable for it to be of
/// use.
pub(super) fn furnish(cargo: &Cargo<'_>, place: &Place) -> Result<Vec<PathBuf>, Error> {
    let home = place.home();
    let mut readable = vec![PathBuf::from(MACHINE).join("config.toml")];
    let Some(user) = cargo.cargo_home() else { return Ok(readable) };
    for name in SOURCES {
        // What is not there is not needed.
        if let Ok(folder) = user.join(name).canonicalize() {
            link(&folder, &home.join(name)).map_err(Error::io(&home))?;
            readable.push(folder);
        }
    }
    let config = ["config.toml", "config"].map(|name| fs::read_to_string(user.join(name)));
    let config = config.into_iter().find_map(Result::ok).unwrap_or_default();
    // cargo has complained by now if it is no TOML.
    let config = sources(&config.parse().unwrap_or_default(), user.parent().unwrap_or(&user));
    let folders =
        config.get("source").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let folders = folders.flat_map(|source| LOCAL.map(|key| source.get(key)));
    readable.extend(folders.flatten().filter_map(Value::as_str).map(PathBuf::from));
    let file = home.join("config.toml");
    fs::write(&file, config.to_string()).map_err(Error::io(&file))?;
    Ok(readable)
}

/// Keys of a source that name a folder.
const LOCAL: [&str; 2] = ["directory", "local-registry"];

/// Returns the part of a configuration that says where sources come from. Paths in it are relative
/// to `base`.
fn sources(config: &Table, base: &Path) -> Table {
    let mut kept = Table::new();
    if let Some(Value::Table(sources)) = config.get("source") {
        let mut sources = sources.clone();
        for source in sources.iter_mut().filter_map(|(_, source)| source.as_table_mut()) {
            for key in LOCAL {
                if let Some(Value::String(path)) = source.get_mut(key) {
                    *path = base.join(&*path).to_string_lossy().into_owned();
                }
            }
        }
        kept.insert("source".to_owned(), sources.into());
    }
    let only = |value: &Value, keys: &[&str]| -> Value {
        let table = value.as_table().into_iter().flatten();
        let named = table.filter(|(key, _)| keys.contains(&key.as_str()));
        named.map(|(key, value)| (key.clone(), value.clone())).collect::<Table>().into()
    };
    if let Some(Value::Table(registries)) = config.get("registries") {
        let places = registries.iter();
        let places = places.map(|(name, one)| (name.clone(), only(one, &["index", "protocol"])));
        kept.insert("registries".to_owned(), places.collect::<Table>().into());
    }
    if let Some(registry) = config.get("registry") {
        kept.insert("registry".to_owned(), only(registry, &["default", "index"]));
    }
    kept.iter_mut().for_each(|(_, value)| leave_out_users(value));
    kept
}

/// Takes who asks out of every URL in a value.
fn leave_out_users(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_user(text),
        Value::Array(values) => values.iter_mut().for_each(leave_out_users),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| leave_out_users(value)),
        _ => {}
    }
}

/// Returns a URL without the name and password of who asks. What is no URL stays as it is.
pub(super) fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = match host.rsplit_once('@') {
        // There a name alone is no secret, and usually `git`.
        Some((name, _)) if scheme.ends_with("ssh") && !name.contains(':') => host,
        Some((_, host)) => host,
        None => host,
    };
    format!("{scheme}://{host}{path}")
}

/// Returns the machine's configuration of git. The library that cargo uses opens no repository where
/// that is there and cannot be read, and takes no other file for it.
///
/// # Errors
///
/// [`DependencyProblem::HoldsPassword`] if it is nothing for strangers.
pub(super) fn git_config() -> Result<PathBuf, DependencyProblem> {
    let path = PathBuf::from("/etc/gitconfig");
    match fs::read(&path) {
        Ok(text) if holds_password(&String::from_utf8_lossy(&text)) => {
            Err(DependencyProblem::HoldsPassword { path })
        }
        _ => Ok(path),
    }
}

/// Returns whether a configuration of git seems to hold a password or token.
fn holds_password(text: &str) -> bool {
    const KEYS: [&str; 3] = ["extraheader", "smtppass", "token"];

    let words = text.split(|letter: char| letter.is_whitespace() || "\"'=,".contains(letter));
    let mut lines = text.lines().map(str::to_lowercase);
    words.into_iter().any(|word| without_user(word) != word)
        || lines.any(|line| KEYS.iter().any(|key| line.trim_start().starts_with(key)))
}

#[cfg(unix)]
fn link(folder: &Path, name: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(folder, name)
}

#[cfg(windows)]
fn link(folder: &Path, name: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(folder, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_for_git_are_noticed() {
        for text in [
            "[url \"https://secret@example.org/\"]\n\tinsteadOf = https://example.org/\n",
            "[url]\n\tinsteadOf=https://a:secret@example.org\n",
            "[http \"https://example.org\"]\n\textraHeader = Authorization: secret\n",
        ] {
            assert!(holds_password(text), "{text}");
        }
        for text in [
            "",
            "[credential \"https://example.org\"]\n\thelper = program\n[user]\nemail = a@b.org\n",
            "[url \"ssh://git@example.org/\"]\n\tinsteadOf = https://example.org/a@b\n",
        ] {
            assert!(!holds_password(text), "{text}");
        }
    }

    #[test]
    fn tokens_stay_at_home() {
        let config = r#"
            [source.crates-io]
            replace-with = "shelf"
            [source.shelf]
            directory = "vendored"
            [source.mirror]
            registry = "sparse+https://name:secret@example.org/a@b/"
            [source.git]
            git = "https://secret@example.org"
            [source.ssh]
            git = "ssh://git@example.org"
            [registries.work]
            index = "sparse+https://secret:se@example.org/"
            token = "secret"
            credential-provider = ["secret"]
            [registry]
            default = "work"
            token = "secret"
            [build]
            rustc-wrapper = "secret"
        "#;
        let kept = sources(&config.parse().unwrap(), Path::new("/home/somebody"));
        let text = kept.to_string();
        assert!(!text.contains("secret"), "{text}");
        assert_eq!(kept["source"]["crates-io"]["replace-with"].as_str(), Some("shelf"));
        let shelf = &kept["source"]["shelf"]["directory"];
        assert_eq!(shelf.as_str(), Some("/home/somebody/vendored"));
        let mirror = kept["source"]["mirror"]["registry"].as_str();
        assert_eq!(mirror, Some("sparse+https://example.org/a@b/"));
        assert_eq!(kept["source"]["ssh"]["git"].as_str(), Some("ssh://git@example.org"));
        let index = kept["registries"]["work"]["index"].as_str();
        assert_eq!(index, Some("sparse+https://example.org/"));
        assert_eq!(kept["registry"]["default"].as_str(), Some("work"));
    }
}
