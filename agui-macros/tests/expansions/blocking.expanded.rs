/// Reads a file.
pub fn read_file(path: std::path::PathBuf) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
///Reads a file.
#[derive(::agui::__private::serde::Deserialize, ::agui::__private::serde::Serialize)]
#[serde(crate = ":: agui :: __private :: serde")]
#[allow(missing_docs)]
pub struct ReadFile {
    #[serde(
        bound(
            serialize = "for < 'agui > std :: path :: PathBuf : :: agui :: __private :: serde :: Serialize",
            deserialize = "for < 'agui > std :: path :: PathBuf : :: agui :: __private :: ToolArgument"
        )
    )]
    pub path: std::path::PathBuf,
}
impl ::agui::__private::schemars::JsonSchema for ReadFile
where
    for<'agui> std::path::PathBuf: ::agui::__private::ToolArgument,
{
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("ReadFile")
    }
    fn json_schema(
        generator: &mut ::agui::__private::schemars::SchemaGenerator,
    ) -> ::agui::__private::schemars::Schema {
        #[allow(unused_imports)]
        use ::core::convert::Into as _;
        ///Reads a file.
        #[derive(::agui::__private::schemars::JsonSchema)]
        #[schemars(crate = ":: agui :: __private :: schemars")]
        #[allow(dead_code)]
        struct Parameters
        where
            for<'agui> std::path::PathBuf: ::agui::__private::ToolArgument,
        {
            path: std::path::PathBuf,
        }
        <Parameters as ::agui::__private::schemars::JsonSchema>::json_schema(generator)
    }
}
impl ::core::fmt::Debug for ReadFile
where
    for<'agui> std::path::PathBuf: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("ReadFile").field("path", &self.path).finish()
    }
}
impl ::core::cmp::PartialEq for ReadFile
where
    for<'agui> std::path::PathBuf: ::core::cmp::PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        let _ = other;
        true && ::core::cmp::PartialEq::eq(&self.path, &other.path)
    }
}
impl ::agui::ToolSpec for ReadFile
where
    for<'agui> Self: ::agui::__private::Specified,
{
    const NAME: &'static str = "read_file";
    const DESCRIPTION: &'static str = "Reads a file.";
    const OPTIONS: ::agui::ToolOptions = ::agui::ToolOptions::new()
        .timeout(::core::time::Duration::from_millis(500u64));
    fn metadata() -> ::core::option::Option<::agui::__private::Metadata> {
        ::core::option::Option::Some(
            ::agui::__private::metadata([
                ("icon", ::core::convert::Into::into("file")),
                ("weight", ::core::convert::Into::into(3 as i64)),
                ("beta", ::core::convert::Into::into(true)),
            ]),
        )
    }
    fn output_schema() -> ::core::option::Option<::agui::__private::serde_json::Value> {
        #[allow(unused_imports)]
        use ::agui::__private::returned::{
            AskDescribed as _, AskEventSchema as _, AskUndescribed as _,
        };
        (&&&::agui::__private::returned::Tag::<String>::new()).agui_schema()
    }
}
impl ::agui::ToolFunction for ReadFile {
    const TOOL_NAME: &'static str = "read_file";
    #[allow(deprecated)]
    fn tool() -> ::agui::ToolEntry {
        {
            #[allow(unused_imports)]
            use ::agui::__private::returned::{AskBackend as _, AskMistaken as _};
            let _ = ::agui::__private::argument::<std::path::PathBuf>;
            (&&::agui::__private::returned::Tag::<ReadFile>::new())
                .agui_backend(move |arguments: ReadFile, context: ::agui::ToolContext| {
                    let _ = (&arguments, &context);
                    async move {
                        let returned = ::agui::__private::blocking(move || read_file(
                                arguments.path,
                            ))
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
        }
    }
}
