//! Chaos on a deployed stack: the soak's package, its provider and its books, and hundreds of executions on a Lambda that
//! refuses, delivers twice, and loses processes while they work. In the end the books are compared with how the sagas
//! ended, to the cent.
//!
//! `SAGA_CHAOS=500 cargo test -p saga-cli --test deploy -- chaos` runs the whole of it; without the variable a
//! small part is run. What is parked stays so, for the emulator redrives nothing: the soak does.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use saga_local::saga::Ending;
use saga_local::services::Contents;
use serde_json::Value;

use crate::books::Balance;
use crate::check::{Outcome, differences};
use crate::orders::Order;
use crate::provider::BOOKS;
use crate::tools::emulator::{Access, Emulator};
use crate::tools::pins::MINISTACK;
use crate::tools::stack::{Execution, Stack};
use crate::tools::subject::Subject;
use crate::tools::trial::Stop;

/// How many sagas are run without being asked to run more.
const FEW: usize = 60;
const AT_A_TIME: usize = 8;
/// The latest second delivery, and the time that it takes.
const SETTLED: Duration = Duration::from_secs(4);

const CHAOS: [&str; 4] = [
    "chaos: throttled",
    "chaos: delivered twice",
    "chaos: killed at random",
    "chaos: killed between effect and answer",
];

/// Runs it: the books and the endings fit, and there was chaos of each kind.
pub fn survives(subject: &Subject) -> Result<(), Stop> {
    let sagas = env::var("SAGA_CHAOS").map_or(Ok(FEW), |sagas| sagas.parse());
    let sagas = sagas.map_err(|error| format!("SAGA_CHAOS is a number of sagas: {error}"))?;
    let folder = subject.folder("chaos")?;
    let books = folder.join("books.jsonl");
    let mut provider = Provider::start(&books)?;
    let emulator = Emulator::start(MINISTACK.installed()?, &folder, Access::Chaos)?;
    let parameters = [format!("Provider={}", provider.address)];
    let stack = Stack::deploy(
        &emulator,
        subject.package,
        &subject.built()?.folder,
        &parameters,
    )?;
    let began = Instant::now();
    let executions = amid_kills(&emulator, &mut provider, || execute(&stack, sagas))?;
    let took = began.elapsed() - SETTLED;
    let log = emulator.log();
    let counts = CHAOS.map(|kind| log.matches(kind).count());
    let outcomes: Vec<_> = executions.iter().enumerate().map(outcome).collect();
    let balance = Balance::read(&books);
    eprintln!("{}", report(&outcomes, took, counts, balance.lines));
    let mut wrong = differences(&outcomes, &balance, &contents(&stack)?);
    wrong.extend(proportions(&outcomes, counts));
    wrong.extend(cents(&outcomes, &balance));
    match wrong.len() {
        0 => Ok(()),
        count => Err(format!("{count} differences:\n{}", wrong.join("\n")).into()),
    }
}

fn execute(stack: &Stack<'_>, sagas: usize) -> Result<Vec<Execution>, Stop> {
    let orders = (0..sagas).map(Order::of);
    let inputs: Vec<_> = orders.map(|order| (order.id(), order.input())).collect();
    stack.execute_all("OrderingStateMachine", AT_A_TIME, &inputs)
}

/// Does something while processes are killed whom the provider names: they have done what they were asked to, and have
/// not answered.
fn amid_kills<A: Send>(
    emulator: &Emulator,
    provider: &mut Provider,
    act: impl FnOnce() -> A + Send,
) -> A {
    let named = provider.said.take();
    thread::scope(|scope| {
        scope.spawn(move || {
            let named = named.into_iter().flat_map(std::io::BufRead::lines);
            for request in named.map_while(Result::ok) {
                emulator.kill(&request);
            }
        });
        let done = act();
        // Second deliveries come when all is over. What it says ends with it.
        thread::sleep(SETTLED);
        provider.stop();
        done
    })
}

/// The provider: this binary, started again.
struct Provider {
    process: Child,
    address: String,
    said: Option<BufReader<std::process::ChildStdout>>,
}

impl Provider {
    fn start(books: &Path) -> Result<Self, String> {
        let mut process = env::current_exe()
            .and_then(|program| {
                Command::new(program)
                    .env(BOOKS, books)
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .spawn()
            })
            .map_err(|error| format!("cannot run the provider: {error}"))?;
        let mut address = String::new();
        let mut said = process.stdout.take().map(BufReader::new);
        if let Some(said) = &mut said {
            let read = said.read_line(&mut address);
            read.map_err(|error| format!("the provider: {error}"))?;
        }
        Ok(Self {
            process,
            address: address.trim().to_owned(),
            said,
        })
    }

    fn stop(&mut self) {
        // It fails where it has ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop();
    }
}

fn outcome((number, execution): (usize, &Execution)) -> Outcome {
    let last = execution.states.last().map_or("", String::as_str);
    let ending = match (&*execution.status, execution.error.as_deref()) {
        ("SUCCEEDED", _) => Ending::Completed,
        ("FAILED", Some("SagaCompensated")) => Ending::Compensated,
        ("FAILED", _) if last.ends_with("Parked") => Ending::Parked,
        _ => Ending::Failed,
    };
    Outcome {
        order: Order::of(number),
        saga_id: execution.arn.clone(),
        ending,
        story: format!("{} {:?}", execution.states.join(" "), execution.cause),
    }
}

/// The stack's table of orders, as the check reads it.
fn contents(stack: &Stack<'_>) -> Result<Contents, Stop> {
    let rows = stack.rows()?.remove("OrdersTable").unwrap_or_default();
    let plain = rows.iter().map(|row| {
        let texts = row.as_object().into_iter().flatten();
        texts
            .filter_map(|(name, value)| Some((name.clone(), value.get("S")?.clone())))
            .collect::<Value>()
    });
    Ok(Contents {
        tables: BTreeMap::from([("Orders".to_owned(), plain.collect())]),
        queues: BTreeMap::new(),
    })
}

fn count(outcomes: &[Outcome], ending: Ending) -> usize {
    let of = outcomes.iter().filter(|outcome| outcome.ending == ending);
    of.count()
}

/// What there is too little of, or too much.
fn proportions(outcomes: &[Outcome], counts: [usize; 4]) -> Vec<String> {
    let sagas = outcomes.len();
    let of = |ending| count(outcomes, ending);
    let wrong = [
        (
            of(Ending::Completed) * 10 < sagas,
            "less than a tenth completed",
        ),
        (
            of(Ending::Compensated) * 10 < sagas,
            "less than a tenth was compensated",
        ),
        (
            of(Ending::Parked) * 10 > sagas,
            "more than a tenth was parked",
        ),
    ];
    let wrong = wrong.into_iter().filter(|(is_wrong, _)| *is_wrong);
    let mut wrong: Vec<_> = wrong.map(|(_, what)| what.to_owned()).collect();
    let absent = CHAOS.iter().zip(counts).filter(|(_, count)| *count == 0);
    wrong.extend(absent.map(|(kind, _)| format!("nothing of `{kind}`")));
    wrong
}

/// What was charged and not refunded is what completed, and what an operator will have to look at.
fn cents(outcomes: &[Outcome], balance: &Balance) -> Option<String> {
    let kept = outcomes.iter().map(|outcome| match outcome.ending {
        Ending::Completed => outcome.order.cents,
        Ending::Parked => balance.of("charges", &format!("{}/ChargeCard", outcome.saga_id)),
        Ending::Compensated | Ending::Failed => 0,
    });
    let wrong = balance.total("charges") - kept.sum::<i64>();
    (wrong != 0).then(|| format!("{wrong} cents are wrong"))
}

fn report(outcomes: &[Outcome], took: Duration, counts: [usize; 4], lines: usize) -> String {
    let [throttled, twice, at_random, between] = counts;
    let of = |ending| count(outcomes, ending);
    format!(
        "{} sagas on the deployed stack in {:.0} s: {} completed, {} compensated, {} parked, {} failed; {throttled} tasks \
         throttled, {twice} delivered twice, {at_random} processes killed at random, {between} between effect and answer; \
         {lines} lines in the books",
        outcomes.len(),
        took.as_secs_f64(),
        of(Ending::Completed),
        of(Ending::Compensated),
        of(Ending::Parked),
        of(Ending::Failed),
    )
}
