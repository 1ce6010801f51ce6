use agui::agui_tool;

/// A report.
#[agui_tool]
async fn make_report() -> impl Iterator<Item = u8> {
    [1, 2].into_iter()
}

fn main() {}
