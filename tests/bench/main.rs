//! `cargo bench`: ours, v1, boto3, curl and the SDK's default client side by side, run in turn in one go.
//!
//! | `cargo bench -- ..` | |
//! |---|---|
//! | nothing | the whole table, polls, throughput, what delegation costs |
//! | `--budgets` | our instruction counts, peak memory and binary size against their limits; exits 1 above one |
//! | `--rounds N` | N rounds instead of 30 (the slow contenders get a fifth of them) |
//! | `--polls` | only what a poll of a wait costs |
//! | `--throughput` | only 1,000 calls by `xargs -P 4`, v1 100 |
//! | `--delegation` | only what it costs to hand a command to the `aws` behind us |
//! | `--save` | writes what was measured into `tests/bench/figures.tsv` too |
//! | `--readme` | measures nothing: draws tables and picture anew from that file |
#![allow(missing_docs, reason = "a development program")]

use std::process::ExitCode;

use bench::contenders::{Contender, Scenario};
use bench::figures::Figures;
use bench::{measure, stage, table};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let Some(("--measure", rest)) = words.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        measure::main(rest);
        return ExitCode::SUCCESS;
    }
    let has = |flag: &str| words.iter().any(|word| word == flag);
    let rounds = words.iter().skip_while(|word| *word != "--rounds").nth(1);
    let rounds = rounds.map_or(30, |count| count.parse().expect("--rounds takes a number"));

    if has("--budgets") {
        let stage = stage::Prepared::ours_only();
        let within = table::budgets(&stage);
        return if within { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if has("--readme") {
        Figures::committed().draw();
        return ExitCode::SUCCESS;
    }
    let stage = stage::Prepared::everyone();
    let mut figures = Figures { facts: stage.facts(rounds), ..Figures::default() };
    let only = ["--polls", "--throughput", "--delegation"].into_iter().find(|part| has(part));
    if only.is_none() {
        figures.tables.push(table::side_by_side(&stage, &Scenario::ALL, &Contender::ALL, rounds));
    }
    if only.is_none_or(|part| part == "--polls") {
        figures.tables.push(table::polls(&stage));
    }
    if only.is_none_or(|part| part == "--throughput") {
        figures.tables.push(table::throughput(&stage));
    }
    if only.is_none_or(|part| part == "--delegation") {
        figures.tables.push(table::delegation(&stage));
    }
    println!("{}", figures.markdown());
    if has("--save") {
        figures.save();
    }
    ExitCode::SUCCESS
}
