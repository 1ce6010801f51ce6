//! `agui-codegen adopt`

use super::diff::coloured;
use super::input::{Input, read_text};
use super::{Failure, Target, print};
use agui_codegen::{Adopted, Problem, diff, write_all};
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Adopt {
    /// The schema file to adopt, `-` for standard input.
    file: PathBuf,
    /// The folder of adopted schemas; its file `current` names the one in use.
    #[arg(long, value_name = "DIR", default_value = "schema")]
    schemas: PathBuf,
    /// A committed file of generated code to rewrite along with it.
    #[arg(long, value_name = "FILE")]
    generated: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
    /// Show what would be done and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Adopt {
    pub(super) fn run(self) -> Result<(), Failure> {
        let current = self.schemas.join("current");
        let name = read_text(&current)?.trim().to_owned();
        let old_path = self.schemas.join(&name);
        let old = Input::read(&old_path)?;
        let new = self.read_new()?;
        let adopted = agui_codegen::adopt(&new.schema, &old.schema).map_err(|error| new.failure(error))?;
        let version = |input: &Input| match input.schema.version() {
            Some(version) => Ok(version.to_owned()),
            None => Err(input.found(&[no_version()])),
        };
        // The current file's name with the new version in place of the old one.
        let new_name = name.replace(&version(&old)?, &version(&new)?);
        let new_path = self.schemas.join(&new_name);

        let changes = diff::diff(&old.schema, &adopted.schema).map_err(|error| new.failure(error))?;
        let mut report = diff::text(&changes, coloured());
        undescribed(&mut report, &new_path, &adopted);

        let mut files = vec![(new_path, adopted.text())];
        if let Some(generated) = &self.generated {
            let code = agui_codegen::generate(&adopted.schema, &self.target.settings())
                .map_err(|error| new.failure(error))?;
            files.push((generated.clone(), code.as_str().to_owned()));
        }
        // Last, since it is what makes the rest count.
        files.push((current, format!("{new_name}\n")));
        let verb = if self.dry_run { "would write" } else { "wrote" };
        for (path, _) in &files {
            report.push_str(&format!("{verb} {}\n", path.display()));
        }
        if !self.dry_run {
            write_all(&files).map_err(|error| {
                Failure::unable(error).and(Failure::Unable("Nothing was changed.".to_owned()))
            })?;
        }
        print(report)
    }

    fn read_new(&self) -> Result<Input, Failure> {
        if self.file.as_os_str() == "-" { Input::read_stdin() } else { Input::read(&self.file) }
    }
}

fn no_version() -> Problem {
    Problem {
        pointer: "/$id".to_owned(),
        message: "no version".to_owned(),
        help: Some("give the schema an `$id` with a segment MAJOR.MINOR".to_owned()),
    }
}

fn undescribed(report: &mut String, path: &Path, adopted: &Adopted) {
    if adopted.undescribed.is_empty() {
        return;
    }
    // Writing to a String cannot fail.
    let _ = write!(
        report,
        "\n{} descriptions are missing (`check --strict` insists on them):\n{}\n",
        adopted.undescribed.len(),
        listed(path, &adopted.undescribed)
    );
}

/// One line a place, `file#/pointer`.
fn listed(path: &Path, problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("  {}#{}\n", path.display(), problem.pointer)).collect()
}
