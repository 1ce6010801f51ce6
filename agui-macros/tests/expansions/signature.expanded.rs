///Asks the user.
#[derive(::agui::__private::serde::Deserialize, ::agui::__private::serde::Serialize)]
#[serde(crate = ":: agui :: __private :: serde")]
#[allow(missing_docs)]
pub struct AskUser {
    /// What to ask.
    #[serde(
        bound(
            serialize = "for < 'agui > String : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > String : :: agui :: __private :: ToolArgument"
        )
    )]
    pub question: String,
}
impl ::agui::__private::schemars::JsonSchema for AskUser
where
    for<'agui> String: ::agui::__private::ToolArgument,
{
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("AskUser")
    }
    fn json_schema(
        generator: &mut ::agui::__private::schemars::SchemaGenerator,
    ) -> ::agui::__private::schemars::Schema {
        #[allow(unused_imports)]
        use ::core::convert::Into as _;
        ///Asks the user.
        #[derive(::agui::__private::schemars::JsonSchema)]
        #[schemars(crate = ":: agui :: __private :: schemars")]
        #[allow(dead_code)]
        struct Parameters
        where
            for<'agui> String: ::agui::__private::ToolArgument,
        {
            /// What to ask.
            question: String,
        }
        <Parameters as ::agui::__private::schemars::JsonSchema>::json_schema(generator)
    }
}
impl ::core::fmt::Debug for AskUser
where
    for<'agui> String: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("AskUser").field("question", &self.question).finish()
    }
}
impl ::core::cmp::PartialEq for AskUser
where
    for<'agui> String: ::core::cmp::PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        let _ = other;
        true && ::core::cmp::PartialEq::eq(&self.question, &other.question)
    }
}
impl ::agui::ToolSpec for AskUser
where
    for<'agui> Self: ::agui::__private::Specified,
{
    const NAME: &'static str = "ask_user";
    const DESCRIPTION: &'static str = "Asks the user.";
    const OPTIONS: ::agui::ToolOptions = ::agui::ToolOptions::new().silent(true);
    fn output_schema() -> ::core::option::Option<::agui::__private::serde_json::Value> {
        #[allow(unused_imports)]
        use ::agui::__private::returned::{
            AskDescribed as _, AskEventSchema as _, AskUndescribed as _,
        };
        (&&&::agui::__private::returned::Tag::<Option<bool>>::new()).agui_schema()
    }
}
impl ::agui::ToolFunction for AskUser {
    const TOOL_NAME: &'static str = "ask_user";
    #[allow(deprecated)]
    fn tool() -> ::agui::ToolEntry {
        {
            let _ = ::agui::__private::argument::<String>;
            let _ = ::agui::__private::answer::<Option<bool>>;
            #[allow(unused_imports)]
            use ::agui::__private::returned::{AskFrontend as _, AskMistaken as _};
            (&&::agui::__private::returned::Tag::<AskUser>::new()).agui_frontend()
        }
    }
}
impl ::agui::FrontendTool for AskUser
where
    for<'agui> Self: ::agui::ToolSpec,
    for<'agui> Option<bool>: ::agui::__private::ToolAnswer,
{
    type Output = Option<bool>;
}
