use agui::agui_tools;

struct Report;

struct Shop;

#[agui_tools]
impl Shop {
    /// A report.
    #[agui_tool]
    async fn make_report(&self) -> Report {
        Report
    }
}

fn main() {}
