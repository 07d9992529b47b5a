;; Uses a handle that was never given to it.
(module
    (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (call $block (i32.const 4711))
        (i32.const 512))
)
