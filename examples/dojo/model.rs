//! Which model speaks: that of a provider if there is a key for one, otherwise the scripted one.

use crate::AnyModel;
use crate::scripted::{self, Paced};
use agui::{Error, Result};
use std::env;
use std::sync::Arc;
use std::time::Duration;

/// The model, and what it is called.
pub(crate) fn choose(provider: Option<&str>) -> Result<(AnyModel, String)> {
    match provider {
        Some(provider) => of(provider),
        None if cfg!(feature = "rig-http") && has_key() => of("openai"),
        None => {
            let model = Paced { model: scripted::model(), pause: Duration::from_millis(30) };
            let name = match has_key() {
                true => "the scripted model (your key takes `--features rig-http`)",
                false => "the scripted model",
            };
            Ok((Arc::new(model), name.to_owned()))
        }
    }
}

fn has_key() -> bool {
    env::var_os("OPENAI_API_KEY").is_some_and(|key| !key.is_empty())
}

/// The model of a provider that rig knows, with its key and whatever else it wants from the environment: for OpenAI
/// and all that speak like it `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL`.
#[cfg(feature = "rig-http")]
fn of(provider: &str) -> Result<(AnyModel, String)> {
    use agui::rig::RigModel;
    use agui::rig::core::providers::openai::OpenAI;
    use agui::rig::core::providers::registry::ProviderRef;

    let openai = match provider {
        "openai" => Some(env::var("OPENAI_MODEL").unwrap_or_else(|_| "gpt-5.2".to_owned())),
        _ => provider.strip_prefix("openai:").filter(|name| !name.is_empty()).map(str::to_owned),
    };
    if let Some(name) = openai {
        // Not the responses API, which few others have.
        let model = RigModel::new(OpenAI::from_env()?.chat(&*name));
        return Ok((Arc::new(model), name));
    }
    let reference = ProviderRef::parse(provider).map_err(|error| Error::new(format!("{error}\n{HOW}")))?;
    Ok((Arc::new(RigModel::new(reference.completion_model()?)), reference.to_string()))
}

#[cfg(feature = "rig-http")]
const HOW: &str =
    "Say which model as well, as in `--provider anthropic:MODEL`, and put its key into the environment.";

#[cfg(not(feature = "rig-http"))]
fn of(provider: &str) -> Result<(AnyModel, String)> {
    Err(Error::new(format!(
        "the Dojo was built without models of providers such as `{provider}`: \
         cargo run --example dojo --features rig-http"
    )))
}
