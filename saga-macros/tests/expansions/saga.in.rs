/// Charges a fare.
///
/// A failure undoes it.
#[saga(
    history_key(parameter = "HistoryKeyArn", reason = "the card is in the input"),
    compensation = RefundFare,
)]
pub struct FareProcessing;
