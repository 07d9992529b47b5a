;; Calls the host while the host is writing into it.
(module
    (import "campanile:channel/log@0.1.0" "write" (func $log (param i32 i32 i32)))
    (; common-realloc (call $log (i32.const 0) (i32.const 1024) (i32.const 8)) (i32.const 65536) ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (i32.const 512))
)
