//! Times as instants.

/// The milliseconds since 1970 of a time in RFC 3339 (section 5.6), rounded down; none where the text is no
/// such time. A leap second is none: no clock here could tell it from the second before.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let text = text.to_ascii_uppercase();
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let february = if leap { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let position = usize::try_from(month - 1).ok()?;
    let length = *months.get(position)?;
    let before: i64 = months.iter().take(position).sum();
    let years = year - 1;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + before + day - 1;
    let (time, offset) = time.split_at_checked(time.find(['Z', '+', '-'])?)?;
    let minutes = match offset {
        "Z" => 0,
        _ => east(offset)?,
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let there = (1..=length).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let of_day = (hour * 60 + minute - minutes) * 60 + second;
    let millis: i64 = millis.parse().ok()?;
    (there && digits).then_some((days - DAYS_TO_1970) * DAY + of_day * 1_000 + millis)
}

/// Days from the first of January of the year 1 to that of 1970, in the Gregorian calendar.
const DAYS_TO_1970: i64 = 719_162;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// The minutes that an offset is ahead of UTC.
fn east(offset: &str) -> Option<i64> {
    let sign = if offset.starts_with('+') { 1 } else { -1 };
    let [hours, minutes] = numbers(offset.get(1..)?, ':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn numbers<const N: usize>(text: &str, between: char, widths: [usize; N]) -> Option<[i64; N]> {
    let parts: Vec<_> = text.split(between).collect();
    let parts: [&str; N] = parts.try_into().ok()?;
    let mut numbers = [0; N];
    for ((number, part), width) in numbers.iter_mut().zip(parts).zip(widths) {
        let fits = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| fits)?;
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, millis: Option<i64>) {
        assert_eq!(instant(text), millis, "{text}");
    }

    #[test]
    fn a_time_is_an_instant_and_nothing_else_is() {
        check("1970-01-01T00:00:00Z", Some(0));
        check("2024-02-29t01:00:00.9999+01:00", Some(1_709_164_800_999));
        check("1969-12-31T23:59:59-00:00", Some(-1_000));
        check("2023-02-29T00:00:00Z", None);
        check("2024-01-01T00:00:60Z", None);
        check("2024-01-01", None);
        check("2024-13-01T00:00:00Z", None);
    }
}
