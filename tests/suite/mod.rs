//! The suite's parts, and what they share.

mod compared;
mod diff;
mod doctor;
mod examples;
mod fare_collection;
mod fare_processing;
mod generate;
mod graph;
mod import;
mod manual;
mod markdown;
mod mutations;
mod new;
mod order_processing;
mod packages;
mod readme;

mod command;
mod fixture;
mod gateway;
#[path = "../tools/outer.rs"]
mod outer;
mod template;
