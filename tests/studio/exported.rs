#[tokio::test]
async fn is_compensated_after_failures_of_charge_card() {
    let ended = saga_local::testing::SagaTest::of::<Small>()
        .fail("ChargeCard", "SoldOut")
        .run(serde_json::json!({"address":{"city":"c","street":"s"},"isGift":false,"lines":[],"orderId":"o-1","shipping":"express","total":5}))
        .await;
    assert_eq!(ended.ending(), saga_local::saga::Ending::Compensated);
    assert_eq!(ended.states(), ["ReserveStock", "ChargeCard", "UndoChargeCard", "UndoReserveStock", "SmallFailed"]);
}
