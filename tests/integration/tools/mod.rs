//! Tools, from the function to the run.

mod agent;
mod approval;
mod functions;
mod methods;
mod peers;
