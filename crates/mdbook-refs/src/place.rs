//! Places on the web, which several addresses may name.

use crate::bibliography::Work;
use hayagriva::types::QualifiedUrl;

/// The resolvers of DOIs. What they are asked for has no capitals of its own.
const RESOLVERS: [&str; 2] = ["doi.org", "dx.doi.org"];

/// What all addresses of one place have in common: neither the scheme nor `www.` nor a slash at the
/// end makes another place.
pub(crate) fn place(address: &str) -> String {
    let Ok(QualifiedUrl { value: url, .. }) = address.parse() else { return address.to_owned() };
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    let path = url.path().trim_end_matches('/');
    if RESOLVERS.contains(&host) {
        return format!("{}{}", RESOLVERS[0], path.to_lowercase());
    }
    let part = |mark: char, part: Option<&str>| part.map(|part| format!("{mark}{part}"));
    let query = part('?', url.query()).unwrap_or_default();
    let fragment = part('#', url.fragment()).unwrap_or_default();
    format!("{host}{path}{query}{fragment}")
}

/// The places where a work can be read.
pub(crate) fn places(work: &Work) -> Vec<String> {
    let doi = work.entry.doi().map(|doi| place(&format!("https://{}/{doi}", RESOLVERS[0])));
    let url = work.entry.url_any().map(|url| place(url.value.as_str()));
    doi.into_iter().chain(url).collect()
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_place_has_many_addresses() {
        for (one, other) in [
            ("https://redis.io", "http://www.redis.io/"),
            ("https://dx.doi.org/10.1016/ABC", "https://doi.org/10.1016/abc"),
            ("https://a.b/c d", "https://a.b/c%20d"),
        ] {
            assert_eq!(place(one), place(other));
        }
        assert_ne!(place("https://a.b/c"), place("https://a.b/C"));
        assert_ne!(place("https://a.b/?c"), place("https://a.b/?d"));
        assert_eq!(place("no address"), "no address");
    }
}
