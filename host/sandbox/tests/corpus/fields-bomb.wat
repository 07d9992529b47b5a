;; Adds to one set of headers of wasi:http for ever.
(module
    (import "wasi:http/types@0.2.0" "[constructor]fields" (func $fields (result i32)))
    (import "wasi:http/types@0.2.0" "[method]fields.append" (func $append (param i32 i32 i32 i32 i32 i32)))
    (; common ;)
    (data (i32.const 700) "x")
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (local $it i32)
        (local.set $it (call $fields))
        (loop $again
            (call $append (local.get $it) (i32.const 700) (i32.const 1) (i32.const 2048) (i32.const 0) (i32.const 600))
            (br_if $again (i32.eqz (i32.load8_u (i32.const 600)))))
        (i32.const 512))
)
