//! The question whether the list of a map is one, and not too long.

use saga_manifest::flow::Map;

use crate::jsonata::{Scope, Term, value};

/// What the state is for.
pub(super) const ABOUT: &str =
    "What is no list, or a longer one than was agreed, is refused as a whole.";

/// The error of a list that is too long.
const TOO_MANY: &str = "SagaTooManyItems";

/// The error of what is no list.
const NO_LIST: &str = "SagaNoList";

/// Whether a map's list is none, or too long.
pub(super) fn does_not_fit(map: &Map, scope: Scope<'_>) -> Term {
    of_items(map, scope, |count| {
        let most = Term::primary(map.at_most.to_string());
        [count.operator(">", &most), Term::primary("true")]
    })
}

/// The failure of a list that is none, or too long.
pub(super) fn failure(map: &Map, scope: Scope<'_>) -> Term {
    let step = || ("step", Term::string(&map.name));
    of_items(map, scope, |count| {
        let text = format!(" items; `{}` takes {} at most", map.name, map.at_most);
        let told = Term::string("the list has ").operator("&", &Term::call("$string", count));
        let long = Term::primary(format!("({told})")).operator("&", &Term::string(&text));
        let none = format!("the value is no list; `{}` takes one", map.name);
        [(TOO_MANY, long), (NO_LIST, Term::string(&none))].map(|(error, cause)| {
            Term::object([step(), ("error", Term::string(error)), ("cause", cause)])
        })
    })
}

/// A map's list, or null where it does not fit: no map takes that.
pub(super) fn fitting(map: &Map, scope: Scope<'_>) -> Term {
    of_items(map, scope, |count| {
        let most = Term::primary(map.at_most.to_string());
        let list = Term::conditional(
            &count.operator("<=", &most),
            &Term::path("$items"),
            &Term::null(),
        );
        [Term::primary(format!("({list})")), Term::null()]
    })
}

/// A term of the count of the items, or another one where there is no list.
fn of_items(map: &Map, scope: Scope<'_>, body: impl FnOnce(&Term) -> [Term; 2]) -> Term {
    let items = Term::path("$items");
    let [of_list, of_other] = body(&Term::call("$count", &items));
    let is_list = Term::call("$type", &items).operator("=", &Term::string("array"));
    let body = Term::conditional(&is_list, &of_list, &of_other);
    Term::function(["$items"], &body).applied([value::value(&map.items, scope.guarded())])
}
