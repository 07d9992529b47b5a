;; Never gives the host a place for the notification.
(module
    (; common-realloc (loop $again (br $again)) (i32.const 65536) ;)
    (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32)
        (i32.const 512))
)
