use crate::lint::{Context, Findings, rule};
use crate::outline::StateType;

rule! {
    /// `Timestamp` is not an instant.
    ///
    /// It is written as RFC 3339 says, with a `T` and a zone: `2026-11-20T15:00:00Z`.
    ///
    /// ```json bad
    /// { "Wait": { "Type": "Wait", "Timestamp": "2026-11-20 15:00:00Z", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Wait": { "Type": "Wait", "Timestamp": "2026-11-20T15:00:00Z", "End": true } }
    /// ```
    pub static INVALID_TIMESTAMP = Error "ASL151" "invalid-timestamp" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Wait))
    {
        let Some(node) = state.get("Timestamp").filter(|node| !node.is_opaque()) else {
            continue;
        };
        let Some(text) = node.as_str() else { continue };
        let computed = state.is_jsonata() && crate::jsonata::expression(text).is_some();
        if !computed && !is_timestamp(text) {
            out.report(node.span, format!("`{text}` is no timestamp"))
                .help("write it as `2026-11-20T15:00:00Z`");
        }
    }
}

/// Whether a text is an instant of RFC 3339, with an upper-case `T` and a zone.
pub(super) fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => return false,
    };
    is_date(date) && is_clock(clock) && is_zone(zone)
}

fn is_date(text: &str) -> bool {
    let Some([year, month, day]) = numbers(text, '-', [4, 2, 2]) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn is_clock(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let parts = numbers(whole, ':', [2, 2, 2]);
    digits && parts.is_some_and(|[hour, minute, second]| hour < 24 && minute < 60 && second <= 60)
}

fn is_zone(text: &str) -> bool {
    let offset = text
        .strip_prefix(['+', '-'])
        .and_then(|offset| numbers(offset, ':', [2, 2]));
    text == "Z" || offset.is_some_and(|[hour, minute]| hour < 24 && minute < 60)
}

/// Numbers of so many digits between separators.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[u32; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next()?;
        let good = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| good)?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn instants_are_told_from_other_text() {
        for good in [
            "2016-03-14T01:59:00Z",
            "2016-03-14T01:59:00.123Z",
            "2024-02-29T23:59:59+05:30",
        ] {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in [
            "2016-13-05T21:29:29Z",
            "2016-12-05T25:29:29Z",
            "05-12-2016T21:29:29Z",
            "2016-12-05 21:29:29Z",
            "2016-12-05T21:29:29",
            "2023-02-29T00:00:00Z",
            "2016-12-05t21:29:29z",
        ] {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }
}
