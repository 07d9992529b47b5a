//! Generated from `wit/channel.wit`; nothing here is written by hand.
#![expect(missing_docs, reason = "generated code: the WIT file documents it")]

wit_bindgen::generate!({
    path: "wit",
    world: "channel",
    pub_export_macro: true,
    export_macro_name: "__export_component",
    generate_all,
    additional_derives: [PartialEq],
});
