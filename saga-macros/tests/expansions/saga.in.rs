/// Charges a fare.
///
/// A failure undoes it.
#[saga(history_key(parameter = "HistoryKeyArn", reason = "the card is in the input"))]
pub struct FareProcessing;
