//! The `newsgen` program: see [`newsgen::cli`].

use std::process::ExitCode;

/// Building a site is millions of small allocations on all cores.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    newsgen::cli::run(std::env::args_os())
}
