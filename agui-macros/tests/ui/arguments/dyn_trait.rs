use agui::agui_tool;

/// Looks a thing up.
#[agui_tool]
fn look_up(key: Box<dyn Fn() -> u8>) -> String {
    let _ = key;
    String::new()
}

fn main() {}
