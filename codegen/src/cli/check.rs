//! `agui-codegen check`

use super::{Failure, Target, listed, print, read};
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
        let schema = read(&self.schema)?;
        let mut problems = invalid(&schema);
        match agui_codegen::check(&schema) {
            Ok(()) => {}
            Err(agui_codegen::Error::Schema(found)) => problems.extend(found),
            Err(error) => return Err(Failure::of(&self.schema, error)),
        }
        if self.strict {
            problems.extend(undescribed(&schema));
        }
        problems.sort();
        problems.dedup();
        if !problems.is_empty() {
            return Err(Failure::Found(listed(&self.schema, &problems)));
        }
        match &self.generated {
            Some(file) => self.compare(&schema, file)?,
            None => print(format_args!("{}: in order\n", self.schema.display()))?,
        }
        Ok(())
    }

    fn compare(&self, schema: &Schema, file: &Path) -> Result<(), Failure> {
        let wanted =
            generate(schema, &self.target.settings()).map_err(|error| Failure::of(&self.schema, error))?;
        let found = std::fs::read_to_string(file)
            .map_err(|error| Failure::Unable(format!("{}: {error}", file.display())))?;
        if found == wanted.as_str() {
            return print(format_args!("{} is current\n", file.display()));
        }
        let diff = TextDiff::from_lines(found.as_str(), wanted.as_str());
        let diff =
            diff.unified_diff().header(&format!("{} (found)", file.display()), "(generated)").to_string();
        Err(Failure::Found(format!(
            "{diff}\n{file} is not what {schema} gives; to rewrite it:\n  agui-codegen generate {schema} --out {file}{runtime}",
            file = file.display(),
            schema = self.schema.display(),
            runtime = self.target.option(),
        )))
    }
}

/// Where the document is not valid 2020-12.
fn invalid(schema: &Schema) -> Vec<Problem> {
    jsonschema::draft202012::meta::validator()
        .iter_errors(schema.document())
        .map(|error| Problem {
            pointer: error.instance_path().to_string(),
            message: format!("not valid JSON Schema 2020-12: {}", error.masked()),
        })
        .collect()
}
