#[queue(
    message = Fare,
    visibility_timeout = "1m",
    retention = "4d",
    dead_letter_after = 3,
    subscribe(Transactions, raw, filter(is_successful = "true", kind = ["single", "return"])),
)]
pub struct Successes;
