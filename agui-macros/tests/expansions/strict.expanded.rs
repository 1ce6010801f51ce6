/// Adds.
pub fn add(a: i64, b: i64) -> i64 {
    a + b
}
///Adds.
#[derive(::agui::__private::serde::Deserialize, ::agui::__private::serde::Serialize)]
#[serde(crate = ":: agui :: __private :: serde")]
#[allow(missing_docs)]
pub struct Add {
    #[serde(
        bound(
            serialize = "for < 'agui > i64 : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > i64 : :: agui :: __private :: ToolArgument"
        )
    )]
    pub a: i64,
    #[serde(
        bound(
            serialize = "for < 'agui > i64 : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > i64 : :: agui :: __private :: ToolArgument"
        )
    )]
    pub b: i64,
}
impl ::agui::__private::schemars::JsonSchema for Add
where
    for<'agui> i64: ::agui::__private::ToolArgument,
{
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("Add")
    }
    fn json_schema(
        generator: &mut ::agui::__private::schemars::SchemaGenerator,
    ) -> ::agui::__private::schemars::Schema {
        #[allow(unused_imports)]
        use ::core::convert::Into as _;
        ///Adds.
        #[derive(::agui::__private::schemars::JsonSchema)]
        #[schemars(crate = ":: agui :: __private :: schemars")]
        #[allow(dead_code)]
        struct Parameters
        where
            for<'agui> i64: ::agui::__private::ToolArgument,
        {
            #[schemars(range(min = 0))]
            a: i64,
            b: i64,
        }
        <Parameters as ::agui::__private::schemars::JsonSchema>::json_schema(generator)
    }
}
impl ::core::fmt::Debug for Add
where
    for<'agui> i64: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("Add").field("a", &self.a).field("b", &self.b).finish()
    }
}
impl ::core::cmp::PartialEq for Add
where
    for<'agui> i64: ::core::cmp::PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        let _ = other;
        true && ::core::cmp::PartialEq::eq(&self.a, &other.a)
            && ::core::cmp::PartialEq::eq(&self.b, &other.b)
    }
}
impl ::agui::ToolSpec for Add
where
    for<'agui> Self: ::agui::__private::Specified,
{
    const NAME: &'static str = "add";
    const DESCRIPTION: &'static str = "Adds.";
    const OPTIONS: ::agui::ToolOptions = ::agui::ToolOptions::new()
        .strict(true)
        .output_schema(true);
    fn output_schema() -> ::core::option::Option<::agui::__private::serde_json::Value> {
        #[allow(unused_imports)]
        use ::agui::__private::returned::{
            AskDescribed as _, AskEventSchema as _, AskUndescribed as _,
        };
        (&&&::agui::__private::returned::Tag::<i64>::new()).agui_schema()
    }
}
impl ::agui::ToolFunction for Add {
    const TOOL_NAME: &'static str = "add";
    #[allow(deprecated)]
    fn tool() -> ::agui::ToolEntry {
        {
            #[allow(unused_imports)]
            use ::agui::__private::returned::{AskBackend as _, AskMistaken as _};
            let _ = ::agui::__private::argument::<i64>;
            (&&::agui::__private::returned::Tag::<Add>::new())
                .agui_backend(move |arguments: Add, context: ::agui::ToolContext| {
                    let _ = (&arguments, &context);
                    async move {
                        let returned = add(arguments.a, arguments.b);
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
