use agui::agui_tool;

/// Reads a file.
#[agui_tool(blocking)]
fn read(path: String) -> impl Future<Output = String> + Send {
    std::future::ready(path)
}

fn main() {}
