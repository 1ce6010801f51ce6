//! All mistakes at once: one does not hide the next.

use proc_macro2::TokenStream;
use quote::ToTokens;
use std::cell::{Cell, RefCell};
use std::fmt::Display;

/// Collects errors while parsing and checking go on.
#[derive(Default)]
pub(crate) struct Errors {
    found: RefCell<Vec<syn::Error>>,
    /// Whether there is a mistake that the compiler tells of by itself.
    told: Cell<Option<&'static str>>,
}

impl Errors {
    /// An error at some tokens.
    pub(crate) fn at(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&self, error: syn::Error) {
        self.found.borrow_mut().push(error);
    }

    /// There is a mistake, and the compiler says so without help where it sees the function.
    pub(crate) fn told(&self, message: &'static str) {
        self.told.set(Some(message));
    }

    /// The function is not there for the compiler to see.
    pub(crate) fn tell(&self, tokens: impl ToTokens) {
        if let Some(message) = self.told.take() {
            self.at(tokens, message);
        }
    }

    /// The value, or nothing where there is an error instead.
    pub(crate) fn ok<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.borrow().is_empty() && self.told.get().is_none()
    }

    /// One `compile_error!` an error.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.found.into_inner().iter().map(syn::Error::to_compile_error).collect()
    }
}
