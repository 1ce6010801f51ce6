//! Peers of every age.

mod upgrade;
