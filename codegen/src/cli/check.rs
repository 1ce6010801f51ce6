//! `agui-codegen check`

use super::input::{Input, read_text};
use super::{Failure, Target, print, report};
use agui_codegen::{Problem, Schema, generate, undescribed};
use similar::TextDiff;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// The schema file.
    schema: PathBuf,
    /// Insist on a description for every definition and property.
    #[arg(long)]
    strict: bool,
    /// Check that this generated file is what the schema gives now.
    #[arg(long, value_name = "FILE")]
    generated: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let input = Input::read(&self.schema)?;
        let mut problems = match agui_codegen::check(&input.schema) {
            Ok(()) => Vec::new(),
            Err(agui_codegen::Error::Schema(found)) => found,
            Err(error) => return Err(input.failure(error)),
        };
        // What we found at a place says more than what JSON Schema in general says about it.
        let invalid = invalid(&input.schema);
        let told = |at: &str| problems.iter().any(|problem| problem.pointer == at);
        let more: Vec<_> = invalid.into_iter().filter(|problem| !told(&problem.pointer)).collect();
        problems.extend(more);
        if self.strict {
            problems.extend(undescribed(&input.schema));
        }
        problems.sort();
        problems.dedup();
        if !problems.is_empty() {
            return Err(input.found(&problems));
        }
        match &self.generated {
            Some(file) => self.compare(&input, file)?,
            None => print(format_args!("{}: in order\n", self.schema.display()))?,
        }
        Ok(())
    }

    fn compare(&self, input: &Input, file: &Path) -> Result<(), Failure> {
        let wanted =
            generate(&input.schema, &self.target.settings()).map_err(|error| input.failure(error))?;
        let found = read_text(file)?;
        if found == wanted.as_str() {
            return print(format_args!("{} is current\n", file.display()));
        }
        let diff = TextDiff::from_lines(found.as_str(), wanted.as_str());
        let diff =
            diff.unified_diff().header(&format!("{} (found)", file.display()), "(generated)").to_string();
        let (file, schema, runtime) = (file.display(), self.schema.display(), self.target.option());
        let found = report::message(
            &format!("{file} is not what {schema} gives"),
            &format!("to rewrite it: agui-codegen generate {schema} --out {file}{runtime}"),
        );
        Err(Failure::Found(format!("{diff}\n{found}")))
    }
}

/// Where the document is not valid 2020-12.
fn invalid(schema: &Schema) -> Vec<Problem> {
    jsonschema::draft202012::meta::validator()
        .iter_errors(schema.document())
        .map(|error| Problem {
            pointer: error.instance_path().to_string(),
            message: format!("not valid JSON Schema 2020-12: {}", error.masked()),
            help: Some("write what the keyword takes".to_owned()),
        })
        .collect()
}
