/// Adds.
#[agui::agui_tool(strict, output_schema)]
pub fn add(#[schemars(range(min = 0))] a: i64, b: i64) -> i64 {
    a + b
}
