;; Asks for 64 MiB of random bytes in one call, which the host would make while the guest's processor time stands still.
(module
    (import "wasi:random/random@0.2.0" "get-random-bytes" (func $random (param i64 i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (call $random (i64.const 67108864) (i32.const 600))
        (i32.const 512))
)
