//! The modes: replay (default), `PARITY=live`, `full`, `record`, `record-ours`, `stage`.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::broken;
use super::case::{self, Case};
use super::changed;
use super::deviations::{self, Deviation};
use super::forked::Forked;
use super::golden::{Outcomes, Plain, Shelf};
use super::oracle;
use super::outcome::Outcome;
use super::proved::Proved;
use super::secrets;
use super::show;
use super::stage::{Program, Stage};
use super::verdict::{self, Problem};

/// With the oracle, which takes its time, progress is told after so many cases.
const PROGRESS: usize = 50;
/// Cases that sleep, run at the same time.
const SLEEPERS: usize = 24;
/// The memory that each program may map: one that runs away takes nothing else with it.
const MEMORY: u64 = 4 << 30;

/// What is done with the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// We are compared with the goldens.
    Replay,
    /// Oracle and we are run side by side; the goldens are checked too.
    Live,
    /// The same, and v1 is started for real in every case.
    Full,
    /// Goldens are written from the oracle.
    Record,
    /// Our own values of the fields that deviate are written.
    RecordOurs,
    /// Oracle and we are run side by side on the documents of [`broken`]; there are no goldens.
    Broken,
}

/// Everything that a case is judged by.
struct Bench {
    mode: Mode,
    candidate: Program,
    oracle: Option<Oracle>,
    deviations: Vec<Deviation>,
    goldens: BTreeMap<String, Outcomes>,
    ours: BTreeMap<String, Outcomes>,
}

/// v1: started, or forked where that is the same.
struct Oracle {
    real: Program,
    /// With its extra package.
    extra: Option<Program>,
    forked: Option<Forked>,
    /// Cases that are new or changed.
    changed: HashSet<String>,
    /// Cases that need not be run again.
    proved: Option<Proved>,
}

impl Oracle {
    /// Finds v1 and makes it ready to be forked, if the mode wants that.
    fn find(mode: Mode, all: &[Case]) -> Result<Self, String> {
        let real = oracle::find()?;
        let needs_extra = all.iter().any(|case| case.extra && is_wanted(&case.id));
        let extra = needs_extra.then(oracle::find_extra).transpose()?;
        if !matches!(mode, Mode::Live | Mode::Broken) || oracle::version() != oracle::VERSION {
            return Ok(Self { real, extra, forked: None, changed: HashSet::new(), proved: None });
        }
        let forked = Forked::start(&real);
        if let Err(error) = &forked {
            println!("v1 is started for real in every case, for it cannot be forked: {error}");
        }
        if mode == Mode::Broken {
            return Ok(Self { real, extra, forked: forked.ok(), changed: HashSet::new(), proved: None });
        }
        let changed = changed::ids(all).unwrap_or_else(|| {
            println!("no main branch to compare with: only the sample of the day is started for real");
            HashSet::new()
        });
        let proved = is_wanted("").then(|| Proved::load(&real.path));
        Ok(Self { real, extra, forked: forked.ok(), changed, proved })
    }

    /// True when v1 has to do the case: it is new, of the day's sample, compared with us in turn, or was not yet seen.
    fn is_needed(&self, case: &Case, golden: Option<&Outcome>) -> bool {
        let is_chosen = case.shared || self.changed.contains(&case.id) || changed::in_sample(&case.id);
        let seen =
            self.proved.as_ref().zip(golden).is_some_and(|(proved, golden)| proved.holds(case, golden));
        is_chosen || !seen
    }

    /// What a case is run with. A fork has no terminal and no name of its own.
    fn program(&self, case: &Case) -> &Program {
        if let (true, Some(extra)) = (case.extra, &self.extra) {
            return extra;
        }
        let differs = case.commands().any(|command| command.tty.is_some() || command.argv0.is_some());
        let is_real = differs || self.changed.contains(&case.id) || changed::in_sample(&case.id);
        self.forked.as_ref().filter(|_| !is_real).map_or(&self.real, |forked| &forked.program)
    }
}

/// What one case came to.
struct Judged {
    problems: Vec<Problem>,
    typed: Vec<String>,
    /// The outcome to be recorded.
    recorded: Option<Outcome>,
}

/// Runs all wanted cases; gives the number of failures.
pub fn run_all() -> Result<usize, String> {
    let started = Instant::now();
    let mode = match std::env::var("PARITY").as_deref() {
        Err(_) | Ok("" | "replay") => Mode::Replay,
        Ok("live") => Mode::Live,
        Ok("full") => Mode::Full,
        Ok("record") => Mode::Record,
        Ok("record-ours") => Mode::RecordOurs,
        Ok("stage") => return hold_stages(),
        Ok("broken") => return run_broken(),
        Ok(other) => {
            return Err(format!("PARITY={other}: replay, live, full, record, record-ours, broken or stage"));
        }
    };
    if mode == Mode::Record && oracle::version() != oracle::VERSION {
        return Err(format!("goldens are recorded from {} alone", oracle::VERSION));
    }
    if mode == Mode::Record && is_wanted("") {
        confirm()?;
    }
    let all = case::load()?;
    let deviations = deviations::load("deviations.toml", &all)?;
    let wanted: Vec<&Case> = all.iter().filter(|case| is_wanted(&case.id)).collect();
    let (oracle, mut failed) = find_oracle(mode, &all)?;
    let goldens = Shelf::Goldens.load(None)?;
    let ours = Shelf::Ours.load(Plain::of(&goldens).as_ref())?;
    let bench = Bench { mode, candidate: candidate(), oracle, deviations, goldens, ours };
    println!("\nrunning {} parity cases", wanted.len());
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    setrlimit(Resource::As, limit).map_err(|error| error.to_string())?;
    let judged = judge_all(&bench, &wanted);
    for (case, judged) in wanted.iter().zip(&judged) {
        if !judged.problems.is_empty() {
            failed += 1;
            show::failure(case, &judged.typed, &judged.problems);
        }
    }
    record(&bench, &all, &wanted, &judged).map_err(|error| error.to_string())?;
    if let Some(proved) = bench.oracle.as_ref().and_then(|oracle| oracle.proved.as_ref()) {
        proved.save().map_err(|error| error.to_string())?;
    }
    for orphan in orphans(&bench, &all) {
        failed += 1;
        println!("---- {orphan}\n");
    }
    let pending = wanted.iter().filter(|case| case.pending.is_some()).count();
    if pending > 0 {
        println!("{pending} of them are pending: v1 does them, we do not yet");
    }
    summary(wanted.len(), all.len(), failed, started);
    Ok(failed)
}

/// Finds v1 where the mode needs it; where it cannot be found, that is one failure, and the goldens are left.
fn find_oracle(mode: Mode, all: &[Case]) -> Result<(Option<Oracle>, usize), String> {
    if !matches!(mode, Mode::Live | Mode::Full | Mode::Record) {
        return Ok((None, 0));
    }
    match Oracle::find(mode, all) {
        Err(error) if mode != Mode::Record => {
            println!("{error}\nwithout v1 we are compared with the goldens alone");
            Ok((None, 1))
        }
        found => Ok((Some(found?), 0)),
    }
}

/// Asks whether every golden is to be written anew; without a filter that is seldom meant.
fn confirm() -> Result<(), String> {
    eprint!("PARITY_ONLY names no case: every golden will be written anew. Type yes to go on: ");
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed).map_err(|error| error.to_string())?;
    if typed.trim() == "yes" { Ok(()) } else { Err("nothing was recorded".to_owned()) }
}

/// `PARITY=broken`: runs v1 and us on broken documents and prints a line for each field that differs.
fn run_broken() -> Result<usize, String> {
    let started = Instant::now();
    let all = broken::cases(&case::load()?);
    let wanted: Vec<&Case> = all.iter().filter(|case| is_wanted(&case.id)).collect();
    let rows = deviations::load("broken.toml", &all)?;
    let oracle = Some(Oracle::find(Mode::Broken, &all)?);
    let (goldens, ours) = (BTreeMap::new(), BTreeMap::new());
    let bench =
        Bench { mode: Mode::Broken, candidate: candidate(), oracle, deviations: Vec::new(), goldens, ours };
    println!("\nrunning {} broken documents", wanted.len());
    let judged = judge_all(&bench, &wanted);
    let (mut differing, mut failed) = (0, 0);
    for (case, judged) in wanted.iter().zip(&judged) {
        let problems = deviations::unexplained(&rows, &case.id, &judged.problems);
        differing += usize::from(!judged.problems.is_empty());
        failed += usize::from(!problems.is_empty());
        for problem in problems {
            let difference = problem.difference.as_ref();
            let shown = difference
                .map_or_else(String::new, |(_, v1, ours)| format!("\n    v1   {v1}\n    ours {ours}"));
            println!("{}: {}{shown}", case.id, problem.title);
        }
    }
    println!("{differing} differ from v1, all but {failed} as a row of broken.toml says");
    summary(wanted.len(), all.len(), failed, started);
    Ok(failed)
}

/// `PARITY=stage`: sets the wanted cases up, one after the other, for a person who types the command lines.
fn hold_stages() -> Result<usize, String> {
    for case in case::load()?.iter().filter(|case| is_wanted(&case.id)) {
        let stage = Stage::build(case, false);
        println!("---- {}: {}", case.id, case.why);
        for command in case.commands() {
            println!("{}", stage.typed(command, &candidate()));
        }
        println!("files and servers stay until Enter");
        std::io::stdin().read_line(&mut String::new()).map_err(|error| error.to_string())?;
    }
    Ok(0)
}

/// The closing lines.
fn summary(wanted: usize, all: usize, failed: usize, started: Instant) {
    let passed = wanted.saturating_sub(failed);
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!("{passed} passed, {failed} failed");
    println!(
        "test result: {verdict}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {} filtered out; finished in {:.2}s\n",
        all - wanted,
        started.elapsed().as_secs_f64()
    );
}

/// True when the id holds one of the wanted parts: `PARITY_ONLY=a,b` and the words of `cargo test -- a b`.
fn is_wanted(id: &str) -> bool {
    let only = std::env::var("PARITY_ONLY").unwrap_or_default();
    let typed: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mut parts =
        only.split(',').filter(|part| !part.is_empty()).chain(typed.iter().map(String::as_str)).peekable();
    parts.peek().is_none() || parts.any(|part| id.contains(part))
}

/// The binary that cargo has built, or the one that `CANDIDATE` names.
fn candidate() -> Program {
    let path =
        std::env::var_os("CANDIDATE").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_aws")), PathBuf::from);
    let folder = path.parent().map(Path::display).map(|shown| shown.to_string()).unwrap_or_default();
    Program { path, folder, is_oracle: false }
}

/// Judges all cases, the sleeping ones in a pool of their own.
fn judge_all(bench: &Bench, cases: &[&Case]) -> Vec<Judged> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let jobs = std::env::var("PARITY_JOBS").ok().and_then(|text| text.parse().ok()).unwrap_or(cores + 1);
    let results: Vec<Mutex<Option<Judged>>> = cases.iter().map(|_| Mutex::default()).collect();
    let queue = |slow: bool| {
        let indices: Vec<usize> = (0..cases.len()).rev().filter(|&index| cases[index].slow == slow).collect();
        Mutex::new(indices)
    };
    let (quick, sleeping) = (queue(false), queue(true));
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for (queue, threads) in [(&quick, jobs), (&sleeping, SLEEPERS)] {
            for _ in 0..threads.min(queue.lock().unwrap().len()) {
                scope.spawn(|| {
                    loop {
                        let Some(index) = queue.lock().unwrap().pop() else { break };
                        *results[index].lock().unwrap() = Some(judge(bench, cases[index]));
                        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                        if bench.oracle.is_some() && done.is_multiple_of(PROGRESS) {
                            eprintln!("parity: {done} of {}", cases.len());
                        }
                    }
                });
            }
        }
    });
    results.into_iter().map(|judged| judged.into_inner().unwrap().unwrap_or_else(crashed)).collect()
}

/// A case whose thread ended in a panic; its message is above.
fn crashed() -> Judged {
    Judged { problems: vec![Problem::plain("the harness panicked")], typed: Vec::new(), recorded: None }
}

/// Runs one case with the programs in turn; gives its outcome, and its command lines for a person.
fn run(case: &Case, programs: &[&Program]) -> (Outcome, Vec<String>) {
    let stage = Stage::build(case, programs[0].is_oracle);
    let typed = case.commands().map(|command| stage.typed(command, programs[0])).collect();
    (stage.run(programs), typed)
}

/// Judges one case.
fn judge(bench: &Bench, case: &Case) -> Judged {
    let golden = bench.goldens.get(&case.file).and_then(|file| file.get(&case.id));
    let oracle = bench.oracle.as_ref().filter(|oracle| oracle.is_needed(case, golden));
    let expected = oracle.map(|oracle| {
        let (outcome, typed) = run(case, &[oracle.program(case)]);
        (secrets::forget(stable(case, outcome)), typed)
    });
    if let (Mode::Record, Some((outcome, typed))) = (bench.mode, &expected) {
        return Judged { problems: Vec::new(), typed: typed.clone(), recorded: Some(outcome.clone()) };
    }
    let (actual, typed) = run(case, &[&bench.candidate]);
    let mut problems = Vec::new();
    if golden.is_none() && bench.mode != Mode::Broken {
        problems.push(Problem::plain("no golden: record it with PARITY=record"));
    }
    if let (Some((outcome, _)), Some(golden)) = (&expected, golden) {
        problems.extend(verdict::differences("the golden is not what v1 does", outcome, golden));
        if let (true, Some(proved)) =
            (problems.is_empty(), bench.oracle.as_ref().and_then(|oracle| oracle.proved.as_ref()))
        {
            proved.note(case, golden);
        }
    }
    let Some(expected) = expected.map(|(outcome, _)| outcome).or_else(|| golden.cloned()) else {
        return Judged { problems, typed, recorded: None };
    };
    problems.extend(secrets::shown(&expected, &actual));
    let actual = secrets::forget(actual);
    let fields = deviations::fields(&bench.deviations, &case.id);
    let actual = compared(case, actual, &fields);
    if bench.mode == Mode::RecordOurs {
        let recorded = Some(verdict::deviating(&expected, &actual, &fields));
        return Judged { problems, typed, recorded };
    }
    let recorded = bench.ours.get(&case.file).and_then(|file| file.get(&case.id));
    let mut ours = verdict::ours(&expected, &actual, &fields, recorded);
    if case.pending.is_some() {
        let done = ours.is_empty().then(|| Problem::plain("it holds now: the case must lose its `pending`"));
        ours = done.into_iter().collect();
    }
    problems.extend(ours);
    if let (true, Some(oracle)) = (case.shared, oracle) {
        let oracle = oracle.program(case);
        for programs in [[oracle, &bench.candidate], [&bench.candidate, oracle]] {
            let mixed = compared(case, secrets::forget(run(case, &programs).0), &fields);
            problems.extend(verdict::differences("in turn with v1", &expected, &mixed));
        }
    }
    Judged { problems, typed, recorded: None }
}

/// The oracle's outcome without the fields that change from run to run.
fn stable(case: &Case, mut outcome: Outcome) -> Outcome {
    outcome.retain(|field, _| !case.unstable.contains(field));
    outcome
}

/// Our outcome without those fields, unless a deviation tests them.
fn compared(case: &Case, mut outcome: Outcome, deviating: &[String]) -> Outcome {
    outcome.retain(|field, _| !case.unstable.contains(field) || deviating.contains(field));
    outcome
}

/// Writes what was recorded; cases that were not wanted keep theirs, cases that are gone lose it.
fn record(bench: &Bench, all: &[Case], wanted: &[&Case], judged: &[Judged]) -> std::io::Result<()> {
    let (shelf, old) = match bench.mode {
        Mode::Record => (Shelf::Goldens, &bench.goldens),
        Mode::RecordOurs => (Shelf::Ours, &bench.ours),
        Mode::Replay | Mode::Live | Mode::Full | Mode::Broken => return Ok(()),
    };
    let mut files: BTreeMap<&str, Outcomes> =
        old.keys().map(|file| (file.as_str(), Outcomes::new())).collect();
    for case in all {
        let file = files.entry(&case.file).or_default();
        let fresh =
            wanted.iter().zip(judged).find(|(one, _)| one.id == case.id).map(|(_, judged)| &judged.recorded);
        let kept = old.get(&case.file).and_then(|file| file.get(&case.id));
        let outcome = match fresh {
            Some(Some(fresh)) => Some(fresh),
            _ => kept,
        };
        if let Some(outcome) = outcome.filter(|outcome| !outcome.is_empty()) {
            file.insert(case.id.clone(), outcome.clone());
        }
    }
    let fresh: BTreeMap<String, Outcomes> =
        files.iter().map(|(file, all)| ((*file).to_owned(), all.clone())).collect();
    let plain = Plain::of(if shelf == Shelf::Goldens { &fresh } else { &bench.goldens });
    let gone = |file: &str| !all.iter().any(|case| case.file == file);
    for (file, outcomes) in &fresh {
        if gone(file) || wanted.iter().any(|case| case.file == *file) {
            shelf.save(file, outcomes, plain.as_ref())?;
        }
    }
    if bench.mode == Mode::Record {
        std::fs::write(shelf.folder().join("RECORDED_WITH"), format!("aws-cli/{}\n", oracle::VERSION))?;
    }
    Ok(())
}

/// Recorded outcomes without a case, and goldens of another version.
fn orphans(bench: &Bench, all: &[Case]) -> Vec<String> {
    if matches!(bench.mode, Mode::Record | Mode::RecordOurs) {
        return Vec::new();
    }
    let known: HashSet<(&str, &str)> =
        all.iter().map(|case| (case.file.as_str(), case.id.as_str())).collect();
    let mut found = Vec::new();
    for (shelf, files) in [("goldens", &bench.goldens), ("ours", &bench.ours)] {
        for (file, outcomes) in files {
            let lost = outcomes.keys().filter(|id| !known.contains(&(file.as_str(), id.as_str())));
            found.extend(lost.map(|id| format!("{shelf}/{file}.json: no case has the id {id}")));
        }
    }
    let told = std::fs::read_to_string(Shelf::Goldens.folder().join("RECORDED_WITH")).unwrap_or_default();
    if told.trim_end() != format!("aws-cli/{}", oracle::VERSION) {
        found.push(format!("goldens/RECORDED_WITH says {told:?}"));
    }
    found
}
