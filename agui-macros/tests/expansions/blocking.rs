/// Reads a file.
#[agui::agui_tool(blocking, timeout = "500ms", metadata(icon = "file", weight = 3, beta = true))]
pub fn read_file(path: std::path::PathBuf) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
