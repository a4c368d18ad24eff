use std::io;

use super::Data;

/// Counts bytes and keeps none.
struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Data {
    /// The length in bytes of the value as compact JSON in UTF-8: what Step Functions'
    /// payload quota counts.
    pub fn size(&self) -> usize {
        let mut counter = Counter(0);
        match serde_json::to_writer(&mut counter, self) {
            Ok(()) => counter.0,
            Err(_) => usize::MAX,
        }
    }
}
