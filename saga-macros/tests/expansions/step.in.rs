/// Charges the card.
#[step(
    output = Charge,
    error = ChargeError,
    compensations(RefundFare, VoidCharge),
    app = Payments,
    timeout = "1m",
    memory = "256MB",
    env(PROVIDER_URL = "https://pay.example", STAGE = parameter("Stage")),
    secrets(API_KEY = secrets_manager("fare/provider"), TOKEN = ssm("/fare/token")),
    unfenced = "naturally idempotent because the provider knows the charge by its key",
    uses(Fares(get, put), Events(publish), Jobs(send)),
)]
pub struct ChargeFare {
    pub fare_id: String,
}
