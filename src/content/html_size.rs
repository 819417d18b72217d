//! How much a text of HTML becomes when it is parsed, found out before anything is made of it.
//!
//! What an element costs depends on all that stands before it: formatting elements that nobody
//! closes are opened again in each paragraph
//! (<https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements>), so that 87 kB can
//! become 24 million elements. No count of tags shows that; only the rules of the parser do. So
//! where a text is not small anyway, the parser runs over it once with a [`TreeSink`] that makes no
//! tree but counts, a piece at a time, and is stopped where a budget ends.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, local_name, ns, parse_fragment};

use super::budget::{self, TooMuch};

/// Bounds HTML that is about to be sanitised.
///
/// # Errors
/// The first budget that it breaks.
pub(super) fn bound(html: &str) -> Result<(), TooMuch> {
    let counts = Counts::of(html);
    if counts.entities > budget::ENTITIES {
        return Err(TooMuch::Entities);
    }
    if counts.is_small(html.len()) {
        return Ok(());
    }
    measure(html)
}

/// What can be counted without parsing; no less than the parser will find.
struct Counts {
    tags: usize,
    /// Start tags of elements that the parser may open again.
    formatting: usize,
    entities: usize,
    /// Bytes of which each begins, or may begin, what is escaped.
    escapes: usize,
}

impl Counts {
    fn of(html: &str) -> Counts {
        let mut counts = Counts {
            tags: 0,
            formatting: 0,
            entities: 0,
            escapes: 0,
        };
        let bytes = html.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'<' => {
                    counts.tags += 1;
                    counts.formatting += usize::from(is_formatting(&bytes[at + 1..]));
                }
                b'&' => counts.entities += 1,
                _ => {}
            }
            counts.escapes += usize::from(is_escape(*byte));
        }
        counts
    }

    /// Whether a text of `length` bytes with these counts cannot become much, whatever it says.
    fn is_small(&self, length: usize) -> bool {
        self.tags <= budget::HTML_DEPTH / 2
            && (self.tags + 1) * (self.formatting + 1) <= budget::HTML_NODES / 5
            && product(self.escapes, length) <= budget::HTML_ESCAPES
            && length <= 2 * budget::HTML_ATTRIBUTES
    }
}

fn product(one: usize, other: usize) -> u64 {
    one as u64 * other as u64
}

/// Whether the serialiser stops at a byte: at `&`, and at the first byte of a no-break space.
fn is_escape(byte: u8) -> bool {
    matches!(byte, b'&' | 0xc2)
}

/// Whether a tag may be that of a formatting element
/// (<https://html.spec.whatwg.org/#formatting>); `tag` starts at its name.
fn is_formatting(tag: &[u8]) -> bool {
    const NAMES: [&[u8]; 14] = [
        b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike",
        b"strong", b"tt", b"u",
    ];
    let length = tag
        .iter()
        .take(7)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    NAMES
        .iter()
        .any(|name| name.eq_ignore_ascii_case(&tag[..length]))
}

/// Bytes that the parser gets at a time: what it makes of them is looked at in between.
const PIECE: usize = 64;

fn measure(html: &str) -> Result<(), TooMuch> {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let tally = Rc::new(Tally::default());
    let sink = Counter {
        tally: Rc::clone(&tally),
        document: Node::nameless(),
    };
    let mut parser = parse_fragment(sink, ParseOpts::default(), context, Vec::new(), false);
    let mut rest = html;
    // What may separate attributes since the parser last made something of what it got.
    let mut separators = 0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = after;
        let additions = tally.additions.get();
        parser.process(StrTendril::from_slice(piece));
        if let Some(too_much) = tally.too_much.get() {
            return Err(too_much);
        }
        separators = match tally.additions.get() == additions {
            true => separators + piece.bytes().filter(|byte| is_separator(*byte)).count(),
            false => 0,
        };
        if separators > budget::HTML_ATTRIBUTES {
            return Err(TooMuch::Attributes);
        }
    }
    Ok(())
}

fn is_separator(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'')
}

/// What the parser has done so far.
#[derive(Default)]
struct Tally {
    nodes: Cell<usize>,
    /// Steps through elements that are open, or move.
    steps: Cell<usize>,
    /// Bytes that the serialiser will search for what it escapes.
    searched: Cell<u64>,
    /// How often the tree was added to.
    additions: Cell<usize>,
    too_much: Cell<Option<TooMuch>>,
}

impl Tally {
    fn count(&self, counter: &Cell<usize>, more: usize, most: usize, too_much: TooMuch) {
        counter.set(counter.get() + more);
        if counter.get() > most {
            self.too_much.set(Some(too_much));
        }
    }

    fn node(&self) {
        self.count(&self.nodes, 1, budget::HTML_NODES, TooMuch::Reopened);
    }

    fn steps(&self, steps: usize) {
        self.count(&self.steps, steps, budget::HTML_STEPS, TooMuch::Nesting);
    }

    fn searched(&self, bytes: u64) {
        self.searched.set(self.searched.get() + bytes);
        if self.searched.get() > budget::HTML_ESCAPES {
            self.too_much.set(Some(TooMuch::Entities));
        }
    }

    fn addition(&self) {
        self.additions.set(self.additions.get() + 1);
    }
}

/// A stretch of text that a tree would hold as one.
#[derive(Clone, Copy, Default)]
struct Stretch {
    bytes: usize,
    escapes: usize,
}

impl Stretch {
    fn and(self, text: &str) -> Stretch {
        let escapes = text.bytes().filter(|byte| is_escape(*byte)).count();
        Stretch {
            bytes: self.bytes + text.len(),
            escapes: self.escapes + escapes,
        }
    }

    /// Bytes that are searched to escape it, or twice as many.
    fn searched(self) -> u64 {
        product(self.bytes, self.escapes)
    }
}

/// A node of a tree that has names and parents, and of texts their lengths.
struct Node {
    name: QualName,
    /// The text at the end of its children.
    last_text: Cell<Stretch>,
    parent: RefCell<Option<Rc<Node>>>,
    /// Also such as have another parent by now.
    children: RefCell<Vec<Weak<Node>>>,
}

impl Node {
    fn new(name: QualName) -> Rc<Node> {
        Rc::new(Node {
            name,
            last_text: Cell::default(),
            parent: RefCell::default(),
            children: RefCell::default(),
        })
    }

    fn nameless() -> Rc<Node> {
        Node::new(QualName::new(None, ns!(), local_name!("")))
    }

    fn is_child_of(&self, parent: &Rc<Node>) -> bool {
        self.parent
            .borrow()
            .as_ref()
            .is_some_and(|own| Rc::ptr_eq(own, parent))
    }

    fn parent(&self) -> Option<Rc<Node>> {
        self.parent.borrow().clone()
    }
}

/// Counts instead of making a tree. It knows of each element what the parser asks for, and where it
/// stands, for the depth.
struct Counter {
    tally: Rc<Tally>,
    document: Rc<Node>,
}

impl Counter {
    fn put(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.tally.addition();
        let before = parent.last_text.take();
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => {
                let stretch = before.and(&text);
                self.tally.searched(stretch.searched() - before.searched());
                parent.last_text.set(stretch);
                return;
            }
        };
        *child.parent.borrow_mut() = Some(Rc::clone(parent));
        parent.children.borrow_mut().push(Rc::downgrade(&child));
        let mut depth = 0;
        let mut above = Some(Rc::clone(parent));
        while let Some(node) = above {
            depth += 1;
            above = node.parent();
        }
        if depth > budget::HTML_DEPTH {
            self.tally.too_much.set(Some(TooMuch::Nesting));
        }
    }
}

impl TreeSink for Counter {
    type Handle = Rc<Node>;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Node> {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> ExpandedName<'a> {
        self.tally.steps(1);
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, own: Vec<Attribute>, _: ElementFlags) -> Rc<Node> {
        self.tally.node();
        for attribute in &own {
            let value = Stretch::default().and(&attribute.value);
            self.tally.searched(value.searched());
        }
        Node::new(name)
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        self.tally.node();
        Node::nameless()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        self.tally.node();
        Node::nameless()
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.put(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Rc<Node>,
        previous: &Rc<Node>,
        child: NodeOrText<Rc<Node>>,
    ) {
        match element.parent() {
            Some(parent) => self.put(&parent, child),
            None => self.put(previous, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        Rc::clone(target)
    }

    fn same_node(&self, x: &Rc<Node>, y: &Rc<Node>) -> bool {
        self.tally.steps(1);
        Rc::ptr_eq(x, y)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Rc<Node>, new: NodeOrText<Rc<Node>>) {
        if let Some(parent) = sibling.parent() {
            // A tree has to look for the sibling.
            self.tally.steps(parent.children.borrow().len());
            self.put(&parent, new);
        }
    }

    fn add_attrs_if_missing(&self, _: &Rc<Node>, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Rc<Node>) {
        if let Some(parent) = target.parent.take() {
            self.tally.steps(parent.children.borrow().len());
        }
    }

    fn reparent_children(&self, node: &Rc<Node>, new_parent: &Rc<Node>) {
        let children = node.children.take();
        self.tally.steps(children.len());
        for child in children.iter().filter_map(Weak::upgrade) {
            if child.is_child_of(node) {
                *child.parent.borrow_mut() = Some(Rc::clone(new_parent));
                new_parent.children.borrow_mut().push(Rc::downgrade(&child));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_html_passes() {
        let article = "<h2>A <em>b</em></h2><p>c <a href=\"/x\">d</a> <b>e</b><br>f &amp; g</p>\
                       <ul><li>h</li><li><code>i</code></li></ul><!-- j -->\
                       <table><tr><td>k</td><td><i>l</i></td></tr></table>";
        for times in [1, 10, 300] {
            assert_eq!(bound(&article.repeat(times)), Ok(()), "{times}");
        }
        let prose = "It's a \"long\" text, with many/some words, and no tags at all. ";
        assert_eq!(bound(&format!("<p>{}</p>", prose.repeat(10_000))), Ok(()));
        let image = format!(
            "<img src=\"data:image/png;base64,{}\">",
            "ab/+".repeat(8_000)
        );
        assert_eq!(bound(&image), Ok(()));
    }

    #[test]
    fn elements_that_are_opened_again_are_counted() {
        let open: String = (0..200).map(|at| format!("<b title={at}>")).collect();
        let paragraphs = "<p>x".repeat(2_000);
        for html in [
            format!("<p>{open}{paragraphs}"),
            // End tags that close none of them.
            format!(
                "<p>{open}<table><td>{}</table>{paragraphs}",
                "</b>".repeat(200)
            ),
            format!("<p>{open}<!--{}-->{paragraphs}", "</b>".repeat(200)),
            format!("<p>{open}<p title=\"{}\">{paragraphs}", "</b>".repeat(200)),
        ] {
            assert_eq!(bound(&html), Err(TooMuch::Reopened), "{}", &html[..200]);
        }
        // These do.
        let closed = format!("<p>{open}{}{paragraphs}", "</b>".repeat(200));
        assert_eq!(bound(&closed), Ok(()));
    }

    #[test]
    fn depth_is_bounded() {
        for unit in [
            "<div>",
            "<b title=x><i>",
            "<ul><li>",
            "<table><tr><td>",
            "<svg>",
            "<a><div>",
        ] {
            let html = unit.repeat(1_000);
            assert_eq!(bound(&html), Err(TooMuch::Nesting), "{unit}");
        }
        let distinct: String = (0..9_000).map(|at| format!("<b title={at}>")).collect();
        assert_eq!(bound(&distinct), Err(TooMuch::Nesting));
        assert_eq!(bound(&format!("{}x", "<div>".repeat(200))), Ok(()));
    }

    #[test]
    fn attributes_are_bounded() {
        let many = |separator: &str| {
            let names: String = (0..50_000).map(|at| format!("a{at}{separator}")).collect();
            bound(&format!("<p {names}>x"))
        };
        for separator in [" ", "\n", "/", "=\"<\"", "='>'"] {
            assert_eq!(many(separator), Err(TooMuch::Attributes), "{separator}");
        }
    }

    #[test]
    fn what_is_escaped_is_bounded_by_the_stretch_it_stands_in() {
        for unit in ["\u{ad}", "«", "©</x>", "a\u{a0}"] {
            let text = unit.repeat(1_000_000 / unit.len());
            assert_eq!(bound(&text), Err(TooMuch::Entities), "{unit}");
        }
        let value = format!("<a title='{}'>x</a>", "\u{ad}".repeat(450_000));
        assert_eq!(bound(&value), Err(TooMuch::Entities));
        let prose = "« Un texte » : 20 °C, et l’on continue longtemps. ";
        assert_eq!(bound(&prose.repeat(10_000)), Ok(()));
        let paragraphs = format!("<p>{}</p>", "\u{ad}".repeat(1_000));
        assert_eq!(bound(&paragraphs.repeat(500)), Ok(()));
    }

    #[test]
    fn entities_are_bounded() {
        assert_eq!(
            bound(&"&".repeat(budget::ENTITIES + 1)),
            Err(TooMuch::Entities)
        );
    }
}
