/// Counts the visits to a page.
pub async fn count_visits(
    page: String,
    context: &agui::ToolContext,
) -> agui::Result<usize> {
    let visits: &Vec<String> = context.require()?;
    Ok(visits.iter().filter(|visited| **visited == page).count())
}
///Counts the visits to a page.
#[derive(::agui::__private::serde::Deserialize, ::agui::__private::serde::Serialize)]
#[serde(crate = ":: agui :: __private :: serde")]
#[allow(missing_docs)]
pub struct CountVisits {
    #[serde(
        bound(
            serialize = "for < 'agui > String : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > String : :: agui :: __private :: ToolArgument"
        )
    )]
    pub page: String,
}
impl ::agui::__private::schemars::JsonSchema for CountVisits
where
    for<'agui> String: ::agui::__private::ToolArgument,
{
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("CountVisits")
    }
    fn json_schema(
        generator: &mut ::agui::__private::schemars::SchemaGenerator,
    ) -> ::agui::__private::schemars::Schema {
        #[allow(unused_imports)]
        use ::core::convert::Into as _;
        ///Counts the visits to a page.
        #[derive(::agui::__private::schemars::JsonSchema)]
        #[schemars(crate = ":: agui :: __private :: schemars")]
        #[allow(dead_code)]
        struct Parameters
        where
            for<'agui> String: ::agui::__private::ToolArgument,
        {
            page: String,
        }
        <Parameters as ::agui::__private::schemars::JsonSchema>::json_schema(generator)
    }
}
impl ::core::fmt::Debug for CountVisits
where
    for<'agui> String: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("CountVisits").field("page", &self.page).finish()
    }
}
impl ::core::cmp::PartialEq for CountVisits
where
    for<'agui> String: ::core::cmp::PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        let _ = other;
        true && ::core::cmp::PartialEq::eq(&self.page, &other.page)
    }
}
impl ::agui::ToolSpec for CountVisits
where
    for<'agui> Self: ::agui::__private::Specified,
{
    const NAME: &'static str = "count_visits";
    const DESCRIPTION: &'static str = "Counts the visits to a page.";
    const OPTIONS: ::agui::ToolOptions = ::agui::ToolOptions::new();
    fn output_schema() -> ::core::option::Option<::agui::__private::serde_json::Value> {
        #[allow(unused_imports)]
        use ::agui::__private::returned::{
            AskDescribed as _, AskEventSchema as _, AskUndescribed as _,
        };
        (&&&::agui::__private::returned::Tag::<usize>::new()).agui_schema()
    }
}
impl ::agui::ToolFunction for CountVisits {
    const TOOL_NAME: &'static str = "count_visits";
    #[allow(deprecated)]
    fn tool() -> ::agui::ToolEntry {
        {
            #[allow(unused_imports)]
            use ::agui::__private::returned::{AskBackend as _, AskMistaken as _};
            let _ = ::agui::__private::argument::<String>;
            (&&::agui::__private::returned::Tag::<CountVisits>::new())
                .agui_backend(move |
                    arguments: CountVisits,
                    context: ::agui::ToolContext|
                {
                    let _ = (&arguments, &context);
                    async move {
                        let returned = count_visits(arguments.page, &context).await;
                        #[allow(unused_imports)]
                        use ::agui::__private::returned::{
                            AskAllBeside as _, AskBeside as _, AskBoxed as _,
                            AskContent as _, AskEvent as _, AskEvents as _,
                            AskNested as _, AskFallible as _, AskInfallible as _,
                            AskValue as _,
                        };
                        match (&&::agui::__private::returned::Tag::of(&returned))
                            .agui_split()
                            .split(returned)
                        {
                            ::core::result::Result::Ok(value) => {
                                (&&&::agui::__private::returned::Tag::of(&value.0))
                                    .agui_output()
                                    .convert(value.0)
                            }
                            ::core::result::Result::Err(error) => {
                                ::core::result::Result::Err(
                                    ::agui::__private::returned::failed(error.0),
                                )
                            }
                        }
                    }
                })
        }
    }
}
