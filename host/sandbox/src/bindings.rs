//! Generated from `wit/channel.wit`; nothing here is written by hand.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "channel",
    imports: {
        "campanile:channel/http.send": async,
    },
    exports: { default: async },
});
