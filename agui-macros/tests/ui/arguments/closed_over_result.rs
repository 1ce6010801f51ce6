use agui::agui_tool;

/// Adds.
#[agui_tool]
fn add(a: Result<i64, std::fmt::Error>) -> i64 {
    a.unwrap_or_default()
}

fn main() {}
