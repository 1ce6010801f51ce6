pub struct Shop<S>(pub S);

#[agui::agui_tools]
impl<S: AsRef<str> + Send + Sync + 'static> Shop<S> {
    /// Sells something.
    #[agui_tool]
    pub async fn sell(&self, what: String, amount: u8) -> String {
        format!("{amount} {what} of {}", self.0.as_ref())
    }

    /// Whether it is open.
    #[agui_tool]
    pub fn is_open() -> bool {
        true
    }
}
