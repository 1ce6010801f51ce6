use agui::agui_tool;

struct Report {
    _pages: u8,
}

/// A report.
#[agui_tool]
async fn make_report() -> Report {
    Report { _pages: 1 }
}

fn main() {}
