;; Opens the standard output again and again and drops no stream.
(module
    (import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (loop $again (drop (call $stdout)) (br $again))
        (i32.const 512))
)
