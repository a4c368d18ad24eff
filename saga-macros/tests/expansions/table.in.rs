#[table(
    item = Fare,
    partition_key = customer_id: String,
    sort_key = ordered_at: u64,
    index(name = "by-fare", partition_key = fare_id: String),
    existing(parameter = "FaresTableArn"),
    isolation = lock(locked_by),
)]
pub struct Fares;
