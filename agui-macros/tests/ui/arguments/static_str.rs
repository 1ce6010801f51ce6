use agui::agui_tool;

/// Looks a thing up.
#[agui_tool]
fn look_up(key: &'static str) -> String {
    let _ = key;
    String::new()
}

fn main() {}
