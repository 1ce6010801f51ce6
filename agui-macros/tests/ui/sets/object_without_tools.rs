use agui::Tools;

struct Shop;

fn main() {
    let _ = Tools::methods(Shop);
}
