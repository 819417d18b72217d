//! `newsgen serve` over real sockets.

mod edits;
mod http;
mod preview;
