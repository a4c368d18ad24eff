#[step(timeout = "0s", ouput = String, error = ChargeError, heartbeat = "5s")]
pub struct ChargeFare {
    #[serde(alias = "id")]
    pub fare_id: String,
    #[serde(flatten)]
    pub route: Option<Route>,
}
