//! What is drawn.

/// A state machine as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// What stands above it.
    pub title: String,
    /// The whole machine.
    pub machine: Machine,
}

/// A machine: the whole one, a branch, or what runs for an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Where it begins, by the place in `nodes`.
    pub start: Option<usize>,
    /// Its states, in the order in which an execution comes to them.
    pub nodes: Vec<Node>,
    /// The transitions that are drawn, by their places in `nodes`.
    pub edges: Vec<Edge>,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name, unique in the whole machine.
    pub name: String,
    /// What it looks like.
    pub shape: Shape,
    /// Where it stands.
    pub lane: Lane,
    /// What is said of it.
    pub mark: Option<Mark>,
    /// The states that it goes to when it fails for good and waits for somebody.
    pub parked: Vec<String>,
    /// The machines inside it.
    pub inner: Vec<Machine>,
}

/// What a state looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It works.
    Task,
    /// It makes data.
    Pass,
    /// It waits.
    Wait,
    /// It chooses.
    Choice,
    /// It has branches.
    Parallel,
    /// It works on items.
    Map,
    /// It ends well.
    Succeed,
    /// It ends badly.
    Fail,
}

/// Where a state stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// On the way to success.
    Forward,
    /// It compensates the state of that place in the machine, and stands beside it.
    Beside(usize),
    /// Elsewhere on the way back.
    Backward,
}

/// What is said of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The point of no return.
    Pivot,
    /// It goes on until it succeeds.
    Retriable,
    /// It has no effect.
    ReadOnly,
    /// It compensates.
    Compensation,
}

/// A transition that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// From where, by place.
    pub from: usize,
    /// To where, by place.
    pub to: usize,
    /// Why.
    pub kind: EdgeKind,
}

/// Why a transition is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// After success, on the way to success.
    Next,
    /// A condition holds, or none does.
    Choice(String),
    /// The state failed.
    Failed,
    /// On the way back.
    Back,
}

impl Machine {
    /// The transitions from a node.
    pub(crate) fn from(&self, node: usize) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.from == node)
    }

    /// Whether a node is on the way to success.
    pub(crate) fn is_forward(&self, node: usize) -> bool {
        let lane = self.nodes.get(node).map(|node| node.lane);
        lane == Some(Lane::Forward)
    }
}
