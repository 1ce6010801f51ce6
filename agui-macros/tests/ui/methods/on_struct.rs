use agui::agui_tools;

#[agui_tools]
struct Shop;

fn main() {}
