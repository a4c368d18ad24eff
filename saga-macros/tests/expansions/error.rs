///The errors of [`ChargeError`], without their data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeErrorKind {
    ///[`ChargeError::PaymentAuthException`]
    PaymentAuthException,
    ///[`ChargeError::ProviderDown`]
    ProviderDown,
    ///[`ChargeError::Silent`]
    Silent,
    ///[`ChargeError::Account`]
    Account(<AccountError as ::saga_dsl::SagaError>::Kind),
}
#[automatically_derived]
impl ::saga_dsl::SagaError for ChargeError {
    type Kind = ChargeErrorKind;
    fn kind(&self) -> ChargeErrorKind {
        match self {
            Self::PaymentAuthException { .. } => ChargeErrorKind::PaymentAuthException,
            Self::ProviderDown { .. } => ChargeErrorKind::ProviderDown,
            Self::Silent { .. } => ChargeErrorKind::Silent,
            Self::Account(inner) => {
                ChargeErrorKind::Account(::saga_dsl::SagaError::kind(inner))
            }
        }
    }
}
#[automatically_derived]
impl ::saga_dsl::__private::ErrorKind for ChargeErrorKind {
    fn all() -> ::std::vec::Vec<Self> {
        let mut all = ::std::vec::Vec::new();
        all.push(Self::PaymentAuthException);
        all.push(Self::ProviderDown);
        all.push(Self::Silent);
        for inner in <<AccountError as ::saga_dsl::SagaError>::Kind as ::saga_dsl::__private::ErrorKind>::all() {
            all.push(Self::Account(inner));
        }
        all
    }
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::PaymentAuthException => &["PaymentAuthException"],
            Self::ProviderDown => &["ProviderDown"],
            Self::Silent => &["NoAnswer"],
            Self::Account(inner) => ::saga_dsl::__private::ErrorKind::names(inner),
        }
    }
    fn outcome(self) -> ::saga_dsl::__private::Outcome {
        match self {
            Self::PaymentAuthException => ::saga_dsl::__private::Outcome::NotDone,
            Self::ProviderDown => ::saga_dsl::__private::Outcome::NotDone,
            Self::Silent => ::saga_dsl::__private::Outcome::Unknown,
            Self::Account(inner) => ::saga_dsl::__private::ErrorKind::outcome(inner),
        }
    }
    fn retry(self) -> ::saga_dsl::Retry {
        match self {
            Self::PaymentAuthException => ::saga_dsl::Retry::NEVER,
            Self::ProviderDown => {
                ::saga_dsl::Retry::after(::core::time::Duration::from_secs(2u64))
                    .times(4u32)
                    .backoff(1.5f64)
                    .at_most(::core::time::Duration::from_secs(60u64))
                    .jitter()
            }
            Self::Silent => ::saga_dsl::Retry::NEVER,
            Self::Account(inner) => ::saga_dsl::__private::ErrorKind::retry(inner),
        }
    }
}
