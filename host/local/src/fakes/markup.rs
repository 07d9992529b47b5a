//! Markup that more than one service reads, or that is a standard: HTML, CommonMark, and the names of emoji.

pub(super) mod commonmark;
pub(super) mod emoji;
pub(super) mod html;
mod writer;

pub(super) use self::writer::Writer;
