//! The language: from text to a tree in which every name is resolved. What a tree means is in `evaluate`.

mod lexer;
mod parser;
pub(crate) mod token;
pub(crate) mod tree;

pub(crate) use parser::{parse_expression, parse_statement};
