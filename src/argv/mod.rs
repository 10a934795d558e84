//! The room `argv`.
