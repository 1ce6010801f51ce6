use agui::tools;

struct Add;

fn main() {
    let _ = tools![Add];
}
