//! From a parser's events to a tree.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, Tag};

use super::super::{Comment, Member, Name, Node, Span, Syntax, SyntaxError, Tree};
use super::{scalar, tag};

/// Aliases may add that many nodes in all: a definition that needs more is an attack.
const MAX_ALIASED: usize = 100_000;

/// Collections may be nested that deep, aliases included, as in JSON.
const MAX_DEPTH: usize = 192;

/// Reads a text as YAML. Of several documents only the first counts.
pub fn parse(source: &str) -> Tree<'_> {
    let mut builder = Builder::new(source);
    for event in Parser::new_from_str_with_options(source, options()) {
        match event {
            Ok((Event::DocumentEnd, _)) => break,
            Ok((event, span)) => builder.event(event, place(&span)),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(source.len());
                builder.syntax_error(at, &error.to_string());
                break;
            }
        }
        if builder.stopped {
            break;
        }
    }
    builder.finish()
}

fn options() -> Options {
    granit_parser::options! { emit_unresolved_aliases: true, flow_nesting_limit: MAX_DEPTH, block_nesting_limit: MAX_DEPTH }
}

fn place(span: &granit_parser::Span) -> Span {
    let range = span.byte_range().unwrap_or_default();
    Span::new(range.start, range.end)
}

/// A collection that is being read.
struct Open<'s> {
    node: Node<'s>,
    /// The name that waits for its value.
    name: Option<Name<'s>>,
    tag: Option<(String, Span)>,
    anchor: usize,
}

struct Builder<'s> {
    source: &'s str,
    open: Vec<Open<'s>>,
    root: Option<Node<'s>>,
    anchors: HashMap<usize, (Node<'s>, usize)>,
    aliased: usize,
    errors: Vec<SyntaxError>,
    comments: Vec<Comment<'s>>,
    stopped: bool,
}

impl<'s> Builder<'s> {
    fn new(source: &'s str) -> Self {
        Self {
            source,
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            aliased: 0,
            errors: Vec::new(),
            comments: Vec::new(),
            stopped: false,
        }
    }

    fn event(&mut self, event: Event<'s>, span: Span) {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref().map(|tag| (suffix(tag), span));
                self.scalar(text, style, anchor, tag, span);
            }
            Event::MappingStart(_, anchor, tag) => {
                self.open(Syntax::Object(Vec::new()), span, anchor, tag.as_deref());
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.open(Syntax::Array(Vec::new()), span, anchor, tag.as_deref());
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                self.error(span, format!("no anchor is called `&{name}`"));
                self.add(Node {
                    syntax: Syntax::Invalid,
                    span,
                });
            }
            Event::Comment(..) => {
                let text = span.text(self.source).trim_start_matches('#');
                self.comments.push(Comment { span, text });
            }
            _ => {}
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'s, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<(String, Span)>,
        span: Span,
    ) {
        let wants_text = tag.as_ref().is_some_and(|(tag, _)| tag == "str");
        let plain = style == ScalarStyle::Plain && !wants_text;
        let span = self.trimmed(span);
        let syntax = if plain {
            scalar::plain(text)
        } else {
            Syntax::String(text)
        };
        let node = Node { syntax, span };
        let node = tag::long_form(tag.as_ref().map(|(tag, span)| (tag.as_str(), *span)), node);
        self.remember(anchor, &node);
        self.add(node);
    }

    /// The place without the line breaks that end a block.
    fn trimmed(&self, span: Span) -> Span {
        Span::new(
            span.start,
            span.start + span.text(self.source).trim_end().len(),
        )
    }

    fn open(&mut self, syntax: Syntax<'s>, span: Span, anchor: usize, tag: Option<&Tag>) {
        let tag = tag.map(|tag| (suffix(tag), span));
        self.open.push(Open {
            node: Node { syntax, span },
            name: None,
            tag,
            anchor,
        });
    }

    fn close(&mut self, span: Span) {
        let Some(mut open) = self.open.pop() else {
            return;
        };
        open.node.span = self.extent(&open.node, span);
        let tag = open.tag.as_ref().map(|(tag, span)| (tag.as_str(), *span));
        let node = tag::long_form(tag, open.node);
        self.remember(open.anchor, &node);
        self.add(node);
    }

    /// From the collection's start to the end of its last value, or its closing bracket.
    fn extent(&self, node: &Node<'s>, end: Span) -> Span {
        let last = match &node.syntax {
            Syntax::Object(members) => members.last().map(|member| member.value.span),
            Syntax::Array(items) => items.last().map(|item| item.span),
            _ => None,
        };
        let flow = matches!(
            self.source.as_bytes().get(node.span.start),
            Some(b'{' | b'[')
        );
        match last {
            Some(last) if !flow => node.span.to(last),
            _ => node.span.to(end),
        }
    }

    fn remember(&mut self, anchor: usize, node: &Node<'s>) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size(node)));
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let target = self
            .anchors
            .get(&anchor)
            .map(|(node, size)| (node.clone(), *size));
        let Some((mut node, size)) = target else {
            self.error(span, "an alias inside its own anchor".to_owned());
            return self.add(Node {
                syntax: Syntax::Invalid,
                span,
            });
        };
        self.aliased += size;
        if self.aliased > MAX_ALIASED || self.open.len() + depth(&node) > MAX_DEPTH {
            self.error(span, "aliases blow the document up".to_owned());
            self.stopped = true;
            return;
        }
        node.span = span;
        self.add(node);
    }

    /// Puts a finished value where it belongs.
    fn add(&mut self, node: Node<'s>) {
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        match &mut open.node.syntax {
            Syntax::Array(items) => items.push(node),
            Syntax::Object(members) => match open.name.take() {
                None => open.name = Some(name_of(node, self.source)),
                Some(name) => merge(members, name, node),
            },
            _ => {}
        }
    }

    fn syntax_error(&mut self, at: usize, message: &str) {
        let first = message.lines().next().unwrap_or_default();
        let end = at
            + self
                .source
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
        self.error(Span::new(at, end), lower(first));
        self.stopped = true;
    }

    fn error(&mut self, span: Span, message: String) {
        self.errors.push(SyntaxError {
            span,
            message,
            help: "",
            fix: None,
        });
    }

    /// Closes what an error left open, so that its readable part is checked too.
    fn finish(mut self) -> Tree<'s> {
        let end = Span::at(self.source.len());
        while !self.open.is_empty() {
            if let Some(open) = self.open.last_mut() {
                open.name = None;
            }
            self.close(end);
        }
        let root = self.root.unwrap_or(Node {
            syntax: Syntax::Null,
            span: Span::new(0, end.end),
        });
        Tree {
            root,
            errors: self.errors,
            comments: self.comments,
        }
    }
}

/// Adds a member. `<<` merges another mapping in, whose fields do not replace the mapping's own.
fn merge<'s>(members: &mut Vec<Member<'s>>, name: Name<'s>, value: Node<'s>) {
    let merged = name.text == "<<" && value.is_object();
    if !merged {
        members.push(Member { name, value });
        return;
    }
    for member in value.members() {
        if members.iter().all(|own| own.name.text != member.name.text) {
            let name = Name {
                text: member.name.text.clone(),
                span: name.span,
            };
            members.push(Member {
                name,
                value: member.value.clone(),
            });
        }
    }
}

/// A key as a name. Keys that are no scalars are taken as they are written.
fn name_of<'s>(node: Node<'s>, source: &'s str) -> Name<'s> {
    let span = node.span;
    let text = match node.syntax {
        Syntax::String(text) => text,
        _ => Cow::Borrowed(span.text(source)),
    };
    Name { text, span }
}

fn suffix(tag: &Tag) -> String {
    let shown = tag.to_string();
    let name = shown.rsplit(['!', ':', '>']).find(|part| !part.is_empty());
    name.unwrap_or_default().to_owned()
}

fn size(node: &Node<'_>) -> usize {
    let members = node.members().iter().map(|member| size(&member.value));
    1 + members.chain(node.items().iter().map(size)).sum::<usize>()
}

fn depth(node: &Node<'_>) -> usize {
    let members = node.members().iter().map(|member| depth(&member.value));
    1 + members
        .chain(node.items().iter().map(depth))
        .max()
        .unwrap_or(0)
}

fn lower(message: &str) -> String {
    let mut characters = message.chars();
    characters
        .next()
        .map(char::to_lowercase)
        .into_iter()
        .flatten()
        .chain(characters)
        .collect()
}
