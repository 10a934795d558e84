//! The benchmark's parts: [`contenders`] say what is run, [`measure`] what it cost, [`stage`] prepares programs,
//! homes and servers, [`table`] makes tables of it, [`figures`] keeps and draws them.
#![allow(
    missing_docs,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::cast_precision_loss,
    reason = "a development program: it may stop with a message, and its figures are small"
)]

pub mod contenders;
pub mod figures;
pub mod measure;
pub mod stage;
pub mod table;
