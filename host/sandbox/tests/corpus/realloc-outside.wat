;; Gives the host an address outside of its memory to write the notification to.
(module
    (; common-realloc (i32.const -65536) ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (i32.const 512))
)
