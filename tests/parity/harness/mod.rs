//! From cases to a verdict, in the order of the work:
//!
//! | file | what it does |
//! |---|---|
//! | `mode` | replay, live, record: picks the cases, runs them, sums up |
//! | `case`, `template` | reads `cases/*.toml`; fills in `{URL}` and the like |
//! | `stage`, `servers` | an empty home, an exact environment, the servers of one case |
//! | `process`, `terminal` | one run of a program, its streams, signals, a person at a terminal |
//! | `outcome`, `mask` | what it came to, as JSON; what varies, hidden |
//! | `secrets` | which words are secrets: signatures are verified with them, and none may be shown |
//! | `golden`, `deviations`, `verdict`, `show` | what is expected; what may differ; what is wrong; told to a person |
//! | `oracle`, `forked` | the real AWS CLI version 1; the same without starting it each time |
//! | `broken` | documents of helpers, broken in every way |
//! | `changed` | the cases for which it is started all the same |
//! | `proved` | the cases that it was seen to do, and need not do again while they stay as they are |

mod broken;
mod case;
mod changed;
mod deviations;
mod forked;
mod golden;
mod mask;
pub mod mode;
mod oracle;
mod outcome;
mod process;
mod proved;
mod secrets;
mod servers;
mod show;
mod stage;
mod template;
mod terminal;
mod verdict;
