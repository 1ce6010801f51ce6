use agui::agui_tool;

use std::rc::Rc;

/// A report.
#[agui_tool]
async fn make_report() -> Result<Rc<str>, agui::ToolError> {
    Ok("report".into())
}

fn main() {}
