/// How far a fare got.
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
enum FareStatus {
    /// Not yet paid.
    NotPaid,
    #[serde(rename = "done")]
    Completed,
}
