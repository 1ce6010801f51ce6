use agui::agui_tool;

struct Broken;

/// A report.
#[agui_tool]
fn make_report() -> Result<String, Broken> {
    Err(Broken)
}

fn main() {}
