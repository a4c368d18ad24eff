/// A fare
/// to be charged.
#[serde(rename_all = "camelCase")]
pub struct FareRequest {
    /// Whose fare it is.
    pub customer_id: String,
    pub coupon: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default = "one")]
    passengers: u32,
    #[serde(flatten)]
    pub route: Route,
    #[serde(skip)]
    pub cache: u32,
    #[saga(sensitive(token))]
    pub cc: String,
}
