use agui::tools;

fn main() {
    let _ = tools![Subtract];
}
