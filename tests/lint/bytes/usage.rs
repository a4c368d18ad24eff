//! What this process has used, where the system says it.

use std::fs;
use std::time::Duration;

/// The MiB that it took at most.
pub fn most_memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: usize = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

/// The processor time of all its threads; none where it is not known.
pub fn cpu() -> Duration {
    ticks().map_or(Duration::ZERO, |ticks| Duration::from_millis(ticks * 10))
}

/// Hundredths of seconds, in the program and in the system (`proc(5)`, fields 14 and 15).
fn ticks() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is a name in parentheses, which may hold blanks.
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
    let field = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(field(11)? + field(12)?)
}
