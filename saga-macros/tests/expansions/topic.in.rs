/// Fares that were processed.
#[topic(message = Fare, attributes = TransactionAttributes, existing(arn = "arn:aws:sns:us-east-1:123456789012:fares"))]
pub struct Transactions;
