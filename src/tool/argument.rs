//! What the compiler says of types that cannot be arguments, or answers.
//!
//! These traits exist for their messages: they are implemented for all types that will do, and generated code
//! asks for them at the type in the user's signature.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// What the type that is made of all arguments has to be.
pub trait Specified: DeserializeOwned + JsonSchema + Send {}

impl<T: DeserializeOwned + JsonSchema + Send> Specified for T {}

/// What can be an argument of a tool.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a tool",
    label = "this cannot be read from JSON, has no JSON Schema, or cannot be sent to another thread",
    note = "derive both `serde::Deserialize` and `schemars::JsonSchema` for it and what it contains; it has to be `Send + 'static` as well"
)]
pub trait ToolArgument: DeserializeOwned + JsonSchema + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> ToolArgument for T {}

/// What an argument under `#[serde(default)]` has to be as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default",
    label = "this argument may be absent, and then it is the default of this type",
    note = "derive `Default` for it, name a function by `#[serde(default = \"function\")]`, or make it an `Option`"
)]
pub trait ToolDefault: Default {}

#[diagnostic::do_not_recommend]
impl<T: Default> ToolDefault for T {}

/// What the methods of an object need to be tools.
#[diagnostic::on_unimplemented(
    message = "the methods of `{Self}` cannot be tools",
    label = "tools run side by side and on any thread, so this has to be `Send`, `Sync` and `'static`",
    note = "hold `Arc` instead of `Rc`, and a lock instead of a `Cell` or `RefCell`"
)]
pub trait ToolObject: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> ToolObject for T {}

/// What an application can answer with.
#[diagnostic::on_unimplemented(
    message = "the application cannot answer with `{Self}`",
    label = "this cannot be read from JSON",
    note = "derive `serde::Deserialize` for it and what it contains; it cannot borrow"
)]
pub trait ToolAnswer: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> ToolAnswer for T {}

/// Compiles where a type can be an argument.
pub const fn argument<T: ToolArgument>() {}

/// Compiles where a type has a default.
pub const fn default<T: ToolDefault>() {}

/// Compiles where methods of a type can be tools.
pub const fn object<T: ToolObject>() {}

/// Compiles where an application can answer with a type.
pub const fn answer<T: ToolAnswer>() {}
