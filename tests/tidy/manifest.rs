//! Which dependencies a `Cargo.toml` names: the little of TOML that ours use.

/// One dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The table it stands in, such as `dependencies`.
    pub table: String,
    /// Its name.
    pub name: String,
    /// All that is said of it, in one line.
    pub requirement: String,
}

/// The dependencies of all tables, in order.
pub fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut table = String::new();
    for line in manifest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = header.to_owned();
        } else if table.ends_with("dependencies")
            && let Some((key, _)) = line.split_once('=')
        {
            let name = key.trim().split('.').next().unwrap_or_default().trim_matches('"');
            let (table, name) = (table.clone(), name.to_owned());
            found.push(Dependency { table, name, requirement: line.to_owned() });
        }
    }
    found
}

#[test]
fn dependencies_are_read() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\n# why\nserde.workspace = true\nsled = { version = \"1\", features = [\"a\"] }\n[dev-dependencies]\ntempfile = \"3\"\n[lints]\nworkspace = true";
    let read = dependencies(manifest);
    let names: Vec<(&str, &str)> = read.iter().map(|one| (one.table.as_str(), one.name.as_str())).collect();
    assert_eq!(
        names,
        [("dependencies", "serde"), ("dependencies", "sled"), ("dev-dependencies", "tempfile")]
    );
    assert!(read[1].requirement.contains("features"));
}
