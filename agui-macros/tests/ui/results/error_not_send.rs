use agui::agui_tool;

use std::rc::Rc;

#[derive(Debug)]
struct Broken(Rc<str>);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}

/// A report.
#[agui_tool]
fn make_report() -> Result<String, Broken> {
    Ok(String::new())
}

fn main() {}
