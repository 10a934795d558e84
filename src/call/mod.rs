//! The room `call`.
