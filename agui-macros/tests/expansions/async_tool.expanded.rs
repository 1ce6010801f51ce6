/// The current weather
/// at a place.
pub async fn get_weather(city: String, days: Option<u8>) -> agui::Result<String> {
    Ok(format!("{city}: sunny for {} days", days.unwrap_or(1)))
}
/**The current weather
at a place.*/
#[derive(::agui::__private::serde::Deserialize, ::agui::__private::serde::Serialize)]
#[serde(crate = ":: agui :: __private :: serde")]
#[allow(missing_docs)]
pub struct Weather {
    /// The city's name.
    #[serde(
        bound(
            serialize = "for < 'agui > String : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > String : :: agui :: __private :: ToolArgument"
        )
    )]
    pub city: String,
    #[serde(default)]
    #[serde(
        bound(
            serialize = "for < 'agui > Option < u8 > : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > Option < u8 > : :: agui :: __private :: ToolArgument, for < 'agui > Option < u8 > : :: agui :: __private :: ToolDefault"
        )
    )]
    pub days: Option<u8>,
}
impl ::agui::__private::schemars::JsonSchema for Weather
where
    for<'agui> String: ::agui::__private::ToolArgument,
    for<'agui> Option<u8>: ::agui::__private::ToolArgument,
    for<'agui> Option<u8>: ::agui::__private::ToolDefault,
{
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("Weather")
    }
    fn json_schema(
        generator: &mut ::agui::__private::schemars::SchemaGenerator,
    ) -> ::agui::__private::schemars::Schema {
        #[allow(unused_imports)]
        use ::core::convert::Into as _;
        /**The current weather
at a place.*/
        #[derive(::agui::__private::schemars::JsonSchema)]
        #[schemars(crate = ":: agui :: __private :: schemars")]
        #[allow(dead_code)]
        struct Parameters
        where
            for<'agui> String: ::agui::__private::ToolArgument,
            for<'agui> Option<u8>: ::agui::__private::ToolArgument,
            for<'agui> Option<u8>: ::agui::__private::ToolDefault,
        {
            /// The city's name.
            city: String,
            #[serde(default)]
            days: Option<u8>,
        }
        <Parameters as ::agui::__private::schemars::JsonSchema>::json_schema(generator)
    }
}
impl ::core::fmt::Debug for Weather
where
    for<'agui> String: ::core::fmt::Debug,
    for<'agui> Option<u8>: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("Weather")
            .field("city", &self.city)
            .field("days", &self.days)
            .finish()
    }
}
impl ::core::cmp::PartialEq for Weather
where
    for<'agui> String: ::core::cmp::PartialEq,
    for<'agui> Option<u8>: ::core::cmp::PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        let _ = other;
        true && ::core::cmp::PartialEq::eq(&self.city, &other.city)
            && ::core::cmp::PartialEq::eq(&self.days, &other.days)
    }
}
impl ::agui::ToolSpec for Weather
where
    for<'agui> Self: ::agui::__private::Specified,
{
    const NAME: &'static str = "weather";
    const DESCRIPTION: &'static str = "The current weather\nat a place.";
    const OPTIONS: ::agui::ToolOptions = ::agui::ToolOptions::new()
        .requires_approval(true);
    fn output_schema() -> ::core::option::Option<::agui::__private::serde_json::Value> {
        #[allow(unused_imports)]
        use ::agui::__private::returned::{
            AskDescribed as _, AskEventSchema as _, AskUndescribed as _,
        };
        (&&&::agui::__private::returned::Tag::<String>::new()).agui_schema()
    }
}
impl ::agui::ToolFunction for Weather {
    const TOOL_NAME: &'static str = "weather";
    #[allow(deprecated)]
    fn tool() -> ::agui::ToolEntry {
        {
            #[allow(unused_imports)]
            use ::agui::__private::returned::{AskBackend as _, AskMistaken as _};
            let _ = ::agui::__private::argument::<String>;
            let _ = ::agui::__private::argument::<Option<u8>>;
            let _ = ::agui::__private::default::<Option<u8>>;
            (&&::agui::__private::returned::Tag::<Weather>::new())
                .agui_backend(move |arguments: Weather, context: ::agui::ToolContext| {
                    let _ = (&arguments, &context);
                    let future = get_weather(arguments.city, arguments.days);
                    async move {
                        let returned = future.await;
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
