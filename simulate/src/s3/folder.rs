//! A folder as a bucket. Nothing outside of it is read: a key has plain names between its slashes, and no link is
//! followed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Refusal, Stored};

/// The object of a key.
pub(super) fn read(folder: &Path, key: &str) -> Result<Stored, Refusal> {
    let path = confined(folder, key).ok_or_else(Refusal::no_such_key)?;
    let metadata = fs::metadata(&path).map_err(|error| unreadable(&path, &error))?;
    if !metadata.is_file() {
        return Err(Refusal::no_such_key());
    }
    let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
    let age = metadata.modified().ok().and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
    Ok(Stored::new(bytes, age.and_then(|age| i64::try_from(age.as_millis()).ok()).unwrap_or_default()))
}

/// The keys of all files, in no order. A name that is no UTF-8 is left out.
pub(super) fn keys(folder: &Path) -> Result<Vec<String>, Refusal> {
    let mut keys = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = folders.pop() {
        for entry in fs::read_dir(&path).map_err(|error| unreadable(&path, &error))? {
            let entry = entry.map_err(|error| unreadable(&path, &error))?;
            let kind = entry.file_type().map_err(|error| unreadable(&path, &error))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if kind.is_dir() {
                folders.push((entry.path(), format!("{prefix}{name}/")));
            } else if kind.is_file() {
                keys.push(format!("{prefix}{name}"));
            }
        }
    }
    Ok(keys)
}

/// Where the file of a key is, if there is one and it is in the folder.
fn confined(folder: &Path, key: &str) -> Option<PathBuf> {
    let root = folder.canonicalize().ok()?;
    let mut path = root.clone();
    for name in key.split('/') {
        let mut components = Path::new(name).components();
        match (components.next(), components.next()) {
            (Some(Component::Normal(plain)), None) if plain == name => path.push(name),
            _ => return None,
        }
    }
    // A link, or a name in another case on a disk that doesn't tell cases apart, leads to another path.
    (path.canonicalize().ok()? == path).then_some(path)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::NotFound => Refusal::no_such_key(),
        ErrorKind::PermissionDenied => Refusal::other(403, "Access Denied"),
        _ => Refusal::other(500, format!("can't read `{}`: {error}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder `inside` with a file, beside a file that is not to be read.
    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Self {
            let place = std::env::temp_dir().join(format!("statewright-{name}-{}", std::process::id()));
            fs::create_dir_all(place.join("inside/sub")).unwrap();
            fs::write(place.join("secret"), "secret").unwrap();
            fs::write(place.join("inside/sub/a"), "a").unwrap();
            Self(place)
        }

        fn inside(&self) -> PathBuf {
            self.0.join("inside")
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_key_is_a_path_in_the_folder() {
        let place = Place::new("key");
        assert_eq!(&*read(&place.inside(), "sub/a").unwrap().bytes, b"a");
    }

    #[test]
    fn no_key_leaves_the_folder() {
        let place = Place::new("leave");
        let absolute = place.0.join("secret").display().to_string();
        for key in ["../secret", "sub/../../secret", "./sub/a", "sub/./a", "sub//a", "/sub/a", "", &absolute] {
            assert_eq!(read(&place.inside(), key).unwrap_err().exception, "NoSuchKey", "{key}");
        }
    }

    #[test]
    fn a_folder_is_no_object() {
        let place = Place::new("folder");
        assert_eq!(read(&place.inside(), "sub").unwrap_err().exception, "NoSuchKey");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let place = Place::new("link");
        std::os::unix::fs::symlink(place.0.join("secret"), place.inside().join("link")).unwrap();
        std::os::unix::fs::symlink(&place.0, place.inside().join("up")).unwrap();
        assert!(read(&place.inside(), "link").is_err());
        assert!(read(&place.inside(), "up/secret").is_err());
        assert_eq!(keys(&place.inside()).unwrap(), ["sub/a"]);
    }
}
