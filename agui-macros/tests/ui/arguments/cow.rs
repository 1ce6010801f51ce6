use agui::agui_tool;

/// Looks a thing up.
#[agui_tool]
fn look_up(key: std::borrow::Cow<'_, str>) -> String {
    let _ = key;
    String::new()
}

fn main() {}
