//! What makes a release and what fetches one: workflows, packing, and the setup action against a local release host.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test: it ends at the first thing that is wrong")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use endpoint::{Reply, Request, Server, Service, Setup};

/// Every system that a release is made for, with what its archive is called.
const ARCHIVES: [&str; 5] = [
    "aws-start-copy-job-aarch64-apple-darwin.tar.gz",
    "aws-start-copy-job-aarch64-unknown-linux-musl.tar.gz",
    "aws-start-copy-job-x86_64-apple-darwin.tar.gz",
    "aws-start-copy-job-x86_64-pc-windows-msvc.zip",
    "aws-start-copy-job-x86_64-unknown-linux-musl.tar.gz",
];

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file of the project.
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns an empty folder.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("release").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Returns every workflow and action, by its path.
fn workflows() -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(root().join(".github/workflows")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        texts.insert(name.clone(), read(&format!(".github/workflows/{name}")));
    }
    texts.insert("setup".to_owned(), read(".github/actions/setup/action.yml"));
    texts
}

/// Runs a command; its output must be `succeeds`.
fn run(command: &mut Command, succeeds: bool) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    assert_eq!(status.success(), succeeds, "{command:?}\n{text}");
    text
}

/// Every action is named by the hash of a commit, and the same action by the same hash everywhere.
#[test]
fn actions_are_pinned() {
    let mut pins: BTreeMap<String, String> = BTreeMap::new();
    for (file, text) in workflows() {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        for line in lines.filter_map(|line| line.split_once("uses: ").map(|(_, rest)| rest)) {
            let (action, pin) = line.split_once('@').unwrap_or_else(|| panic!("{file}: {line}"));
            let (hash, version) = pin.split_once(" # v").unwrap_or_else(|| panic!("{file}: {line}"));
            assert!(hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{file}: {line}");
            assert_eq!(version.split('.').count(), 3, "{file}: {line}");
            assert_eq!(pins.entry(action.to_owned()).or_insert(pin.to_owned()), pin, "{file}: {action}");
        }
    }
    assert!(pins.len() >= 5, "{pins:?}");
}

/// One toolchain in all workflows, none in words; Python 3.11 wherever v1 is started; no cache in a release.
#[test]
fn workflows_agree() {
    let texts = workflows();
    let pinned =
        |text: &str| text.lines().find(|line| line.contains("RUSTUP_TOOLCHAIN: ")).map(str::to_owned);
    let toolchain = pinned(&texts["ci.yml"]).unwrap();
    for (file, text) in texts.iter().filter(|(file, _)| *file != "setup") {
        assert_eq!(pinned(text).as_ref(), Some(&toolchain), "{file}");
        assert!(!text.contains("toolchain install stable"), "{file}");
        for job in text.split("\n    runs-on: ").skip(1) {
            let starts_v1 = job.contains("run: .ci/run") || job.contains("PARITY: live");
            assert!(!starts_v1 || job.contains("python-version: \"3.11\""), "{file}: {job}");
        }
    }
    let release = &texts["release.yml"];
    assert!(!release.contains("actions/cache"));
    let (_, publish) = release.split_once("\n  publish:\n").unwrap();
    for word in ["cargo", "checkout", "rustup", "release.sh"] {
        assert!(!publish.contains(word), "the job that signs does no {word}");
    }
    assert_eq!(release.matches("id-token: write").count(), 1);
    for archive in ARCHIVES {
        let target = archive.trim_start_matches("aws-start-copy-job-").split('.').next().unwrap();
        assert!(release.contains(&format!("target: {target},")), "{target}");
        assert!(read(".github/actions/setup/setup.sh").contains(&format!("target={target} ")), "{target}");
    }
}

/// Tests, benches, examples and binaries that a workflow, the gate or the run of mutants names are in a manifest.
#[test]
fn targets_that_are_named_exist() {
    let manifests = read("Cargo.toml") + &read("tests/bench/Cargo.toml");
    let texts =
        workflows().into_values().chain([".ci/run", ".cargo/mutants.toml", ".github/release.sh"].map(read));
    let mut found = 0;
    for text in texts {
        let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || "\",".contains(c)).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let Some(kind) = pair[0].strip_prefix("--") else { continue };
            if ["test", "bench", "example", "bin"].contains(&kind) {
                let target = format!("[[{kind}]]\nname = \"{}\"\n", pair[1]);
                assert!(manifests.contains(&target), "{}", pair[1]);
                found += 1;
            }
        }
    }
    assert!(found > 5, "{found}");
}

/// The account that publishes is the same wherever it is named; the release compares Cargo.toml's with its own.
#[test]
fn one_account_publishes() {
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once("repository = \"https://github.com/").unwrap();
    let (owner, _) = rest.split_once("/aws-start-copy-job\"").unwrap();
    for file in ["README.md", ".github/recipes.md", ".github/SECURITY.md", ".github/actions/setup/action.yml"]
    {
        let text = read(file);
        let before = text.split("/aws-start-copy-job").collect::<Vec<_>>();
        let names = before.iter().rev().skip(1).map(|text| text.rsplit(['/', ' ', '\n']).next().unwrap());
        let names: Vec<&str> = names.filter(|name| !name.contains(['.', '$', '"'])).collect();
        assert!(!names.is_empty() && names.iter().all(|name| *name == owner), "{file}: {names:?}");
    }
    assert!(read(".github/workflows/release.yml").contains("$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"));
}

/// What packs a release, run on files of this test.
fn pack(target: &str, built: &Path, out: &Path) -> Vec<u8> {
    let program = if target.contains("windows") { "aws.exe" } else { "aws" };
    let release = built.join("target").join(target).join("release");
    fs::create_dir_all(&release).unwrap();
    fs::write(release.join(program), "#!/bin/sh\necho aws-cli/1.46.3 aws-start-copy-job/0.1.0\n").unwrap();
    fs::create_dir_all(built.join("target/man")).unwrap();
    fs::write(built.join("target/man/aws-backup-start-copy-job.1"), ".TH X 1\n").unwrap();
    fs::write(built.join("target/build.txt"), "commit 0\n").unwrap();
    for part in ["README.md", "LICENSE", ".github", "src"] {
        let _ = std::os::unix::fs::symlink(root().join(part), built.join(part));
    }
    let mut command = Command::new("python3");
    command.arg(root().join(".github/pack.py")).args([target, "target"]).arg(out).current_dir(built);
    let printed = run(command.env("SOURCE_DATE_EPOCH", "1763826300"), true);
    fs::read(built.join(printed.trim())).unwrap()
}

/// The same files give the same archive, wherever and whenever they were made.
#[test]
fn archives_are_reproducible() {
    for archive in ARCHIVES {
        let target = archive.trim_start_matches("aws-start-copy-job-").split('.').next().unwrap();
        let [first, second] = ["first", "second"].map(|name| scratch(&format!("pack-{name}")));
        let one = pack(target, &first, Path::new("dist"));
        let program = if target.contains("windows") { "aws.exe" } else { "aws" };
        let early = std::time::SystemTime::UNIX_EPOCH;
        pack(target, &second, Path::new("dist"));
        let file = fs::File::open(second.join("target").join(target).join("release").join(program)).unwrap();
        file.set_modified(early).unwrap();
        let two = pack(target, &second, Path::new("dist"));
        assert!(one == two, "{archive}");
        assert!(first.join("dist").join(archive).exists(), "{archive}");
    }
}

/// A release is put together only when all of it is there and the second builds are the same.
#[test]
fn a_release_is_whole_or_none() {
    let built = scratch("assemble");
    for archive in ARCHIVES {
        let target = archive.trim_start_matches("aws-start-copy-job-").split('.').next().unwrap();
        let bytes = pack(target, &scratch("assemble-pack"), Path::new("dist"));
        for round in ["first", "second"] {
            if round == "first" || target.ends_with("musl") {
                fs::create_dir_all(built.join(format!("{round}-{target}"))).unwrap();
                fs::write(built.join(format!("{round}-{target}")).join(archive), &bytes).unwrap();
            }
        }
    }
    let assemble = |succeeds: bool| {
        let mut command = Command::new(root().join(".github/assemble.sh"));
        let out = scratch("assembled");
        (run(command.arg(&built).arg(&out).current_dir(root()), succeeds), out)
    };
    fs::create_dir_all(built.join("parts")).unwrap();
    assert!(assemble(false).0.contains("parts"), "no list of parts");
    fs::write(built.join("parts/aws-start-copy-job.cdx.json"), "{}").unwrap();
    let (_, out) = assemble(true);
    assert_eq!(fs::read_to_string(out.join("dist/SHA256SUMS")).unwrap().lines().count(), ARCHIVES.len() + 1);
    for arch in ["amd64", "arm64"] {
        assert!(
            fs::read(out.join("image").join(format!("aws-{arch}"))).unwrap().starts_with(b"#!"),
            "{arch}"
        );
    }
    let notes = fs::read_to_string(out.join("notes.md")).unwrap();
    assert!(notes.contains("AWS CLI 1.46.3"), "{notes}");

    let other = "second-x86_64-unknown-linux-musl/aws-start-copy-job-x86_64-unknown-linux-musl.tar.gz";
    fs::write(built.join(other), "other").unwrap();
    assert!(assemble(false).0.contains("differ"));
}

/// A release host: the files of one folder.
struct Host(PathBuf);

impl Service for Host {
    fn respond(&self, request: &Request) -> Reply {
        let path = request.path().replacen("/o/r/releases/latest/download/", "latest/", 1);
        let path = path.replacen("/o/r/releases/download/v0.1.0/", "latest/", 1);
        match fs::read(self.0.join(&path)) {
            Ok(body) => Reply { body, ..Reply::default() },
            Err(_) => Reply::text(404, "Not Found"),
        }
    }
}

/// Runs the setup action's script; what it printed and the folder that it put on PATH.
fn set_up(name: &str, server: &Server, variables: &[(&str, &str)], succeeds: bool) -> (String, String) {
    let temp = scratch(name);
    let bin = temp.join("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(bin.join("gh"), "#!/bin/sh\necho \"gh $*\"\ntest \"$GH_TOKEN\" = good\n").unwrap();
    fs::set_permissions(bin.join("gh"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new("bash");
    command.arg(root().join(".github/actions/setup/setup.sh")).current_dir(&temp);
    command.env_clear().env("PATH", format!("{}:/usr/bin:/bin", bin.display())).env("HOME", &temp);
    command.env("GITHUB_SERVER_URL", format!("http://127.0.0.1:{}", server.port())).env("REPOSITORY", "o/r");
    command.env("GITHUB_PATH", temp.join("path")).env("GITHUB_OUTPUT", temp.join("output"));
    command.env("RUNNER_TEMP", &temp).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
    command.env("VERSION", "latest").env("VERIFY", "true").env("GH_TOKEN", "good");
    let printed = run(command.envs(variables.iter().copied()), succeeds);
    (printed, fs::read_to_string(temp.join("path")).unwrap_or_default().trim().to_owned())
}

/// The setup action takes what is listed, whole and signed, and nothing else.
#[test]
fn the_setup_action_checks_what_it_installs() {
    let host = scratch("host");
    fs::create_dir_all(host.join("latest")).unwrap();
    let archive = ARCHIVES[4];
    fs::write(
        host.join("latest").join(archive),
        pack("x86_64-unknown-linux-musl", &scratch("host-pack"), Path::new("dist")),
    )
    .unwrap();
    let sums = run(Command::new("sha256sum").arg(archive).current_dir(host.join("latest")), true);
    let list = host.join("latest/SHA256SUMS");
    fs::write(&list, format!("{}  other.tar.gz\n{sums}", "0".repeat(64))).unwrap();
    let server = Server::start(Setup { certificate: None, service: Arc::new(Host(host.clone())) }).unwrap();

    for version in ["latest", "0.1.0", "v0.1.0"] {
        let (printed, folder) = set_up("setup", &server, &[("VERSION", version)], true);
        assert!(printed.contains(&format!("gh attestation verify {archive} --repo o/r")), "{printed}");
        assert!(printed.contains("aws-cli/1.46.3"), "{printed}");
        assert_eq!(fs::read_link(Path::new(&folder).join("aws_completer")).unwrap(), Path::new("aws"));
    }
    let (printed, _) = set_up("setup", &server, &[("VERIFY", "false"), ("GH_TOKEN", "")], true);
    assert!(!printed.contains("gh attestation"), "{printed}");

    let refused: [(&[(&str, &str)], &str); 4] = [
        (&[("GH_TOKEN", "bad")], "gh attestation"),
        (&[("VERSION", "9.9.9")], "404"),
        (&[("RUNNER_ARCH", "ARM64")], "404"),
        (&[("RUNNER_OS", "Plan9")], "no release is made for Plan9"),
    ];
    for (variables, words) in refused {
        let (printed, folder) = set_up("setup-refused", &server, variables, false);
        assert!(printed.contains(words), "{variables:?}: {printed}");
        assert_eq!(folder, "", "{variables:?}");
    }
    for (content, words) in [
        (format!("{}  {archive}\n", "0".repeat(64)), "FAILED"),
        (format!("{}  other.tar.gz\n", "0".repeat(64)), "does not name"),
        (String::new(), "does not name"),
    ] {
        fs::write(&list, &content).unwrap();
        let (printed, folder) = set_up("setup-refused", &server, &[], false);
        assert!(printed.contains(words), "{content}: {printed}");
        assert_eq!(folder, "", "{content}");
    }
}

/// What `cargo binstall` fetches is what a release holds.
#[test]
fn binstall_names_the_archives() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let package = manifest["package"].as_table().unwrap();
    let binstall = package["metadata"]["binstall"].as_table().unwrap();
    for archive in ARCHIVES {
        let target = archive.trim_start_matches("aws-start-copy-job-").split('.').next().unwrap();
        let own = binstall["overrides"].get(target).unwrap_or(&manifest["package"]["metadata"]["binstall"]);
        let url = own["pkg-url"].as_str().unwrap();
        let named = url.replace("{ name }", package["name"].as_str().unwrap()).replace("{ target }", target);
        assert_eq!(named.rsplit('/').next(), Some(archive));
        let is_zip = own["pkg-fmt"].as_str() == Some("zip");
        assert_eq!(is_zip, Path::new(archive).extension().is_some_and(|kind| kind == "zip"));
    }
}
