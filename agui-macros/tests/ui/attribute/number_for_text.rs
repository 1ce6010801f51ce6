use agui::agui_tool;

#[agui_tool(description = 7)]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
