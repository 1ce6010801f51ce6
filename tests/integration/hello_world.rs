//! The smallest program: what the README shows is what the example is.

use std::path::Path;

#[test]
fn the_first_program_of_the_readme_is_the_hello_example_in_at_most_ten_lines() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("```rust,no_run\n").expect("a Rust program in the README");
    let (program, _) = rest.split_once("```").expect("an end of the program");
    let example = read("examples/hello.rs");

    assert_eq!(lines(program), lines(&example));
    assert!(lines(&example).len() <= 10, "{} lines", lines(&example).len());
    assert!(lines(&example).contains(&"async fn main() -> Result {"), "{example}");
}

#[test]
fn a_backend_tool_a_frontend_tool_a_custom_event_and_shared_state_take_at_most_25_lines() {
    let example = read("examples/assistant.rs");
    let (example, _) = example.split_once("#[cfg(test)]").expect("its tests");
    let lines = lines(example);
    assert!(lines.len() <= 25, "{} lines", lines.len());
    for needed in
        ["agui_tool", "show_line(line: String) -> String;", "CustomEvent", "modify_state", "agui::serve"]
    {
        assert!(lines.iter().any(|line| line.contains(needed)), "no {needed}");
    }
}

/// The lines that count: neither blank nor a comment.
fn lines(program: &str) -> Vec<&str> {
    program.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//")).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}
