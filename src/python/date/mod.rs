//! Dates as v1 reads and spells them.
//!
//! | file | what |
//! |---|---|
//! | `iso8601` | a date of the wire -> ISO 8601 in the local time zone |
//! | `dateutil` | a date as people write it -> its parts |
//! | `zone` | the local time zone as Python knows it |
//! | `calendar` | days and seconds |

pub mod calendar;
pub mod dateutil;
pub mod iso8601;
pub mod zone;
