//! Measures decoding and encoding of AG-UI data, and runs in process, beside the crates that exist already, and holds the
//! outcome against this project's bars. See the README beside this package.

mod bars;
mod contestants;
mod inputs;
mod measure;
mod results;

use contestants::Contestant;
use inputs::Inputs;
use measure::Task;
use results::Results;
use std::error::Error;
use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<ExitCode> {
    let mut check = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--check" => check = true,
            other => return Err(format!("unknown argument {other}, only --check is known").into()),
        }
    }

    let inputs = Inputs::make()?;
    let results = run(contestants::all(&inputs)?)?;
    print!("{results}");
    println!();

    let bars = bars::all(&results)?;
    for bar in &bars {
        println!("{bar}");
    }
    let missed = bars.iter().any(|bar| !bar.holds());
    Ok(if check && missed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn run(mut contestants: Vec<Contestant<'_>>) -> Outcome<Results> {
    let decode = discipline(&mut contestants, |contestant| contestant.decode.as_mut())?;
    let encode = discipline(&mut contestants, |contestant| contestant.encode.as_mut())?;
    let input = discipline(&mut contestants, |contestant| contestant.input.as_mut())?;
    let run = discipline(&mut contestants, |contestant| contestant.run.as_mut())?;
    let state = discipline(&mut contestants, |contestant| contestant.state.as_mut())?;
    let mut results = Results::default();
    let rows = contestants.iter().zip(decode).zip(encode).zip(input).zip(run).zip(state);
    for (((((contestant, decode), encode), input), run), state) in rows {
        results.add(contestant.who, [decode, encode, input, run, state]);
    }
    Ok(results)
}

/// Measures one discipline for all contestants that take part in it.
fn discipline<'t, 'a: 't>(
    contestants: &'t mut [Contestant<'a>],
    task: impl Fn(&'t mut Contestant<'a>) -> Option<&'t mut Task<'a>>,
) -> Outcome<Vec<Option<measure::Figures>>> {
    measure::interleaved(contestants.iter_mut().map(task).collect())
}
