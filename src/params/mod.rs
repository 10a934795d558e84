//! The room `params`.
