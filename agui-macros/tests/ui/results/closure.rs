use agui::agui_tool;

/// A report.
#[agui_tool]
fn make_report() -> Box<dyn Fn() -> u8> {
    Box::new(|| 7)
}

fn main() {}
