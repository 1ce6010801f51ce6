//! Writing files so that nobody ever sees half of one.

use crate::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// Writes a file unless it has this content already, so that nothing is rebuilt for nothing. Returns
/// whether it was written. The new file takes the old one's place in one step.
///
/// # Errors
///
/// When the file cannot be read or written; then it is as it was.
pub fn write_if_changed(path: impl AsRef<Path>, text: &str) -> Result<bool, Error> {
    let path = path.as_ref();
    match content(path) {
        Ok(Some(current)) if current == text.as_bytes() => Ok(false),
        Ok(_) => write_all(&[(path.to_owned(), text)]).map(|()| true),
        Err(source) => Err(Error::Io { path: path.to_owned(), source }),
    }
}

/// Writes all files or none. Everything is written beside its place first and then moved there, which
/// replaces a file in one step; if a later one cannot be replaced, those before get their content back.
///
/// # Errors
///
/// When one of them cannot be written; then all are as they were.
pub fn write_all<T: AsRef<str>>(files: &[(PathBuf, T)]) -> Result<(), Error> {
    let result = files
        .iter()
        .try_for_each(|(path, text)| {
            std::fs::write(partial(path), text.as_ref()).map_err(|error| (path, error))
        })
        .and_then(|()| replace_all(files));
    result.map_err(|(at, source)| {
        for (path, _) in files {
            // What is not there need not be removed.
            let _ = std::fs::remove_file(partial(path));
        }
        Error::Io { path: at.clone(), source }
    })
}

fn replace_all<T>(files: &[(PathBuf, T)]) -> Result<(), (&PathBuf, io::Error)> {
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
fn content(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
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
        let files = ["old", "new", "taken", "last"].map(|name| (path(name), "after"));
        let Err(Error::Io { path: at, .. }) = write_all(&files) else { panic!("written") };
        assert_eq!(at, path("taken"));
        assert_eq!(std::fs::read_to_string(path("old")).unwrap(), "before");
        assert_eq!(std::fs::read_to_string(path("last")).unwrap(), "before");
        let mut left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["last", "old", "taken"]);
    }
}
