//! Python's values as v1 reads and spells them: nothing here knows of argv, AWS or HTTP.
//!
//! | file | what |
//! |---|---|
//! | `value` | [`Value`], [`Dict`]: the values that modules exchange |
//! | `text` | `str` with its lone surrogates, in and out of bytes |
//! | `codec` | bytes and the name of an encoding -> text the strict way |
//! | `stdio` | text -> bytes of standard output and error |
//! | `int`, `float` | `int(text)`, `repr(float)` |
//! | `repr` | `repr(x)`, `str(x)` |
//! | `characters` | digits, what `repr` shows |
//! | `wide` | `unicodedata.east_asian_width(x)` |
//! | `percent` | `urllib.parse.quote(text)` |
//! | `shlex` | `shlex.split` |
//! | `json`, `dumps` | `json.loads(text)`, `json.dumps(value)` |
//! | `date` | `dateutil.parser.parse(text)`, ISO 8601 in a time zone |

pub(crate) mod characters;
pub(crate) mod codec;
pub(crate) mod date;
pub(crate) mod dumps;
pub(crate) mod float;
pub(crate) mod int;
pub(crate) mod json;
pub(crate) mod oserror;
pub(crate) mod percent;
pub(crate) mod repr;
pub(crate) mod shlex;
pub(crate) mod stdio;
pub(crate) mod text;
mod value;
pub(crate) mod wide;

pub(crate) use json::JsonError;
pub(crate) use value::{Dict, Value};
