//! Any bytes as a component, and a good one with any bytes changed: it is refused or becomes a plugin, and nothing else happens.
//!
//! If the first byte is even, the rest is the file. Else it is a list of changes: two bytes of position and one to put there.
#![no_main]

use campanile_fuzz::{component, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    if first % 2 == 0 {
        load(rest);
        return;
    }
    let mut wasm = component(&[]);
    for change in rest.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % wasm.len();
        wasm[at] = change[2];
    }
    load(&wasm);
});
