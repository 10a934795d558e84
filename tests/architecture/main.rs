//! The modules keep their order: each uses only those before it in [`ORDER`], and no files of a module use each other in
//! a circle.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test: it ends at the first thing that is wrong"
)]

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules, lowest first; those of one line may use each other where that makes no circle. `lib` and `main`, which
/// are not here, are above all.
const ORDER: &[&[&str]] = &[
    &["python"],
    &["host", "error", "streams", "runtime"],
    &["product"],
    &["debug"],
    &["delegate"],
    &["model"],
    &["cli"],
    &["argv"],
    &["params"],
    &["session"],
    &["http"],
    &["credentials"],
    &["call"],
    &["wait"],
    &["output"],
    &["commands", "operation"],
    &["completer"],
    &["fuzzing"],
];

/// A module: the names from the crate down to it.
type Module = Vec<String>;

/// Every file of the crate, by its module.
struct Crate {
    files: BTreeMap<Module, Vec<source::Path>>,
}

impl Crate {
    /// Reads all files.
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = BTreeMap::new();
        for path in rust_files(&root) {
            let text = fs::read_to_string(&path).unwrap();
            let inside = path.strip_prefix(&root).unwrap().with_extension("");
            let mut module: Module = inside.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            if ["mod", "lib"].contains(&module.last().unwrap().as_str()) {
                module.pop();
            }
            files.insert(module, source::paths(&text));
        }
        files.remove(&vec!["main".to_owned()]);
        Self { files }
    }

    /// The modules whose files a module's file uses, itself excepted.
    fn used(&self, module: &Module) -> BTreeSet<Module> {
        let paths = self.files.get(module).into_iter().flatten();
        let mut used: BTreeSet<Module> =
            paths.filter_map(|path| self.resolve(module, &path.segments, 0)).collect();
        used.remove(module);
        used
    }

    /// The module in whose file a path ends, through re-exports; `None` for what is not of this crate.
    fn resolve(&self, from: &Module, segments: &[String], depth: usize) -> Option<Module> {
        let (first, rest) = segments.split_first()?;
        let mut module = match first.as_str() {
            "crate" => Vec::new(),
            "self" => from.clone(),
            "super" => from.split_last()?.1.to_vec(),
            name => {
                let child = [&from[..], &[name.to_owned()]].concat();
                self.files.contains_key(&child).then_some(child)?
            }
        };
        for (at, name) in rest.iter().enumerate() {
            let child = [&module[..], std::slice::from_ref(name)].concat();
            if name == "super" {
                module.pop();
            } else if self.files.contains_key(&child) {
                module = child;
            } else {
                return Some(self.imported(&module, name, &rest[at + 1..], depth).unwrap_or(module));
            }
        }
        Some(module)
    }

    /// Where a name comes from that a module has imported, and not made.
    fn imported(&self, module: &Module, name: &str, rest: &[String], depth: usize) -> Option<Module> {
        let path = self.files.get(module)?.iter().find(|path| path.name.as_deref() == Some(name))?;
        let segments = [&path.segments[..], rest].concat();
        if depth > 8 { None } else { self.resolve(module, &segments, depth + 1) }
    }
}

/// All files of Rust below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found
}

/// The place of a top-level module in the order.
fn rank(name: &str) -> usize {
    let place = ORDER.iter().position(|line| line.contains(&name));
    place.unwrap_or_else(|| panic!("src/{name} has no place in ORDER (tests/architecture/main.rs)"))
}

/// Every arrow between top-level modules that goes up, as a line of the list.
fn upward(whole: &Crate) -> BTreeSet<String> {
    let mut arrows = BTreeSet::new();
    for module in whole.files.keys().filter(|module| !module.is_empty()) {
        for used in whole.used(module) {
            let below = used.first().is_some_and(|used| rank(used) <= rank(&module[0]));
            if !below {
                let used = used.first().map_or("lib", String::as_str);
                arrows.insert(format!("up: {} -> {used}", module.join("/")));
            }
        }
    }
    arrows
}

/// Every module in a circle: one that reaches itself, as a line of the list. Circles are looked for among the files
/// of a top-level module, and among the top-level modules of one line of the order.
fn circles(whole: &Crate) -> BTreeSet<String> {
    let near = |one: &Module, other: &Module| {
        !other.is_empty() && (one[0] == other[0] || rank(&one[0]) == rank(&other[0]))
    };
    let arrows: BTreeMap<&Module, BTreeSet<Module>> = whole
        .files
        .keys()
        .filter(|module| !module.is_empty())
        .map(|module| (module, whole.used(module).into_iter().filter(|used| near(module, used)).collect()))
        .collect();
    let reaches_itself = |start: &Module| {
        let (mut seen, mut next) = (BTreeSet::new(), arrows[start].iter().collect::<Vec<_>>());
        while let Some(module) = next.pop() {
            if seen.insert(module) {
                next.extend(arrows.get(module).into_iter().flatten());
            }
        }
        seen.contains(start)
    };
    let inside = arrows.keys().filter(|module| reaches_itself(module));
    inside.map(|module| format!("circle: {}", module.join("/"))).collect()
}

#[test]
fn modules_keep_their_order() {
    let whole = Crate::read();
    let wrong: Vec<String> = upward(&whole).into_iter().chain(circles(&whole)).collect();
    assert!(wrong.is_empty(), "arrows against the order, and modules in circles: {wrong:#?}");
}
