//! Texts by chance: arbitrary bytes, arbitrary JSON in the language's words, mutated definitions.

/// A generator of pseudo-random numbers (xorshift64*): the same seed, the same numbers.
pub struct Random(u64);

/// Texts that break readers.
const PIECES: [&str; 28] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "-1",
    "1e999",
    "${x}",
    "{% $ %}",
    "$.a[?(@.b)]",
    "$$",
    "\\u00",
    "\u{feff}",
    "ü",
    "States.Format('{}', $)",
    "&a",
    "*a",
    "!Sub",
    "- ",
    "? ",
    "\"States\": {",
    "\r\n",
    "\u{2028}",
    "\u{1b}[31m",
    "saga-lint allow ASL310: why",
];

/// Names of fields, so that arbitrary objects mean something to the rules.
const FIELDS: [&str; 48] = [
    "StartAt",
    "States",
    "Type",
    "Next",
    "End",
    "Choices",
    "Default",
    "Catch",
    "Retry",
    "ErrorEquals",
    "Resource",
    "Parameters",
    "Arguments",
    "Output",
    "Assign",
    "InputPath",
    "OutputPath",
    "ResultPath",
    "ResultSelector",
    "Result",
    "Branches",
    "ItemProcessor",
    "Iterator",
    "ProcessorConfig",
    "Mode",
    "ItemReader",
    "ItemSelector",
    "ItemBatcher",
    "ResultWriter",
    "Items",
    "ItemsPath",
    "MaxConcurrency",
    "ToleratedFailurePercentage",
    "Label",
    "Seconds",
    "Timestamp",
    "SecondsPath",
    "TimeoutSeconds",
    "HeartbeatSeconds",
    "Credentials",
    "QueryLanguage",
    "Comment",
    "Variable",
    "StringEquals",
    "And",
    "Not",
    "Condition",
    "a.$",
];

/// Values that the rules look into.
const VALUES: [&str; 40] = [
    "Task",
    "Parallel",
    "Map",
    "Choice",
    "Wait",
    "Pass",
    "Succeed",
    "Fail",
    "JSONata",
    "JSONPath",
    "DISTRIBUTED",
    "INLINE",
    "ChargeCard",
    "RefundCard",
    "ReserveStock",
    "ReleaseStock",
    "States.ALL",
    "States.Timeout",
    "States.Timeot",
    "$",
    "$.a.b",
    "$$.Execution.Id",
    "$x",
    "$.a[*]",
    "$.a[?(@.b == 1)]",
    "States.Format('{}', $.a)",
    "States.Array(",
    "{% $states.input.a %}",
    "{% $sum($x.y) %}",
    "{% ( %}",
    "{% $states.errorOutput.Cause %}",
    "${Table}",
    "saga-lint allow ASL310: why",
    "arn:aws:states:::lambda:invoke",
    "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "arn:aws:states:::dynamodb:putItem",
    "arn:aws:states:::aws-sdk:s3:getObject",
    "arn:aws:lambda:eu-west-1:123456789012:function:refund",
    "2026-11-26T12:00:00Z",
    "ü\u{1f980}\t\"",
];

/// Objects and arrays of arbitrary JSON are nested so deep.
const DEPTH: usize = 9;

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).expect("31 bits") % bound.max(1)
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// A text of any kind.
    pub fn text(&mut self, seeds: &[String]) -> String {
        match self.below(10) {
            0 => self.bytes(),
            1 => (0..self.below(200)).map(|_| self.one_of(&PIECES)).collect(),
            2 | 3 => self.json(0),
            _ => {
                let seed = &seeds[self.below(seeds.len())];
                self.mutated(seed)
            }
        }
    }

    /// Arbitrary bytes, as far as they are a text.
    fn bytes(&mut self) -> String {
        let length = self.below(400);
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(self.below(256)).expect("a byte"))
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// An arbitrary value, more often than not an object of the language's fields.
    fn json(&mut self, depth: usize) -> String {
        let deepest = depth >= DEPTH;
        match self.below(if deepest { 4 } else { 12 }) {
            0 => quoted(self.one_of(&VALUES)),
            1 => self
                .one_of(&["0", "1", "-1", "99999999", "1.5", "1e400", "true", "false"])
                .to_owned(),
            2 => self
                .one_of(&["null", "{}", "[]", "\"\"", "${n}"])
                .to_owned(),
            3 => quoted(self.one_of(&PIECES)),
            4 | 5 => {
                let items: Vec<_> = (0..self.below(4)).map(|_| self.json(depth + 1)).collect();
                format!("[{}]", items.join(","))
            }
            _ => {
                let members: Vec<_> = (0..self.below(8)).map(|_| self.member(depth)).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    /// A field; often one with a value of the kind that it should have.
    fn member(&mut self, depth: usize) -> String {
        let field = self.one_of(&FIELDS);
        let value = match (field, self.below(3)) {
            ("Type" | "Next" | "StartAt" | "Default" | "Resource", 0 | 1) => {
                quoted(self.one_of(&VALUES))
            }
            ("States", 0 | 1) => {
                let states = (0..self.below(5))
                    .map(|_| format!("{}:{}", quoted(self.one_of(&VALUES)), self.state(depth + 1)));
                format!("{{{}}}", states.collect::<Vec<_>>().join(","))
            }
            _ => self.json(depth + 1),
        };
        format!("{}:{value}", quoted(field))
    }

    /// An object that is likely a state.
    fn state(&mut self, depth: usize) -> String {
        let mut members = vec![format!("\"Type\":{}", quoted(VALUES[self.below(8)]))];
        members.push(format!("\"Next\":{}", quoted(self.one_of(&VALUES))));
        if depth < DEPTH {
            members.extend((0..self.below(6)).map(|_| self.member(depth)));
        }
        format!("{{{}}}", members.join(","))
    }

    fn mutated(&mut self, seed: &str) -> String {
        let mut characters: Vec<char> = seed.chars().collect();
        for _ in 0..=self.below(6) {
            self.mutate(&mut characters);
        }
        characters.into_iter().collect()
    }

    fn mutate(&mut self, text: &mut Vec<char>) {
        let start = self.below(text.len() + 1);
        let end = (start + self.below(40)).min(text.len());
        match self.below(6) {
            0 => drop(text.drain(start..end)),
            1 => drop(text.splice(start..start, self.one_of(&PIECES).chars())),
            2 => {
                let part: Vec<char> = text[start..end].to_vec();
                let to = self.below(text.len() + 1);
                drop(text.splice(to..to, part));
            }
            3 => self.replace_string(text, start),
            4 => text.truncate(start.max(text.len() / 2)),
            _ => drop(text.splice(start..end, self.one_of(&["true", "{}", "[]", "1"]).chars())),
        }
    }

    /// Puts another name or value into the place of the string behind `start`: the text stays JSON.
    fn replace_string(&mut self, text: &mut Vec<char>, start: usize) {
        let quotes = text
            .iter()
            .enumerate()
            .skip(start)
            .filter(|(_, c)| **c == '"');
        let quotes: Vec<usize> = quotes.map(|(at, _)| at).take(3).collect();
        let [open, close, ..] = quotes[..] else {
            return;
        };
        let names: &[&str] = if self.below(2) == 0 { &FIELDS } else { &VALUES };
        drop(text.splice(open..=close, quoted(self.one_of(names)).chars()));
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
