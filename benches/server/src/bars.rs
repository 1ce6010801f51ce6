//! What this project wants to reach, and whether a run did.

use crate::Outcome;
use crate::peers::Peer;
use crate::results::{Results, Who};
use crate::servers::Server;
use crate::talk::Shape;
use std::fmt;

/// A figure and its limit.
#[derive(Debug)]
pub(crate) struct Bar {
    what: &'static str,
    found: f64,
    limit: Limit,
}

#[derive(Debug)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Bar {
    fn at_most(limit: f64, what: &'static str, found: f64) -> Self {
        Self { what, found, limit: Limit::AtMost(limit) }
    }

    pub(crate) fn holds(&self) -> bool {
        match self.limit {
            Limit::AtMost(limit) => self.found <= limit,
            Limit::AtLeast(limit) => self.found >= limit,
        }
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds() { "OK  " } else { "MISS" };
        let (relation, limit) = match self.limit {
            Limit::AtMost(limit) => ("at most", limit),
            Limit::AtLeast(limit) => ("at least", limit),
        };
        write!(f, "{verdict}  {}: {:.2}, {relation} {limit}", self.what, self.found)
    }
}

pub(crate) fn all(results: &Results) -> Outcome<Vec<Bar>> {
    let ours = Who::Server(Server::Agui);
    let ratio = |shape, other| {
        results.cpu_ratio(ours, other, shape).ok_or_else(|| format!("{other} was not measured beside agui"))
    };
    let lone = |server| results.of(Who::Server(server), Shape::Lone, 1).map(|figures| figures.lone.p50);
    let busy = results.of(ours, Shape::Burst, 32)?.whole_run.p50 / 1e3;
    let mut bars = vec![
        Bar::at_most(
            2.0,
            "burst, CPU by that of coalescing axum",
            ratio(Shape::Burst, Who::Server(Server::Coalescing))?,
        ),
        Bar::at_most(
            1.15,
            "paced, CPU by that of axum's chunks",
            ratio(Shape::Paced, Who::Server(Server::Chunks))?,
        ),
        Bar::at_most(
            1.1,
            "a lone event, p50 of its way by that with axum's chunks",
            lone(Server::Agui)? / lone(Server::Chunks)?,
        ),
        Bar::at_most(2.0, "burst, p50 of a run with 32 connections, ms", busy),
    ];
    let rivals = Server::RIVALS.iter().map(|&rival| ratio(Shape::Burst, Who::Server(rival)));
    if let Some(best) = rivals.collect::<Result<Vec<_>, _>>()?.into_iter().max_by(f64::total_cmp) {
        bars.insert(1, Bar::at_most(0.25, "burst, CPU by that of the best rival", best));
    }
    let peers = Peer::ALL.iter().filter_map(|&peer| results.cpu_ratio(Who::Peer(peer), ours, Shape::Burst));
    if let Some(found) = peers.min_by(f64::total_cmp) {
        bars.push(Bar {
            what: "burst, runs a core by those of the better Python server",
            found,
            limit: Limit::AtLeast(100.0),
        });
    }
    Ok(bars)
}
