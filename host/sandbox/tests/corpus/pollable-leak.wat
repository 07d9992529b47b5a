;; Makes pollables and drops none.
(module
    (import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $after (param i64) (result i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (loop $again (drop (call $after (i64.const 1))) (br $again))
        (i32.const 512))
)
