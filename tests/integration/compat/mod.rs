//! Peers of every age.

mod downgrade;
mod era;
mod http;
mod upgrade;
