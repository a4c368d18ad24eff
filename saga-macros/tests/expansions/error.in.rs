pub enum ChargeError {
    PaymentAuthException { reason: String },
    #[saga(retry(interval = "2s", max_attempts = 4, backoff = 1.5, max_delay = "1m", jitter))]
    ProviderDown,
    #[saga(unknown, rename = "NoAnswer")]
    Silent,
    #[saga(transparent)]
    Account(AccountError),
}
