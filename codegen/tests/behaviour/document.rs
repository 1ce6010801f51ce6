//! A root with a structure, anchors, defaults, and descriptions that are no Markdown.

/// What `document.json` gives; formatted by the generator.
#[path = "../goldens/document.rs"]
#[rustfmt::skip]
pub mod generated;

use crate::{refused, round_trip};
use generated::{PROTOCOL_VERSION, SCHEMA_ID, Sky, Station, WeatherReport, visit_definitions};

#[test]
fn the_root_is_a_type_called_by_its_title() {
    let report = WeatherReport::new(Station::new("Top").height(2962.0)).sky(vec![Sky::Odd, Sky::TwoLines]);
    round_trip(&report, r#"{"station":{"name":"Top","height":2962.0},"sky":["`odd`","two\nlines"]}"#);
    refused::<WeatherReport>(r#"{"station":{"name":"a"},"days":0}"#, "/days", "0 is out of bounds");
}

#[test]
fn a_default_is_not_written() {
    let report = WeatherReport::new(Station::new("Top"));
    assert_eq!((report.days, report.unit.as_deref()), (None, None));
    round_trip(&report, r#"{"station":{"name":"Top"}}"#);
}

#[test]
fn the_document_is_identified() {
    assert_eq!((SCHEMA_ID, PROTOCOL_VERSION), ("https://example.com/spec/2.1/weather.json", "2.1"));
    let mut names = crate::Names::default();
    visit_definitions(&mut names);
    assert_eq!(names.0, ["Sky", "Station"]);
}
