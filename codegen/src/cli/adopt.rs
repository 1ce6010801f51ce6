//! `agui-codegen adopt`

use super::diff::coloured;
use super::{Failure, Target, listed, print, read};
use agui_codegen::{Adopted, Schema, diff};
use std::fmt::Write;
use std::io::Read;
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
        let old = read(&old_path)?;
        let new = self.read_new()?;
        let adopted = agui_codegen::adopt(&new, &old).map_err(|error| Failure::of(&self.file, error))?;
        let new_name = file_name(&name, &old, &adopted.schema).ok_or_else(|| {
            Failure::Found(format!(
                "{}#/$id: no version; the `$id` of a schema to adopt has a segment MAJOR.MINOR",
                self.file.display()
            ))
        })?;
        let new_path = self.schemas.join(&new_name);

        let changes = diff::diff(&old, &adopted.schema).map_err(|error| Failure::of(&self.file, error))?;
        let mut report = diff::text(&changes, coloured());
        undescribed(&mut report, &new_path, &adopted);

        let mut files = vec![(new_path, adopted.text())];
        if let Some(generated) = &self.generated {
            let code = agui_codegen::generate(&adopted.schema, &self.target.settings())
                .map_err(|error| Failure::of(&self.file, error))?;
            files.push((generated.clone(), code.as_str().to_owned()));
        }
        // Last, since it is what makes the rest count.
        files.push((current, format!("{new_name}\n")));
        let verb = if self.dry_run { "would write" } else { "wrote" };
        for (path, _) in &files {
            report.push_str(&format!("{verb} {}\n", path.display()));
        }
        if !self.dry_run {
            write_all(&files).map_err(|(path, error)| {
                Failure::Unable(format!("{}: {error}; nothing was changed", path.display()))
            })?;
        }
        print(report)
    }

    fn read_new(&self) -> Result<Schema, Failure> {
        if self.file.as_os_str() != "-" {
            return read(&self.file);
        }
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| Failure::Unable(format!("standard input: {error}")))?;
        Schema::parse(&text).map_err(|error| Failure::of(&self.file, error))
    }
}

/// The name of the current file with the new version in place of the old one.
fn file_name(name: &str, old: &Schema, new: &Schema) -> Option<String> {
    Some(name.replace(old.version()?, new.version()?))
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

fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::Unable(format!("{}: {error}", path.display())))
}

type Failed<'f> = (&'f PathBuf, std::io::Error);

/// Writes all files or none. Everything is written beside its place first and then moved there, which
/// replaces a file in one step; if a later one cannot be replaced, those before get their content back.
fn write_all(files: &[(PathBuf, String)]) -> Result<(), Failed<'_>> {
    let result = files
        .iter()
        .try_for_each(|(path, text)| std::fs::write(partial(path), text).map_err(|error| (path, error)))
        .and_then(|()| replace_all(files));
    if result.is_err() {
        for (path, _) in files {
            // What is not there need not be removed.
            let _ = std::fs::remove_file(partial(path));
        }
    }
    result
}

fn replace_all(files: &[(PathBuf, String)]) -> Result<(), Failed<'_>> {
    let mut replaced = Vec::new();
    for (path, _) in files {
        let moved = content(path).and_then(|before| std::fs::rename(partial(path), path).map(|()| before));
        match moved {
            Ok(before) => replaced.push((path, before)),
            Err(error) => {
                for (path, before) in replaced {
                    // The first error is the one to tell.
                    let _ = match before {
                        Some(before) => std::fs::write(path, before),
                        None => std::fs::remove_file(path),
                    };
                }
                return Err((path, error));
            }
        }
    }
    Ok(())
}

/// What a file holds; `None` if there is none.
fn content(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_in_the_middle_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("old"), "before").unwrap();
        std::fs::write(path("last"), "before").unwrap();
        std::fs::create_dir(path("taken")).unwrap();
        let files = ["old", "new", "taken", "last"].map(|name| (path(name), "after".to_owned()));
        let (at, _) = write_all(&files).unwrap_err();
        assert_eq!(*at, path("taken"));
        assert_eq!(std::fs::read_to_string(path("old")).unwrap(), "before");
        assert_eq!(std::fs::read_to_string(path("last")).unwrap(), "before");
        let mut left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["last", "old", "taken"]);
    }
}
