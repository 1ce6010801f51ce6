//! The schemas of tools: thirty shapes of arguments, each compared with a golden of all its forms and with
//! what serde makes of values.
//!
//! `AGUI_REWRITE=1` rewrites the goldens.

mod check;
mod providers;
mod shapes;
mod types;
