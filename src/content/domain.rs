//! Domains as people read them: those of other scripts in their own script. The identity of a
//! provider stays the form in ASCII (`xn--…`, <https://www.rfc-editor.org/rfc/rfc5891>).

/// What a domain is called on pages. One that could be taken for another is shown in ASCII.
pub fn shown(domain: &str) -> String {
    if !domain.contains("xn--") {
        return domain.to_owned();
    }
    let (name, valid) = idna::domain_to_unicode(domain);
    let is_clear = valid.is_ok() && name.split('.').all(is_clear);
    if is_clear { name } else { domain.to_owned() }
}

/// Letters that a label of a domain may have together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    /// Chinese, Japanese, Korean: names there have Latin letters, too.
    EastAsian,
    /// Another one, by the start of its block.
    Other(u32),
}

/// Whether a label is in one script, and is no name in Latin letters to the eye. The rules are
/// those of browsers, without their exceptions
/// (<https://www.unicode.org/reports/tr39/#Restriction_Level_Detection>).
fn is_clear(label: &str) -> bool {
    /// Cyrillic and Greek letters that look like Latin ones.
    const ALIKE: &str = "асԁеһіјӏорԛѕԝхуьъпгѵѡҽαγηικνορτυχω";
    if label.is_ascii() {
        return true;
    }
    let letters = label.chars().filter(|c| !c.is_ascii_digit() && *c != '-');
    let scripts: Option<Vec<Script>> = letters.clone().map(script).collect();
    let Some(scripts) = scripts else {
        return false;
    };
    let others = scripts.iter().filter(|script| **script != Script::Latin);
    let first = others.clone().next().copied();
    let is_one = others.clone().all(|script| Some(*script) == first);
    match first {
        None => true,
        Some(Script::EastAsian) => is_one,
        Some(Script::Cyrillic | Script::Greek) => {
            let has_own = letters.clone().any(|c| !ALIKE.contains(c));
            is_one && !scripts.contains(&Script::Latin) && has_own
        }
        Some(_) => is_one && !scripts.contains(&Script::Latin),
    }
}

fn script(c: char) -> Option<Script> {
    Some(match c {
        'a'..='z' => Script::Latin,
        // Dotless i and kra are taken for i and k.
        'ı' | 'ĸ' => return None,
        '\u{df}'..='\u{17f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' => Script::Greek,
        '\u{400}'..='\u{4ff}' => Script::Cyrillic,
        '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' => Script::EastAsian,
        '\u{ac00}'..='\u{d7a3}' => Script::EastAsian,
        '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{6ff}' => Script::Other(c as u32 & !0xff),
        // The scripts of India, Sri Lanka, Thailand, Laos: 128 characters each.
        '\u{900}'..='\u{eff}' => Script::Other(c as u32 & !0x7f),
        '\u{10d0}'..='\u{10ff}' => Script::Other(0x10a0),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_shown_in_their_script() {
        for (domain, name) in [
            ("example.com", "example.com"),
            ("xn--bcher-kva.example", "bücher.example"),
            ("xn--fiqs8s.xn--fiqz9s", "中国.中國"),
            ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
            ("xn--mgbh0fb.example", "مثال.example"),
        ] {
            assert_eq!(shown(domain), name);
        }
    }

    #[test]
    fn what_could_be_another_domain_stays_in_ascii() {
        for name in [
            "аррӏе.com",
            "gооgle.com",
            "bаnk.example",
            "paypaı.com",
            "ορτν.example",
            "中а.example",
        ] {
            let domain = idna::domain_to_ascii(name).unwrap();
            assert!(domain.contains("xn--"), "{name}");
            assert_eq!(shown(&domain), domain, "{name}");
        }
        assert_eq!(shown("xn--a.example"), "xn--a.example");
    }
}
