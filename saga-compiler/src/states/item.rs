//! Map states: items that settle, and the undo of those that were started.

use saga_asl::json::{Value, object};
use saga_asl::model::{
    Dynamic, Fail, ItemProcessor, Map, Pass, ProcessorConfig, ProcessorMode, State, Succeed,
};

use super::exits::Source;
use super::gate::EVERYTHING;
use super::{Writer, comment, fits};
use crate::checked::flow;
use crate::checked::variables::Fact;
use crate::jsonata::{Term, delimited, value};
use crate::plan::{Node, Plan};

impl<'s> Writer<'s> {
    /// A map.
    pub(super) fn map(&mut self, map: &'s flow::Map<'s>, node: &'s Node<'s>) -> State {
        let definition = map.definition;
        let output = delimited(value::listed("$states.result", "$outcome", |outcome| {
            outcome.field("value").or(&Term::null())
        }));
        // Before the pivot a list that does not fit is refused; after it the map fails, and is parked.
        let items = match map.after_pivot {
            true => fits::fitting(definition, self.scope()),
            false => value::value(&definition.items, self.scope().guarded()),
        };
        let selector = object([
            ("item", delimited("$states.context.Map.Item.Value")),
            ("index", delimited("$states.context.Map.Item.Index")),
        ]);
        let map = Map {
            comment: comment::first([definition.description.as_deref(), None]),
            items: Some(delimited(items)),
            item_selector: Some(selector),
            ..self.items(map, node, &output)
        };
        map.into()
    }

    /// The beginning of an item.
    pub(super) fn item(&self, node: &Node<'s>) -> State {
        Pass {
            assign: self.assigned(node, Source::none()),
            output: Some(object::<&str>([])),
            transition: Self::transition(node),
            ..Pass::default()
        }
        .into()
    }

    /// The undo of a map's items: of those that have something to undo, each with its item. Where
    /// nobody can tell what became of them, of all that may have been.
    pub(super) fn undo_map(&mut self, map: &'s flow::Map<'s>, node: &'s Node<'s>) -> State {
        let definition = map.definition;
        let outcomes = self.scope().known(Fact::Outcomes(&definition.name));
        let items = value::value(&definition.items, self.scope().guarded());
        let known = "[$map($outcomes, function($outcome) { \
                     $merge([$outcome, {\"item\": $items[$outcome.index]}]) })]";
        let unknown = format!(
            "[$map([0..($type($items) = \"array\" ? $count($items) : {}) - 1], \
             function($index) {{ {{\"index\": $index, \"undoFrom\": \"{EVERYTHING}\", \
             \"item\": $items[$index]}} }})]",
            definition.at_most
        );
        let body = Term::conditional(
            &Term::path("$outcomes").is_present(),
            &Term::primary(known),
            &Term::primary(unknown),
        );
        let started = Term::function(["$outcomes", "$items"], &body).applied([outcomes, items]);
        let about = format!("Undoes the items of `{}`.", definition.name);
        let map = Map {
            comment: Some(comment::plain(&about)),
            items: Some(delimited(started)),
            ..self.items(map, node, &Value::Null)
        };
        map.into()
    }

    fn items(&mut self, map: &'s flow::Map<'s>, node: &'s Node<'s>, value: &Value) -> Map {
        let source = Source { output: value };
        let output = object::<&str>([]);
        Map {
            item_processor: node.inner.first().map(|plan| self.processor(plan)),
            max_concurrency: Some(Dynamic::Value(map.definition.max_concurrency.into())),
            assign: self.assigned(node, source),
            catch: self.catchers(node, source, Some(&output)),
            output: Some(output),
            transition: Self::transition(node),
            ..Map::default()
        }
    }

    fn processor(&mut self, plan: &'s Plan<'s>) -> ItemProcessor {
        let config = ProcessorConfig {
            mode: Some(ProcessorMode::Inline),
            ..ProcessorConfig::default()
        };
        ItemProcessor {
            processor_config: Some(config),
            start_at: plan.start.clone(),
            states: self.states(plan),
            ..ItemProcessor::default()
        }
    }
}

/// The end of an item's undo.
pub(super) fn undone() -> State {
    Succeed {
        output: Some(object::<&str>([])),
        ..Succeed::default()
    }
    .into()
}

/// The end of an item's undo that only the machine around it can go on with: whoever waits for the items is to
/// begin anew there.
pub(super) fn held() -> State {
    Fail {
        comment: Some("Undo begins anew where an operator can be waited for.".to_owned()),
        error: Some("SagaHeld".to_owned()),
        ..Fail::default()
    }
    .into()
}
