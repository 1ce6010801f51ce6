//! Tools, from the function to the run.

mod attributes;
mod functions;
mod hygiene;
mod methods;
mod mistakes;
mod places;
