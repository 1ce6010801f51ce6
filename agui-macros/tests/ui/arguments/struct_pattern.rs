use agui::agui_tool;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Sum {
    a: i64,
}

/// Adds.
#[agui_tool]
fn add(Sum { a }: Sum) -> i64 {
    a
}

fn main() {}
