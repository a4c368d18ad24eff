use super::{Path, Root, Segment};
use crate::data::Data;

/// Where the roots of paths come from while a state runs.
pub trait Roots {
    /// The value of `root`; `None` for a variable that was never assigned.
    fn root(&self, root: &Root) -> Option<Data>;
}

/// A definite path leads nowhere. The message is the one that AWS shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotFound(pub String);

impl Path {
    /// What the path selects: the value at a definite path, else the array of all matches.
    ///
    /// # Errors
    /// [`NotFound`] where a definite path has nothing.
    pub fn select(&self, roots: &dyn Roots) -> Result<Data, NotFound> {
        let Some(root) = roots.root(&self.root) else {
            return Err(self.no_results());
        };
        if self.is_definite() {
            return self.select_one(&root);
        }
        Ok(self.select_many(&root, roots))
    }

    fn select_one(&self, root: &Data) -> Result<Data, NotFound> {
        let mut current = root;
        let mut rest = self.segments.as_slice();
        while let [segment, after @ ..] = rest {
            if let Segment::Function(function) = segment {
                return function.apply(current).ok_or_else(|| self.no_results());
            }
            match step(current, segment) {
                Some(next) => current = next,
                None if after.is_empty() => return Err(self.no_results()),
                None => return Err(self.missing_before(after.len(), current)),
            }
            rest = after;
        }
        Ok(current.clone())
    }

    fn no_results(&self) -> NotFound {
        NotFound(format!("No results for path: {self}"))
    }

    /// The path breaks off before its last `left` segments.
    fn missing_before(&self, left: usize, found: &Data) -> NotFound {
        let reached = self.segments.len().saturating_sub(left);
        let mut shown = self.root.to_string();
        for segment in self.segments.iter().take(reached) {
            shown.push_str(&segment.to_string());
        }
        match found {
            Data::Object(_) => NotFound(format!("Missing property in path {shown}")),
            _ => self.no_results(),
        }
    }

    fn select_many(&self, root: &Data, roots: &dyn Roots) -> Data {
        let mut selected = vec![root.clone()];
        for segment in &self.segments {
            let mut next = Vec::new();
            for data in &selected {
                expand(data, segment, roots, &mut next);
            }
            selected = next;
        }
        Data::array(selected)
    }

    /// Whether the path selects anything from `item` (or from a root).
    pub(super) fn select_from(&self, item: &Data, roots: &dyn Roots) -> Option<Data> {
        match self.root {
            Root::Item if self.is_definite() => self.select_one(item).ok(),
            Root::Item => Some(self.select_many(item, roots)),
            _ => self.select(roots).ok(),
        }
    }
}

/// One definite step.
fn step<'d>(data: &'d Data, segment: &Segment) -> Option<&'d Data> {
    match segment {
        Segment::Names(names) => data.get(names.first()?),
        Segment::Indexes(indexes) => item(data, *indexes.first()?),
        _ => None,
    }
}

fn item(data: &Data, index: i64) -> Option<&Data> {
    let items = data.as_array()?;
    items.get(position(index, items.len())?)
}

/// An index as a position from the start, where negative ones count from the end.
fn position(index: i64, length: usize) -> Option<usize> {
    match usize::try_from(index) {
        Ok(index) => Some(index),
        Err(_) => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?),
    }
}

fn expand(data: &Data, segment: &Segment, roots: &dyn Roots, out: &mut Vec<Data>) {
    match segment {
        Segment::Names(names) => expand_names(data, names, out),
        Segment::Indexes(indexes) => {
            out.extend(
                indexes
                    .iter()
                    .filter_map(|index| item(data, *index))
                    .cloned(),
            );
        }
        Segment::Slice(from, to) => out.extend_from_slice(slice(data, *from, *to)),
        Segment::Wildcard => children(data).for_each(|child| out.push(child.clone())),
        Segment::Descendants => descend(data, out),
        Segment::Filter(filter) => match data {
            Data::Array(items) => {
                out.extend(items.iter().filter(|i| filter.accepts(i, roots)).cloned());
            }
            _ if filter.accepts(data, roots) => out.push(data.clone()),
            _ => {}
        },
        Segment::Function(function) => out.extend(function.apply(data)),
    }
}

/// Several names select an object of those members, as Jayway does.
fn expand_names(data: &Data, names: &[Box<str>], out: &mut Vec<Data>) {
    if let [name] = names {
        return out.extend(data.get(name).cloned());
    }
    if data.as_object().is_some() {
        let members = names
            .iter()
            .filter_map(|name| Some((&**name, data.get(name)?.clone())));
        out.push(Data::object(members));
    }
}

fn slice(data: &Data, from: Option<i64>, to: Option<i64>) -> &[Data] {
    let Some(items) = data.as_array() else {
        return &[];
    };
    let bound = |index: i64| position(index, items.len()).unwrap_or(0).min(items.len());
    let from = from.map_or(0, bound);
    let to = to.map_or(items.len(), bound);
    items.get(from..to).unwrap_or_default()
}

fn children(data: &Data) -> Box<dyn Iterator<Item = &Data> + '_> {
    match data {
        Data::Array(items) => Box::new(items.iter()),
        Data::Object(members) => Box::new(members.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn descend(data: &Data, out: &mut Vec<Data>) {
    out.push(data.clone());
    children(data).for_each(|child| descend(child, out));
}
