;; Logs four gigabytes that are not there.
(module
    (import "campanile:channel/log@0.1.0" "write" (func $log (param i32 i32 i32)))
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (call $log (i32.const 0) (i32.const 1024) (i32.const -1))
        (i32.const 512))
)
