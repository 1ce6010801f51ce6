//! Tools, from the function to the run.

mod functions;
mod methods;
