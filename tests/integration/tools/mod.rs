//! Tools, from the function to the run.

mod agent;
mod functions;
mod methods;
mod peers;
