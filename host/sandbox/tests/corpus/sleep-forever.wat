;; Waits for a moment that never comes.
(module
    (import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $after (param i64) (result i32)))
    (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (call $block (call $after (i64.const -1)))
        (i32.const 512))
)
