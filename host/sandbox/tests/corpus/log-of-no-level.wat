;; Logs with a level that does not exist.
(module
    (import "campanile:channel/log@0.1.0" "write" (func $log (param i32 i32 i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (call $log (i32.const 99) (i32.const 1024) (i32.const 8))
        (i32.const 512))
)
