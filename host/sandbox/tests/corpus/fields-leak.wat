;; Makes headers of wasi:http and drops none.
(module
    (import "wasi:http/types@0.2.0" "[constructor]fields" (func $fields (result i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (loop $again (drop (call $fields)) (br $again))
        (i32.const 512))
)
