;; A start function that never ends: instantiation itself hangs.
(module
    (; common ;)
    (func $spin (loop $again (br $again)))
    (start $spin)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (i32.const 512))
)
