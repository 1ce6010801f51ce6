use agui::agui_tool;

use std::error::Error;

/// A report.
#[agui_tool]
async fn make_report() -> Result<String, Box<dyn Error>> {
    Ok(String::new())
}

fn main() {}
