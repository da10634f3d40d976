//! What a DOI is.

/// Whether a text is `10.`, the digits of a registrant, and what that one calls the work.
pub(crate) fn is_doi(text: &str) -> bool {
    let parts = text.strip_prefix("10.").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(registrant, name)| {
        let digits = registrant.split('.');
        let mut digits =
            digits.map(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        let is_registrant = registrant.len() >= 4 && digits.all(|is_number| is_number);
        let is_plain = |ch: char| !ch.is_whitespace() && !ch.is_control();
        is_registrant
            && !name.is_empty()
            && name.chars().all(is_plain)
            && !name.ends_with(['.', ','])
    })
}

/// The DOI in an address or behind a label.
pub(crate) fn bare(text: &str) -> Option<&str> {
    let found = text.get(text.find("10.")?..)?.trim_end_matches(['.', ',']).trim();
    is_doi(found).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dois_are_told_from_what_is_none() {
        for doi in ["10.1145/1294261.1294281", "10.1002/(SICI)1097-024X", "10.1000.10/x"] {
            assert!(is_doi(doi), "{doi}");
        }
        for text in ["", "10.1145", "10.1145/", "1145/1", "10.11/x", "10.1145/a b", "10.1145/a."] {
            assert!(!is_doi(text), "{text}");
        }
        assert_eq!(bare("https://doi.org/10.1145/1.2"), Some("10.1145/1.2"));
        assert_eq!(bare("doi:10.1145/1.2."), Some("10.1145/1.2"));
        assert_eq!(bare("ä"), None);
    }
}
