use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use saga_asl::data::Data;
use saga_engine::execution::{Content, Read, Write};

/// Folders of this machine that stand in for buckets of S3.
#[derive(Clone, Debug, Default)]
pub struct Buckets(BTreeMap<String, PathBuf>);

impl Buckets {
    /// Lets `folder` be the bucket `name`.
    pub fn add(&mut self, name: impl Into<String>, folder: impl Into<PathBuf>) {
        self.0.insert(name.into(), folder.into());
    }

    /// Reads an object, or lists the objects under a prefix.
    ///
    /// # Errors
    /// A cause that names the bucket and what is wrong.
    pub fn read(&self, read: &Read) -> Result<Content, String> {
        let folder = self.folder(&read.arguments)?;
        if read.resource.ends_with("listObjectsV2") {
            let prefix = text(&read.arguments, "Prefix").unwrap_or_default();
            return list(folder, prefix).map(Content::Items);
        }
        let key = text(&read.arguments, "Key").ok_or("`Key` is missing")?;
        let path = place(folder, key)?;
        let bytes = fs::read(&path)
            .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        Ok(Content::Bytes(bytes))
    }

    /// Writes the results of a distributed Map, with a manifest beside them.
    ///
    /// # Errors
    /// A cause that names the bucket and what is wrong.
    pub fn write(&self, write: &Write) -> Result<(), String> {
        let folder = self.folder(&write.arguments)?;
        let manifest = place(folder, &write.manifest)?;
        let results = manifest.with_file_name("SUCCEEDED_0.json");
        let parent = manifest.parent().unwrap_or(folder);
        let told =
            |error: std::io::Error| format!("cannot write to `{}`: {error}", parent.display());
        fs::create_dir_all(parent).map_err(told)?;
        fs::write(&results, write.results.to_string()).map_err(told)?;
        let succeeded = Data::object([
            (
                "Key",
                Data::from(write.manifest.replace("manifest.json", "SUCCEEDED_0.json")),
            ),
            ("Size", Data::from(write.results.size())),
        ]);
        let files = Data::object([
            ("FAILED", Data::array(Vec::new())),
            ("PENDING", Data::array(Vec::new())),
            ("SUCCEEDED", Data::array(vec![succeeded])),
        ]);
        let bucket = write.arguments.get("Bucket").cloned().unwrap_or_default();
        let content = Data::object([("DestinationBucket", bucket), ("ResultFiles", files)]);
        fs::write(&manifest, content.to_string()).map_err(told)
    }

    fn folder(&self, arguments: &Data) -> Result<&Path, String> {
        let name = text(arguments, "Bucket").ok_or("`Bucket` is missing")?;
        let found = self.0.get(name).map(PathBuf::as_path);
        found.ok_or_else(|| format!("no folder stands in for the bucket `{name}`"))
    }
}

fn text<'d>(arguments: &'d Data, name: &str) -> Option<&'d str> {
    arguments.get(name).and_then(Data::as_str)
}

/// The file of a key, which never leaves its bucket's folder.
fn place(folder: &Path, key: &str) -> Result<PathBuf, String> {
    let inside = Path::new(key)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    match inside {
        true => Ok(folder.join(key)),
        false => Err(format!("the key `{key}` leads out of its bucket")),
    }
}

/// The objects of a folder as `ListObjectsV2` shows them, sorted by key.
fn list(folder: &Path, prefix: &str) -> Result<Data, String> {
    let mut keys = Vec::new();
    walk(folder, "", &mut keys)
        .map_err(|error| format!("cannot list `{}`: {error}", folder.display()))?;
    keys.retain(|(key, _)| key.starts_with(prefix));
    keys.sort();
    let objects = keys.into_iter().map(|(key, size)| {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        Data::object([("Key", Data::from(key)), ("Size", Data::from(size))])
    });
    Ok(Data::array(objects.collect()))
}

fn walk(folder: &Path, under: &str, keys: &mut Vec<(String, u64)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let key = format!("{under}{}", entry.file_name().to_string_lossy());
        let metadata = entry.metadata()?;
        match metadata.is_dir() {
            true => walk(&entry.path(), &format!("{key}/"), keys)?,
            false => keys.push((key, metadata.len())),
        }
    }
    Ok(())
}
