;; A receipt whose text is not UTF-8.
(module
    (; common ;)
    (data (i32.const 700) "\ff\fe\80\c0\af")
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (i32.store (i32.const 516) (i32.const 700))
        (i32.store (i32.const 520) (i32.const 5))
        (i32.const 512))
)
