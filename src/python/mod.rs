//! Python's values as v1 reads and spells them: nothing here knows of argv, AWS or HTTP.
//!
//! | file | what |
//! |---|---|
//! | `value` | [`Value`], [`Dict`]: what travels between the rooms |
//! | `text` | `str` with its lone surrogates, in and out of bytes |
//! | `codec` | bytes -> text the strict way |
//! | `stdio` | text -> bytes of standard output and error |
//! | `charset` | bytes and the name of an encoding -> text |
//! | `int`, `float` | `int(text)`, `repr(float)` |
//! | `repr` | `repr(x)`, `str(x)` |
//! | `characters` | digits, what `repr` shows |
//! | `wide` | `unicodedata.east_asian_width(x)` |
//! | `percent` | `urllib.parse.quote(text)` |
//! | `shlex` | `shlex.split` |
//! | `json`, `dumps` | `json.loads(text)`, `json.dumps(value)` |
//! | `date` | `dateutil.parser.parse(text)`, ISO 8601 in a time zone |

pub mod characters;
pub mod charset;
pub mod codec;
pub mod date;
pub mod dumps;
pub mod float;
pub mod int;
pub mod json;
pub mod oserror;
pub mod percent;
pub mod repr;
pub mod shlex;
pub mod stdio;
pub mod text;
mod value;
pub mod wide;

pub use json::JsonError;
pub use value::{Dict, Value};
