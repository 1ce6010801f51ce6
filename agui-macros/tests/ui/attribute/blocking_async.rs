use agui::agui_tool;

/// Reads a file.
#[agui_tool(blocking)]
async fn read(path: String) -> String {
    path
}

fn main() {}
