use agui::agui_tool;

#[agui_tool]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
