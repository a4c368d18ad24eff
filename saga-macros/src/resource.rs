//! `#[derive(SagaTable)]`, `#[derive(SagaTopic)]`, `#[derive(SagaQueue)]`: resources as types.

pub mod queue;
pub mod table;
pub mod topic;

mod subscription;
