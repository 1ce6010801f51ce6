//! Tools: functions that an agent, its model or its front end may call.

pub mod schema;
