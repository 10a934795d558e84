//! The measurements as tables, and their limits.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::contenders::{Contender, Run, Scenario, wait};
use crate::figures::Table;
use crate::measure::{self, Sample};
use crate::stage::Prepared;

/// Our stripped release binary may be this large, in MB.
const BINARY_BUDGET: f64 = 4.8;

/// A call over http may touch so many pages.
const FAULTS_BUDGET: f64 = 180.0;

/// How many instructions, in millions, a poll may take over a kept connection, and over a new one by https.
const POLL_BUDGETS: [(bool, &str, f64); 2] =
    [(true, "kept connection, http", 0.30), (false, "new connection, https", 3.0)];

/// How long a call to a server that responds at once may wait, in milliseconds: less than one of our own pauses.
const IDLE_BUDGET: f64 = 40.0;

/// How much memory 10,000 polls may add, in MB. The peak of two equal runs differs by as much, since the system places
/// each where chance wants: three times as many polls are measured, and a third of their growth counts.
const GROWTH_BUDGET: f64 = 0.1;

/// Columns of the table of single calls.
const COLUMNS: [&str; 12] = [
    "scenario",
    "who",
    "wall ms",
    "quartiles",
    "user+sys ms",
    "peak MB",
    "page faults",
    "system calls",
    "M instructions",
    "wall, v1 / this",
    "wall, curl / this",
    "wall, this / C",
];

/// Every contender in every scenario, run in turn, `rounds` times (slow ones a fifth of that).
pub fn side_by_side(
    prepared: &Prepared,
    scenarios: &[Scenario],
    contenders: &[Contender],
    rounds: usize,
) -> Table {
    let mut table = Table::new("One call", &COLUMNS);
    for &scenario in scenarios {
        let runs: Vec<(Contender, Run)> =
            contenders.iter().filter_map(|who| Some((*who, who.run(scenario, &prepared.stage)?))).collect();
        let figures = in_turn(&runs, rounds);
        let wall_of = |wanted: Contender| {
            runs.iter().zip(&figures).find(|((who, _), _)| *who == wanted).map(|(_, (sample, _))| sample.wall)
        };
        for ((who, run), (sample, (low, high))) in runs.iter().zip(&figures) {
            let ratio = |to: Option<f64>| to.map_or("".into(), |wall| format!("{:.1}", wall / sample.wall));
            let counted = if who.is_slow() { None } else { measure::instructions(run) };
            let calls = if who.is_slow() { None } else { measure::system_calls(run) };
            let floor = wall_of(Contender::Floor).map(|wall| sample.wall / wall);
            table.rows.push(vec![
                scenario.title().to_owned(),
                who.title().to_owned(),
                format!("{:.1}", sample.wall * 1e3),
                format!("{:.1} to {:.1}", low * 1e3, high * 1e3),
                format!("{:.1}", sample.cpu * 1e3),
                format!("{:.1}", sample.peak / 1024.0),
                format!("{:.0}", sample.faults),
                calls.map_or("".into(), |count| count.to_string()),
                counted.map_or("".into(), |count| format!("{:.2}", count as f64 / 1e6)),
                ratio(wall_of(Contender::V1)),
                ratio(wall_of(Contender::Curl)),
                floor.map_or("".into(), |times| format!("{times:.2}")),
            ]);
        }
    }
    table
}

/// The medians of each run, and the quartiles of its wall time: one round runs everybody once, so that a slow spell of the machine hits all alike.
fn in_turn(runs: &[(Contender, Run)], rounds: usize) -> Vec<(Sample, (f64, f64))> {
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); runs.len()];
    for (_, run) in runs {
        measure::sample(run); // warm-up, not counted
    }
    for round in 0..rounds {
        for ((who, run), kept) in runs.iter().zip(&mut samples) {
            if !who.is_slow() || round % 5 == 0 {
                kept.push(measure::sample(run));
            }
        }
    }
    let middle = |kept: &[Sample], figure: fn(&Sample) -> f64| {
        measure::median(&mut kept.iter().map(figure).collect::<Vec<_>>())
    };
    let medians = samples.iter().map(|kept| {
        let mut walls: Vec<f64> = kept.iter().map(|sample| sample.wall).collect();
        let sample = Sample {
            wall: measure::median(&mut walls),
            cpu: middle(kept, |sample| sample.cpu),
            peak: middle(kept, |sample| sample.peak),
            faults: middle(kept, |sample| sample.faults),
        };
        (sample, measure::quartiles(&walls))
    });
    medians.collect()
}

/// What one poll of a wait costs: the difference between many polls and one, by their number.
pub fn polls(prepared: &Prepared) -> Table {
    let columns = ["connection", "polls", "wall ms a poll", "M instructions a poll", "peak MB of all"];
    let mut table = Table::new("A poll of `wait copy-job-completed`", &columns);
    for (is_kept, title, _) in POLL_BUDGETS {
        let count = if is_kept { 10_000 } else { 1_000 };
        let [one, many] = [1, count + 1].map(|polls| measure::sample(&wait(&prepared.stage, is_kept, polls)));
        let counted = poll_instructions(prepared, is_kept);
        table.rows.push(vec![
            title.to_owned(),
            count.to_string(),
            format!("{:.3}", (many.wall - one.wall) * 1e3 / count as f64),
            counted.map_or("".into(), |count| format!("{count:.2}")),
            format!("{:.1}", many.peak / 1024.0),
        ]);
    }
    table
}

/// Millions of instructions that one poll takes; `None` where valgrind is not installed.
fn poll_instructions(prepared: &Prepared, is_kept: bool) -> Option<f64> {
    const POLLS: usize = 20;
    let count = |polls| measure::instructions(&wait(&prepared.stage, is_kept, polls));
    let more = count(POLLS + 1)?.checked_sub(count(1)?)?;
    Some(more as f64 / POLLS as f64 / 1e6)
}

/// Our instruction counts, peak memory and binary size beside their limits; false above one.
pub fn budgets(prepared: &Prepared) -> bool {
    let mut over = 0;
    let mut checked = 0;
    let mut line = |what: &str, is: f64, limit: f64, unit: &str| {
        let verdict = if is <= limit { "ok" } else { "OVER" };
        over += usize::from(is > limit);
        checked += 1;
        println!("{verdict:4} {what}: {is:.3} of {limit:.2} {unit}");
    };
    let size = std::fs::metadata(&prepared.stage.ours).expect("the release binary").len();
    line("binary size", size as f64 / 1e6, BINARY_BUDGET, "MB");
    for scenario in Scenario::ALL {
        let Some(run) = Contender::Ours.run(scenario, &prepared.stage) else { continue };
        if scenario == Scenario::HttpsFullBundle && !prepared.has_full_bundle() {
            println!("     {}: AWS CLI v1, which brings the bundle, is not installed", scenario.title());
            continue;
        }
        let sample = measure::sample(&run);
        line(
            &format!("peak memory, {}", scenario.title()),
            sample.peak / 1024.0,
            scenario.peak_budget(),
            "MB",
        );
        if scenario == Scenario::Http {
            line("page faults, http", sample.faults, FAULTS_BUDGET, "pages");
        }
        if matches!(scenario, Scenario::Http | Scenario::Https) {
            let idle = |sample: Sample| (sample.wall - sample.cpu) * 1e3;
            let median = measure::median(&mut [(); 5].map(|()| idle(measure::sample(&run))));
            line(&format!("time that is waited, {}", scenario.title()), median, IDLE_BUDGET, "ms");
        }
        match (scenario.budget(), measure::instructions(&run)) {
            (Some(limit), Some(count)) => {
                line(&format!("instructions, {}", scenario.title()), count as f64 / 1e6, limit, "M");
            }
            (Some(_), None) => println!("     instructions, {}: valgrind is not installed", scenario.title()),
            _ => {}
        }
    }
    for (is_kept, title, limit) in POLL_BUDGETS {
        match poll_instructions(prepared, is_kept) {
            Some(count) => line(&format!("instructions, a poll, {title}"), count, limit, "M"),
            None => println!("     instructions, a poll, {title}: valgrind is not installed"),
        }
    }
    let peak = |run: Run| measure::median(&mut [(); 3].map(|()| measure::sample(&run).peak));
    let [few, many] = [10, 30_000].map(|polls| peak(wait(&prepared.stage, true, polls)));
    line("memory that 10,000 polls add", (many - few) / 3.0 / 1024.0, GROWTH_BUDGET, "MB");
    println!("{} passed, {over} failed", checked - over);
    over == 0
}

/// What it costs to hand a command to the `aws` behind us: pairs of runs, through us and directly.
pub fn delegation(prepared: &Prepared) -> Table {
    const PAIRS: usize = 500;
    let direct = prepared.behind_us(Path::new("/bin/true"));
    let through = Run { words: vec![prepared.stage.ours.to_string_lossy().into_owned()], ..direct.clone() };
    let runs = [through, direct].map(|mut run| {
        run.words.extend(["s3".to_owned(), "ls".to_owned()]);
        (Contender::Ours, run)
    });
    let title = format!("A command handed to the next `aws` (`true` stands behind), {PAIRS} pairs");
    let mut table = Table::new(&title, &["who", "ms more than directly"]);
    if let [(ours, _), (other, _)] = &in_turn(&runs, PAIRS)[..] {
        let more = format!("{:.2}", (ours.wall - other.wall) * 1e3);
        table.rows.push(vec![Contender::Ours.title().to_owned(), more]);
    }
    table
}

/// Who starts many jobs at once, and how many.
const CROWD: [(Contender, u32); 5] = [
    (Contender::Ours, 1000),
    (Contender::Static, 1000),
    (Contender::V1, 100),
    (Contender::Boto3, 100),
    (Contender::Curl, 1000),
];

/// Jobs a second and CPU seconds a thousand jobs by `xargs -P 4`.
pub fn throughput(prepared: &Prepared) -> Table {
    let columns = ["who", "calls", "jobs a second", "CPU s per 1,000 jobs"];
    let mut table = Table::new("Many at once, http, `xargs -P 4`", &columns);
    for (who, calls) in CROWD {
        let Some(run) = who.run(Scenario::Http, &prepared.stage) else { continue };
        let script = format!("seq {calls} | xargs -P 4 -I{{}} \"$@\"");
        let words = ["sh", "-c", &script, "sh"].map(str::to_owned).into_iter().chain(run.words.clone());
        let run = Run { words: words.collect(), ..run };
        let sample = measure::sample(&run);
        let (jobs, cpu) = (f64::from(calls) / sample.wall, sample.cpu * 1000.0 / f64::from(calls));
        let cells = [calls.to_string(), format!("{jobs:.0}"), format!("{cpu:.2}")];
        table.rows.push(std::iter::once(who.title().to_owned()).chain(cells).collect());
    }
    table
}

/// The first line that `command` prints, or nothing.
pub fn first_line(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or_default().to_owned()
}
