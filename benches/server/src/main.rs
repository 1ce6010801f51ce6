//! Measures served runs beside plain axum and the servers that exist already, and holds the outcome against
//! this project's bars. See the README beside this package.

mod bars;
mod load;
mod peers;
mod process;
mod results;
mod servers;
mod talk;

use load::Load;
use peers::Peer;
use process::Process;
use results::{Results, Who};
use servers::Server;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use talk::Shape;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Each server has its turn in each of them; what counts is its best.
const ROUNDS: usize = 7;

/// How long a turn takes.
const TURN: Duration = Duration::from_millis(300);

const CONNECTIONS: [usize; 5] = [1, 16, 32, 64, 256];

fn main() -> Outcome<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (mut check, mut python, mut rounds) = (false, None, ROUNDS);
    match arguments.as_slice() {
        ["serve", server, shape] => {
            servers::process(server.parse()?, shape.parse()?)?;
            return Ok(ExitCode::SUCCESS);
        }
        options => {
            let mut options = options.iter();
            while let Some(option) = options.next() {
                match (*option, options.as_slice().first()) {
                    ("--check", _) => check = true,
                    ("--python", Some(path)) => python = Some(PathBuf::from(path)),
                    ("--rounds", Some(number)) => rounds = number.parse()?,
                    (option, _) => {
                        return Err(format!("{option}: see benches/server/README.md").into());
                    }
                }
                if *option != "--check" {
                    options.next();
                }
            }
        }
    }

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let results = runtime.block_on(measure(rounds, python))?;
    print!("{results}");
    let bars = bars::all(&results)?;
    for bar in &bars {
        println!("{bar}");
    }
    let missed = bars.iter().any(|bar| !bar.holds());
    Ok(if check && missed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn measure(rounds: usize, python: Option<PathBuf>) -> Outcome<Results> {
    let mut results = Results::default();
    let program = std::env::current_exe()?;
    for shape in Shape::ALL {
        let mut servers = Vec::new();
        for &server in Server::ALL {
            let arguments = ["serve", &server.to_string(), &shape.to_string()];
            servers.push((server, Process::start(&program, &arguments)?));
        }
        let connections = if shape == Shape::Lone { &[1][..] } else { &CONNECTIONS };
        for round in 1..=rounds {
            eprintln!("{shape}, round {round} of {rounds}");
            for &connections in connections {
                for (server, process) in &servers {
                    let load = Load { path: "/agui", shape, connections, time: TURN };
                    let figures = load.put_on(process).await.map_err(|error| format!("{server}: {error}"))?;
                    results.add(Who::Server(*server), shape, connections, figures);
                }
            }
        }
    }
    if let Some(python) = python {
        for peer in Peer::ALL {
            for shape in [Shape::Burst, Shape::Paced] {
                eprintln!("{peer}, {shape}");
                peer.measure(&python, shape, &mut results).await?;
            }
        }
    }
    Ok(results)
}
