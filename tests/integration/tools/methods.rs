//! Methods under `#[agui_tools]`.

use agui::testing::{ask, call_tool};
use agui::{Result, ToolContext, ToolSpec, Tools, agui_tools, tools};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

trait Store: Send + Sync + 'static {
    fn look_up(&self, key: &str) -> String;
}

struct Fixed;

impl Store for Fixed {
    fn look_up(&self, key: &str) -> String {
        format!("value of {key}")
    }
}

struct Shop<S> {
    store: S,
    asked: AtomicU32,
}

#[agui_tools]
impl<S: Store> Shop<S> {
    /// Looks something up.
    #[agui_tool]
    async fn look_up(
        &self,
        /// What to look for.
        key: String,
        context: &ToolContext,
    ) -> Result<String> {
        self.count();
        Ok(format!("{} in {}", self.store.look_up(&key), context.run_id()))
    }

    /// How often something was asked.
    #[agui_tool(name = "count_of_questions")]
    fn questions(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The name of the shop.
    #[agui_tool(blocking)]
    fn shop_name() -> &'static str {
        "Corner"
    }

    /// Is not there.
    #[cfg(any())]
    #[agui_tool]
    fn not_there(&self) -> NoSuchType {
        no_such_function()
    }

    /// Still there.
    #[cfg(not(any()))]
    #[deprecated = "soon gone"]
    #[agui_tool]
    fn still_there(&self) -> u8 {
        1
    }

    fn count(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn methods_share_their_object() {
    let shop = Arc::new(Shop { store: Fixed, asked: AtomicU32::new(0) });
    let tools = Tools::shared(&shop).unwrap();
    let names: Vec<_> = tools.iter().map(|tool| tool.name()).collect();
    assert_eq!(names, ["look_up", "count_of_questions", "shop_name", "still_there"]);
    assert_eq!(
        LookUp::definition().parameters.unwrap()["properties"]["key"]["description"],
        "What to look for."
    );

    let look_up = tools.get("look_up").unwrap();
    let called = call_tool(look_up, r#"{"key":"k"}"#, ask("")).await;
    assert_eq!(called.text(), "value of k in run-1");
    assert_eq!(call_tool(tools.get("count_of_questions").unwrap(), "", ask("")).await.text(), "1");
    assert_eq!(call_tool(tools.get("shop_name").unwrap(), "{}", ask("")).await.text(), "Corner");
    assert_eq!(shop.questions(), 1);
}

/// Looks something up.
#[agui::agui_tool(arguments = Other)]
fn look_up(key: String) -> String {
    key
}

#[test]
fn names_are_unique_in_the_whole_set() {
    let shop = || Shop { store: Fixed, asked: AtomicU32::new(0) };
    let error = tools![Other].unwrap().and(Tools::methods(shop()).unwrap()).unwrap_err();
    assert!(error.to_string().contains("two tools called `look_up`"), "{error}");
}
