;; Asks for random bytes for ever.
(module
    (import "wasi:random/random@0.2.0" "get-random-bytes" (func $random (param i64 i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (loop $again (call $random (i64.const 65536) (i32.const 600)) (br $again))
        (i32.const 512))
)
