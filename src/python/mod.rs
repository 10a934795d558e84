//! Python's values as v1 reads and spells them: nothing here knows of argv, AWS or HTTP.

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
