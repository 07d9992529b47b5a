;; Returns an address where no record may begin.
(module
    (; common ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (i32.const 513))
)
