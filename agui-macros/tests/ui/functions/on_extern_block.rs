use agui::agui_tool;

#[agui_tool]
unsafe extern "C" {
    fn count(value: u8) -> u8;
}

fn main() {}
