//! A completion model of rig as a model.

use super::answer;
use super::error::model_error;
use super::history::Reader;
use super::seal::Seal;
use crate::model::{Model, ModelError, ModelRequest, ModelStream, OutputSchema};
use agui_types::{Context, Tool};
use futures_util::stream;
use rig_core::DynModel;
use rig_core::completion::{CompletionRequest, Document, GenerationOptions, ToolDefinition};
use rig_core::message::{Message, ToolName};
use rig_core::operation::Completion;
use rig_core::schemars::Schema;
use serde_json::{Value, json};

/// A model of rig, of whatever provider.
///
/// ```
/// use agui::model::LlmAgent;
/// use agui::rig::RigModel;
/// use agui::rig::core::providers::openai::OpenAIConfig;
/// # fn example(http: agui::rig::core::http_client::DynHttpClient) {
/// let openai = OpenAIConfig::new("a key").with_base_url("http://localhost:8080/v1").connect(http);
/// let agent = LlmAgent::new(RigModel::new(openai.chat("a-model")));
/// # drop(agent);
/// # }
/// ```
///
/// Tools that are [`strict`](crate::ToolOptions::strict) need a model of rig's `with_strict_tools`, which holds for all
/// tools of a model. Clones share the model and its key.
#[derive(Debug, Clone)]
pub struct RigModel {
    model: DynModel<Completion>,
    options: GenerationOptions,
    seal: Seal,
    schemes: Vec<String>,
}

impl RigModel {
    /// With a key of this process alone.
    #[must_use]
    pub fn new(model: impl Into<DynModel<Completion>>) -> Self {
        let schemes = ["https", "http", "data"].map(str::to_owned);
        Self {
            model: model.into(),
            options: GenerationOptions::default(),
            seal: Seal::new(),
            schemes: schemes.into(),
        }
    }

    /// How answers are generated, as far as the provider can: how much is reasoned, and so on.
    ///
    /// ```
    /// # fn example(model: agui::rig::RigModel) -> agui::rig::RigModel {
    /// use agui::rig::core::completion::{Effort, GenerationOptions};
    ///
    /// model.options(GenerationOptions::new().reasoning(Effort::High))
    /// # }
    /// ```
    #[must_use]
    pub fn options(mut self, options: GenerationOptions) -> Self {
        self.options = options;
        self
    }

    /// Signs with this key what the provider wants back and the client keeps: the same on every server of an
    /// application, so that each can go on with what another began.
    #[must_use]
    pub fn key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.seal = Seal::with_key(key.as_ref());
        self
    }

    /// The schemes of URLs that a client may refer to, in place of `https`, `http` and `data`. The provider fetches
    /// them, never this server.
    #[must_use]
    pub fn url_schemes<S: Into<String>>(mut self, schemes: impl IntoIterator<Item = S>) -> Self {
        self.schemes = schemes.into_iter().map(Into::into).collect();
        self
    }

    fn request(&self, request: ModelRequest) -> Result<CompletionRequest, ModelError> {
        let reader = Reader { seal: Some(&self.seal), schemes: &self.schemes, provider: self.model.name() };
        let mut history: Vec<_> = request.instructions.map(Message::system).into_iter().collect();
        history.extend(reader.messages(&request.messages));
        let documents = request.context.into_iter().enumerate().map(document);
        let tools = request.tools.into_iter().map(definition).collect::<Result<_, _>>()?;
        let output = request.output.map(schema).transpose()?;
        Ok(CompletionRequest::from(history)
            .documents(documents)
            .tools(tools)
            .temperature(request.settings.temperature)
            .max_tokens(request.settings.max_tokens.map(u64::from))
            .output_schema(output)
            .options(self.options.clone()))
    }
}

impl Model for RigModel {
    fn respond(&self, request: ModelRequest) -> ModelStream {
        let stream = self
            .request(request)
            .and_then(|request| self.model.stream(request).map_err(|error| model_error(&error)));
        match stream {
            Ok(stream) => answer::stream(stream, self.model.id(), self.seal.clone()),
            Err(error) => Box::pin(stream::iter([Err(error)])),
        }
    }
}

/// What the application says of its situation: a document beside the conversation (INPUT-10).
pub(super) fn document((index, context): (usize, Context)) -> Document {
    let description = [("description".to_owned(), context.description)];
    Document {
        id: format!("context-{}", index + 1),
        text: context.value,
        additional_props: description.into_iter().collect(),
    }
}

fn definition(tool: Tool) -> Result<ToolDefinition, ModelError> {
    let parameters = tool.parameters.unwrap_or_else(|| json!({ "type": "object", "properties": {} }));
    Ok(ToolDefinition::new(ToolName::new(tool.name)?, tool.description, parameters))
}

/// Providers want a name beside the schema, which rig takes from its title.
fn schema(output: OutputSchema) -> Result<Schema, ModelError> {
    let mut schema = output.schema;
    if let Value::Object(keywords) = &mut schema {
        keywords.insert("title".to_owned(), output.name.into());
    }
    Ok(Schema::try_from(schema)?)
}
