pub struct Shop<S>(pub S);
impl<S: AsRef<str> + Send + Sync + 'static> Shop<S> {
    /// Sells something.
    pub async fn sell(&self, what: String, amount: u8) -> String {
        format!("{amount} {what} of {}", self.0.as_ref())
    }
    /// Whether it is open.
    pub fn is_open() -> bool {
        true
    }
}
///Sells something.
#[derive(::agui::__private::serde::Deserialize, ::agui::__private::serde::Serialize)]
#[serde(crate = ":: agui :: __private :: serde")]
#[allow(missing_docs)]
pub struct Sell {
    #[serde(
        bound(
            serialize = "for < 'agui > String : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > String : :: agui :: __private :: ToolArgument"
        )
    )]
    pub what: String,
    #[serde(
        bound(
            serialize = "for < 'agui > u8 : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > u8 : :: agui :: __private :: ToolArgument"
        )
    )]
    pub amount: u8,
}
impl ::agui::__private::schemars::JsonSchema for Sell
where
    for<'agui> String: ::agui::__private::ToolArgument,
    for<'agui> u8: ::agui::__private::ToolArgument,
{
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("Sell")
    }
    fn json_schema(
        generator: &mut ::agui::__private::schemars::SchemaGenerator,
    ) -> ::agui::__private::schemars::Schema {
        #[allow(unused_imports)]
        use ::core::convert::Into as _;
        ///Sells something.
        #[derive(::agui::__private::schemars::JsonSchema)]
        #[schemars(crate = ":: agui :: __private :: schemars")]
        #[allow(dead_code)]
        struct Parameters
        where
            for<'agui> String: ::agui::__private::ToolArgument,
            for<'agui> u8: ::agui::__private::ToolArgument,
        {
            what: String,
            amount: u8,
        }
        <Parameters as ::agui::__private::schemars::JsonSchema>::json_schema(generator)
    }
}
impl ::core::fmt::Debug for Sell
where
    for<'agui> String: ::core::fmt::Debug,
    for<'agui> u8: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("Sell")
            .field("what", &self.what)
            .field("amount", &self.amount)
            .finish()
    }
}
impl ::core::cmp::PartialEq for Sell
where
    for<'agui> String: ::core::cmp::PartialEq,
    for<'agui> u8: ::core::cmp::PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        let _ = other;
        true && ::core::cmp::PartialEq::eq(&self.what, &other.what)
            && ::core::cmp::PartialEq::eq(&self.amount, &other.amount)
    }
}
impl ::agui::ToolSpec for Sell
where
    for<'agui> Self: ::agui::__private::Specified,
{
    const NAME: &'static str = "sell";
    const DESCRIPTION: &'static str = "Sells something.";
    const OPTIONS: ::agui::ToolOptions = ::agui::ToolOptions::new();
    fn output_schema() -> ::core::option::Option<::agui::__private::serde_json::Value> {
        #[allow(unused_imports)]
        use ::agui::__private::returned::{
            AskDescribed as _, AskEventSchema as _, AskUndescribed as _,
        };
        (&&&::agui::__private::returned::Tag::<String>::new()).agui_schema()
    }
}
///Whether it is open.
#[derive(::agui::__private::serde::Deserialize, ::agui::__private::serde::Serialize)]
#[serde(crate = ":: agui :: __private :: serde")]
#[allow(missing_docs)]
pub struct IsOpen {}
impl ::agui::__private::schemars::JsonSchema for IsOpen {
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("IsOpen")
    }
    fn json_schema(
        generator: &mut ::agui::__private::schemars::SchemaGenerator,
    ) -> ::agui::__private::schemars::Schema {
        #[allow(unused_imports)]
        use ::core::convert::Into as _;
        ///Whether it is open.
        #[derive(::agui::__private::schemars::JsonSchema)]
        #[schemars(crate = ":: agui :: __private :: schemars")]
        #[allow(dead_code)]
        struct Parameters {}
        <Parameters as ::agui::__private::schemars::JsonSchema>::json_schema(generator)
    }
}
impl ::core::fmt::Debug for IsOpen {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("IsOpen").finish()
    }
}
impl ::core::cmp::PartialEq for IsOpen {
    fn eq(&self, other: &Self) -> bool {
        let _ = other;
        true
    }
}
impl ::agui::ToolSpec for IsOpen
where
    for<'agui> Self: ::agui::__private::Specified,
{
    const NAME: &'static str = "is_open";
    const DESCRIPTION: &'static str = "Whether it is open.";
    const OPTIONS: ::agui::ToolOptions = ::agui::ToolOptions::new();
    fn output_schema() -> ::core::option::Option<::agui::__private::serde_json::Value> {
        #[allow(unused_imports)]
        use ::agui::__private::returned::{
            AskDescribed as _, AskEventSchema as _, AskUndescribed as _,
        };
        (&&&::agui::__private::returned::Tag::<bool>::new()).agui_schema()
    }
}
impl<S: AsRef<str> + Send + Sync + 'static> ::agui::ToolMethods for Shop<S>
where
    for<'agui> Shop<S>: ::agui::__private::ToolObject,
{
    #[allow(deprecated, unused_mut, clippy::vec_init_then_push)]
    fn entries(object: &::std::sync::Arc<Self>) -> ::std::vec::Vec<::agui::ToolEntry> {
        let _ = object;
        let mut list = ::std::vec::Vec::new();
        list.push({
            #[allow(unused_imports)]
            use ::agui::__private::returned::{AskBackend as _, AskMistaken as _};
            let _ = ::agui::__private::argument::<String>;
            let _ = ::agui::__private::argument::<u8>;
            let object = ::core::clone::Clone::clone(object);
            (&&::agui::__private::returned::Tag::<Sell>::new())
                .agui_backend(move |arguments: Sell, context: ::agui::ToolContext| {
                    let object = ::core::clone::Clone::clone(&object);
                    let _ = (&arguments, &context);
                    async move {
                        let returned = <Self>::sell(
                                &*object,
                                arguments.what,
                                arguments.amount,
                            )
                            .await;
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
        });
        list.push({
            #[allow(unused_imports)]
            use ::agui::__private::returned::{AskBackend as _, AskMistaken as _};
            (&&::agui::__private::returned::Tag::<IsOpen>::new())
                .agui_backend(move |arguments: IsOpen, context: ::agui::ToolContext| {
                    let _ = (&arguments, &context);
                    async move {
                        let returned = <Self>::is_open();
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
        });
        list
    }
}
