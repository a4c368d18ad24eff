//! The services, each alone: on tables in memory, without a bus.

mod routes;
mod steps;
mod tokens;
