//! Which model speaks.

use crate::AnyModel;
use crate::scripted::{self, Paced};
use agui::Result;
use std::sync::Arc;
use std::time::Duration;

/// The model, and what it is called.
pub(crate) fn choose(_provider: Option<&str>) -> Result<(AnyModel, String)> {
    let model = Paced { model: scripted::model(), pause: Duration::from_millis(30) };
    Ok((Arc::new(model), "the scripted model".to_owned()))
}
