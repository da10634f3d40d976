//! The addresses of others: read, not visited.

use super::BROKEN_ADDRESS;
use crate::links::Outgoing;
use handbook_text::{Expanded, Finding, did_you_mean};

/// What is wrong with an address.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    message: String,
    help: String,
}

fn problem(message: impl Into<String>, help: impl Into<String>) -> Option<Problem> {
    Some(Problem { message: message.into(), help: help.into() })
}

/// The finding about a link to an address that has a scheme or a host.
pub(crate) fn check(link: &Outgoing<'_>) -> Option<Finding<Expanded>> {
    let Problem { message, help } = wrong(link.destination)?;
    Some(link.finding(&BROKEN_ADDRESS, message).help(help))
}

/// The finding that mdBook leaves out a part of an address.
pub(crate) fn left_out(link: &Outgoing<'_>, dropped: &str) -> Finding<Expanded> {
    let message = format!("mdBook leaves out `{dropped}`");
    let help = "write `.html` instead of `.md`, or leave it out as well";
    link.finding(&BROKEN_ADDRESS, message).help(help)
}

/// What is wrong with such an address.
fn wrong(address: &str) -> Option<Problem> {
    const WEB: [&str; 2] = ["https", "http"];
    let (scheme, rest) = match address.strip_prefix("//") {
        Some(_) => ("https".to_owned(), address),
        None => {
            let (scheme, rest) = address.split_once(':')?;
            (scheme.to_ascii_lowercase(), rest)
        }
    };
    match &*scheme {
        "mailto" if !rest.contains('@') => {
            problem("this is no e-mail address", "write `mailto:name@example.org`")
        }
        "http" | "https" => page(rest),
        _ if rest.starts_with("//") => {
            let near = did_you_mean(&scheme, WEB)?;
            problem(format!("`{scheme}` is no scheme"), format!("did you mean `{near}`?"))
        }
        _ => None,
    }
}

/// What is wrong with what stands behind `https:`.
fn page(rest: &str) -> Option<Problem> {
    let Some(rest) = rest.strip_prefix("//") else {
        return problem("two slashes are missing behind the scheme", "write `https://`");
    };
    if rest.contains(char::is_whitespace) {
        return problem(
            "this address has a blank in it",
            "write `%20`, or end the address before it",
        );
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if !is_host(host) {
        return problem(format!("`{host}` is no host"), "write it as in `https://example.org/`");
    }
    if !has_sound_escapes(rest) {
        return problem(
            "two digits are missing behind a percent sign",
            "write `%25` for the sign itself",
        );
    }
    None
}

/// Whether `host`, perhaps with a port, can be one. Letters of all scripts can be.
fn is_host(host: &str) -> bool {
    if host.starts_with('[') {
        return host.contains(']');
    }
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '-' | '_' | '%'))
    };
    let is_port = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    is_port && name.strip_suffix('.').unwrap_or(name).split('.').all(is_label)
}

fn has_sound_escapes(text: &str) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    text.bytes().enumerate().filter(|(_, byte)| *byte == b'%').all(|(at, _)| {
        is_digit(text.as_bytes().get(at + 1)) && is_digit(text.as_bytes().get(at + 2))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_visited_is_let_be() {
        for address in [
            "https://example.org",
            "HTTP://EXAMPLE.org:8080/a?b#c",
            "https://user:pass@example.org./%20",
            "https://[::1]/x",
            "https://例え.jp/",
            "https://localhost:3000",
            "//cdn.example.org/x",
            "mailto:a@b?subject=x",
            "tel:1",
            "irc://host/x",
            "data:image/png;base64,AA==",
            "vscode://file/x",
        ] {
            assert_eq!(wrong(address), None, "{address}");
        }
    }

    #[test]
    fn what_cannot_is_found() {
        for address in [
            "htps://example.org",
            "https:/example.org",
            "https:example.org",
            "http://",
            "https:///x",
            "https://exa mple.org",
            "https://example..org/",
            "https://example.org:x/",
            "https://example.org/100%",
            "mailto:nobody",
        ] {
            assert!(wrong(address).is_some(), "{address}");
        }
    }
}
