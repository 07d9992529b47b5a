;; A data segment that lies outside of its memory.
(module
    (; common ;)
    (data (i32.const 200000000) "outside")
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (i32.const 512))
)
