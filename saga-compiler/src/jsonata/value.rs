//! An expression as JSONata text.
//!
//! Two facts of JSONata shape it. A field of what is not there, or of null, is undefined, and what
//! is undefined as a whole fails the state: so [`Writer::value`] guards what may be absent. And a
//! list constructor flattens the lists among its items: so items that may be lists are wrapped.

use saga_manifest::expr::{Expr, ObjectField, PickedField, Presence};

use super::scope::Reading;
use super::{Scope, Term, literal};

/// The expression as text whose value is defined, but for required data that is missing after all.
pub(crate) fn value(expr: &Expr, scope: Scope<'_>) -> Term {
    Writer::new(scope).value(expr)
}

/// The expression as text for a condition that looks at it: undefined where it is absent, which makes
/// it neither of any type nor present.
pub(super) fn looked_at(expr: &Expr, scope: Scope<'_>) -> Term {
    Writer::new(scope).object_of_path(expr)
}

/// The expression's JSON text.
pub(crate) fn json_text(expr: &Expr, scope: Scope<'_>) -> Term {
    let value = value(expr, scope);
    match expr {
        Expr::Object(_) | Expr::Pick { .. } | Expr::List(_) => Term::call("$string", &value),
        _ => json_text_of(&value),
    }
}

/// The JSON text of a term of any type. `$string` leaves a string as it is, without quotes; inside an
/// object it quotes it.
pub(crate) fn json_text_of(term: &Term) -> Term {
    let boxed = Term::call("$string", &Term::object([("v", term.clone())]));
    Term::primary(format!(
        "($text := {boxed}; $substring($text, 5, $length($text) - 6))"
    ))
}

/// Whether the expression may be null or absent when it runs. A field that is there may be null.
pub(crate) fn may_be_null(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(value) => value.is_null(),
        Expr::Output(_)
        | Expr::MaybeOutput(_)
        | Expr::Item(_)
        | Expr::Element { .. }
        | Expr::Field { .. } => true,
        Expr::Input
        | Expr::SagaId
        | Expr::ItemIndex(_)
        | Expr::Pick { .. }
        | Expr::Object(_)
        | Expr::List(_) => false,
        Expr::IfPresent {
            then, otherwise, ..
        } => may_be_null(then) || may_be_null(otherwise),
    }
}

/// Writes expressions, knowing what is there.
struct Writer<'e, 'a> {
    scope: Scope<'a>,
    /// What the conditions around the place have found to be there.
    present: Vec<&'e Expr>,
}

impl<'e, 'a> Writer<'e, 'a> {
    fn new(scope: Scope<'a>) -> Self {
        Self {
            scope,
            present: Vec::new(),
        }
    }

    /// Text whose value is defined.
    fn value(&mut self, expr: &'e Expr) -> Term {
        match expr {
            Expr::Literal(value) => Term::primary(literal::constant(value)),
            Expr::Field { of, presence, .. } => {
                let path = self.path(expr);
                // What is there may be the default of a field that is not.
                let defaults = matches!(presence, Presence::Default(_));
                if self.present.contains(&expr) && !defaults {
                    return path;
                }
                self.read(path, presence, self.may_lack_fields(of))
            }
            Expr::IfPresent {
                value,
                then,
                otherwise,
            } => self.if_present(value, then, otherwise),
            Expr::Pick { of, fields } => self.pick(of, fields),
            Expr::Object(fields) => self.object(fields),
            Expr::List(items) => self.list(items),
            Expr::Element { of, .. } => {
                let path = self.path(expr);
                self.read(path, &Presence::Required, self.may_lack_fields(of))
            }
            Expr::Input
            | Expr::SagaId
            | Expr::Output(_)
            | Expr::MaybeOutput(_)
            | Expr::Item(_)
            | Expr::ItemIndex(_) => self.root(expr),
        }
    }

    /// Text that may be undefined where [`Writer::value`] is null: the start of a longer path, or
    /// what a condition looks at.
    fn path(&mut self, expr: &'e Expr) -> Term {
        match expr {
            Expr::Input => Scope::input(),
            Expr::Field { of, name, .. } => self.object_of_path(of).field(name),
            Expr::Element { of, index } => self.object_of_path(of).element(*index),
            _ => self.value(expr),
        }
    }

    /// The start of a path: an object that is absent reads as its default, if it has one.
    fn object_of_path(&mut self, expr: &'e Expr) -> Term {
        match expr {
            Expr::Field {
                presence: Presence::Default(_),
                ..
            } => self.value(expr),
            _ => self.path(expr),
        }
    }

    fn root(&self, expr: &Expr) -> Term {
        match expr {
            Expr::SagaId => self.scope.saga_id(),
            Expr::Output(step) | Expr::MaybeOutput(step) => self.scope.output(step),
            Expr::Item(map) => self.scope.item(map),
            Expr::ItemIndex(map) => self.scope.item_index(map),
            _ => self.scope.whole_input(),
        }
    }

    /// A read of a field at that path. `lacking`: its object may have no fields at all.
    fn read(&self, path: Term, presence: &Presence, lacking: bool) -> Term {
        match (presence, self.scope.reading()) {
            (Presence::Default(value), _) => path.or(&Term::primary(literal::constant(value))),
            (_, Reading::Loose) => path,
            (Presence::Required, Reading::Strict) if !lacking => path,
            _ => path.or(&Term::null()),
        }
    }

    /// Whether a required field of it may be absent, since its type allows the whole to be.
    fn may_lack_fields(&self, expr: &Expr) -> bool {
        if self.present.contains(&expr) {
            return false;
        }
        match expr {
            Expr::Literal(value) => !value.is_object(),
            Expr::MaybeOutput(_) => true,
            Expr::Element { of, .. } => self.may_lack_fields(of),
            Expr::Field { of, presence, .. } => match presence {
                Presence::Required => self.may_lack_fields(of),
                Presence::Optional => true,
                Presence::Default(value) => !value.is_object(),
            },
            Expr::IfPresent {
                then, otherwise, ..
            } => self.may_lack_fields(then) || self.may_lack_fields(otherwise),
            Expr::Input
            | Expr::SagaId
            | Expr::Output(_)
            | Expr::Item(_)
            | Expr::ItemIndex(_)
            | Expr::Pick { .. }
            | Expr::Object(_)
            | Expr::List(_) => false,
        }
    }

    fn if_present(&mut self, value: &'e Expr, then: &'e Expr, otherwise: &'e Expr) -> Term {
        let condition = self.object_of_path(value).is_present();
        let then = self.value_given(value, then);
        Term::conditional(&condition, &then, &self.value(otherwise))
    }

    /// The expression where another one is known to be there.
    fn value_given(&mut self, present: &'e Expr, expr: &'e Expr) -> Term {
        self.present.push(present);
        let value = self.value(expr);
        self.present.pop();
        value
    }

    fn pick(&mut self, of: &'e Expr, fields: &'e [PickedField]) -> Term {
        let object = self.object_of_path(of);
        let lacking = self.may_lack_fields(of);
        Term::object(fields.iter().map(|PickedField { name, presence }| {
            (
                name.as_str(),
                self.read(object.field(name), presence, lacking),
            )
        }))
    }

    fn object(&mut self, fields: &'e [ObjectField]) -> Term {
        let fields: Vec<_> = fields
            .iter()
            .map(|field| {
                let value = match &field.value {
                    value if field.skip_null && may_be_null(value) => self.unless_null(value),
                    value => self.value(value),
                };
                (field.name.as_str(), value)
            })
            .collect();
        Term::object(fields)
    }

    /// The value, or undefined: an object constructor leaves out what is undefined.
    fn unless_null(&mut self, expr: &'e Expr) -> Term {
        let condition = self.object_of_path(expr).is_present();
        Term::only_if(&condition, &self.value_given(expr, expr))
    }

    fn list(&mut self, items: &'e [Expr]) -> Term {
        let items: Vec<_> = items
            .iter()
            .map(|item| {
                let value = self.value(item);
                if may_be_list(item) {
                    value.bind(kept_whole).to_string()
                } else {
                    value.to_string()
                }
            })
            .collect();
        Term::primary(format!("[{}]", items.join(", ")))
    }
}

/// A term as one item of a list constructor, be it a list itself. The constructor takes a list's items
/// out once, but for a list that is itself written with brackets.
pub(super) fn kept_whole(item: &Term) -> Term {
    let list = Term::call("$type", item).operator("=", &Term::string("array"));
    let conditional = Term::conditional(&list, &Term::primary(format!("[[{item}]]")), item);
    Term::primary(format!("({conditional})"))
}

/// The list of a term's items, each as a term of that item's says. Brackets would flatten a list of
/// lists.
pub(crate) fn listed(list: &str, item: &str, term: impl FnOnce(&Term) -> Term) -> Term {
    let value = term(&Term::path(item)).bind(kept_whole);
    Term::primary(format!(
        "$reduce({list}, function($list, {item}) {{ $append($list, {value}) }}, [])"
    ))
}

/// Whether the value may be a list that is not written as one where it stands.
fn may_be_list(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_)
        | Expr::SagaId
        | Expr::ItemIndex(_)
        | Expr::Pick { .. }
        | Expr::Object(_)
        | Expr::List(_) => false,
        Expr::Input
        | Expr::Output(_)
        | Expr::MaybeOutput(_)
        | Expr::Item(_)
        | Expr::Element { .. }
        | Expr::Field { .. }
        | Expr::IfPresent { .. } => true,
    }
}
