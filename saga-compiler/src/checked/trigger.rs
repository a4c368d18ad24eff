//! What starts a saga: what AWS takes, and that no execution is started twice or by whoever likes.

use saga_manifest::place::Place;
use saga_manifest::saga::{Saga, SensitiveForm};
use saga_manifest::trigger::{Access, Event, Http, Schedule, Source};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Report};

/// API Gateway's own limit of an account in a region, in requests a second (quotas).
const HIGHEST_RATE: u32 = 10_000;

/// What a schedule and a message hold at most, in bytes (EventBridge Scheduler's quota of a target's input
/// is that of its target: Step Functions').
const LARGEST_INPUT: usize = 262_144;

/// Checks what starts a saga.
pub(super) fn check(saga: &Saga, report: &mut Report) {
    let mut key = None;
    let mut requests = None;
    for trigger in &saga.triggers {
        let place = &trigger.place;
        if let Some(own) = trigger.key() {
            let (first, at) = *key.get_or_insert((own, place));
            if first != own {
                let message = "a saga has one business key, and this is another one";
                let help =
                    "name the same field in each trigger: it is what executions are called after";
                let mistake = Diagnostic::new(message, help);
                report.push(mistake.at(place, "here").at(at, "the other one"));
            }
        }
        if let Source::Http(_) = trigger.source
            && let Some(other) = requests.replace(place)
        {
            let help = "keep one of them: the paths of a saga are its executions' addresses";
            let mistake = Diagnostic::new("requests start this saga on two paths", help);
            report.push(mistake.at(place, "here").at(other, "the other one"));
        }
        match &trigger.source {
            Source::Http(http) => check_http(http, place, report),
            Source::Schedule(schedule) => check_schedule(schedule, place, report),
            Source::Event(event) => check_event(event, place, report),
            Source::Queue(_) => {}
        }
        let clear = saga.input.sensitive.iter();
        let mut clear = clear.filter(|field| field.form == SensitiveForm::Clear);
        if let Some(field) = clear.next()
            && !matches!(trigger.source, Source::Http(_))
        {
            let message = format!(
                "`{}` would lie in clear where this starts the saga: in an event, a message or the template",
                field.path.join(".")
            );
            let help = "start it by a request, or let the field enter as a token (`#[saga(sensitive(token))]`) or as \
                        ciphertext (`#[saga(sensitive(ciphertext))]`)";
            report.push(Diagnostic::new(message, help).at(place, "here"));
        }
    }
}

fn check_http(http: &Http, place: &Place, report: &mut Report) {
    let mut say = |message: String, help: &str| {
        report.push(Diagnostic::new(message, help).at(place, "here"));
    };
    let segments: Option<Vec<&str>> = http
        .path
        .strip_prefix('/')
        .map(|path| path.split('/').collect());
    let taken = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let fits = |segment: &&str| !segment.is_empty() && segment.chars().all(taken);
    if !segments.is_some_and(|segments| segments.iter().all(fits)) {
        let message = format!("`{}` is no path of the API", http.path);
        say(
            message,
            "write `/name`, or `/name/name`, with letters, digits, `-`, `_` and `.`",
        );
    }
    if http.rate == 0 || http.burst == 0 {
        let help = "state at least one request a second, and one at once";
        say("this takes no requests at all".into(), help);
    }
    if http.rate > HIGHEST_RATE {
        let message = format!(
            "{} requests a second are more than API Gateway takes",
            http.rate
        );
        say(message, "state at most 10000: that is an account's quota");
    }
    if let Access::Open { reason } = &http.access
        && reason.trim().is_empty()
    {
        let help = "say why everybody may start it, or leave `open_because` away: then requests are signed";
        say(
            "this is open to everybody, and does not say why".into(),
            help,
        );
    }
}

fn check_schedule(schedule: &Schedule, place: &Place, report: &mut Report) {
    let fields = schedule.expression.strip_prefix("cron(");
    let fields = fields.and_then(|fields| fields.strip_suffix(')'));
    if let Some(fields) = fields
        && fields.split_whitespace().count() != 6
    {
        let message = format!("`{fields}` is no time of a schedule");
        let help = "write minutes, hours, day of the month, month, day of the week and year, one of the two \
                    days as `?`: `0 9 * * ? *`";
        report.push(Diagnostic::new(message, help).at(place, "here"));
    }
    if schedule.input.to_string().len() > LARGEST_INPUT {
        let help = "an execution's input has at most 262144 bytes: let a first step read the rest";
        report.push(Diagnostic::new("this input is too large", help).at(place, "here"));
    }
}

fn check_event(event: &Event, place: &Place, report: &mut Report) {
    if event.source.is_empty() || event.detail_type.is_empty() {
        let message = "an event that starts a saga has a source and a detail type";
        let help = "state both, as the service that sends it does";
        report.push(Diagnostic::new(message, help).at(place, "here"));
    }
    for filter in &event.filters {
        let plain = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
        if filter.any_of.is_empty() || !filter.any_of.iter().all(plain) {
            let message = format!("no event fits this filter on `{}`", filter.path.join("."));
            let help = "state at least one value, each a text, a number or a truth value";
            report.push(Diagnostic::new(message, help).at(place, "here"));
        }
    }
}
