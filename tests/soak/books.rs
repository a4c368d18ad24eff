//! The provider's books: a file that is only appended to.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// A line of the books.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    book: String,
    key: String,
    /// In cents or pieces; negative where it is struck out.
    amount: i64,
}

/// An entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub amount: i64,
    pub struck: bool,
}

/// The books as the provider has them open.
pub struct Books {
    file: File,
    entries: HashMap<(String, String), Entry>,
}

impl Books {
    pub fn open(path: &Path) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Self {
            file: file.unwrap(),
            entries: HashMap::new(),
        }
    }

    pub fn find(&self, book: &str, key: &str) -> Option<Entry> {
        self.entries.get(&(book.into(), key.into())).copied()
    }

    /// Makes an entry, for good.
    pub fn make(&mut self, book: &str, key: &str, amount: i64) {
        self.write(book, key, amount);
        let entry = Entry {
            amount,
            struck: false,
        };
        self.entries.insert((book.into(), key.into()), entry);
    }

    /// Strikes an entry out, for good.
    pub fn strike(&mut self, book: &str, key: &str, entry: Entry) {
        self.write(book, key, -entry.amount);
        let entry = Entry {
            struck: true,
            ..entry
        };
        self.entries.insert((book.into(), key.into()), entry);
    }

    fn write(&mut self, book: &str, key: &str, amount: i64) {
        let line = Line {
            book: book.into(),
            key: key.into(),
            amount,
        };
        let mut line = serde_json::to_vec(&line).unwrap();
        line.push(b'\n');
        self.file.write_all(&line).unwrap();
        self.file.sync_data().unwrap();
    }
}

/// What the books come to: by book and key, what was entered minus what was struck out.
#[derive(Debug, Default)]
pub struct Balance {
    books: BTreeMap<String, BTreeMap<String, i64>>,
    /// The lines.
    pub lines: usize,
}

impl Balance {
    pub fn read(path: &Path) -> Self {
        let mut balance = Self::default();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let line: Line = serde_json::from_str(line).unwrap();
            let book = balance.books.entry(line.book).or_default();
            *book.entry(line.key).or_default() += line.amount;
            balance.lines += 1;
        }
        balance
    }

    /// What there is under a key.
    pub fn of(&self, book: &str, key: &str) -> i64 {
        let book = self.books.get(book);
        book.and_then(|book| book.get(key))
            .copied()
            .unwrap_or_default()
    }

    /// What there is in a book.
    pub fn total(&self, book: &str) -> i64 {
        self.books.get(book).map_or(0, |book| book.values().sum())
    }
}
