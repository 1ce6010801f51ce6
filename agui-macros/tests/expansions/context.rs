/// Counts the visits to a page.
#[agui::agui_tool]
pub async fn count_visits(page: String, context: &agui::ToolContext) -> agui::Result<usize> {
    let visits: &Vec<String> = context.require()?;
    Ok(visits.iter().filter(|visited| **visited == page).count())
}
