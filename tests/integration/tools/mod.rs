//! Tools, from the function to the run.

mod agent;
mod approval;
mod attributes;
mod functions;
mod hygiene;
mod methods;
mod mistakes;
mod peers;
mod places;
