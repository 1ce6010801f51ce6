//! agui
