//! All functions.

use super::{
    Function, bits, clock, codec, collection, external, hash, kinds, math, message, pattern, strings,
};

/// All functions, a family after the other.
pub(crate) fn all() -> impl Iterator<Item = &'static Function> + Clone {
    let families: [&'static [Function]; 12] = [
        math::FUNCTIONS,
        bits::FUNCTIONS,
        strings::FUNCTIONS,
        pattern::FUNCTIONS,
        collection::FUNCTIONS,
        kinds::FUNCTIONS,
        codec::FUNCTIONS,
        hash::FUNCTIONS,
        clock::FUNCTIONS,
        message::FUNCTIONS,
        message::PROPERTIES,
        external::FUNCTIONS,
    ];
    families.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The developer guide's list.
    const DOCUMENTED: &str = "abs accountid acos asin atan atan2 aws_lambda bitand bitor bitxor bitnot cast ceil chr clientid \
        concat cos cosh decode encode endswith exp floor get get_dynamodb get_mqtt_property get_or_default \
        get_registry_data get_secret get_thing_shadow get_user_properties md2 md5 sha1 sha224 sha256 sha384 sha512 indexof \
        isNull isUndefined length ln log lower lpad ltrim machinelearning_predict mod nanvl newuuid numbytes parse_time \
        power principal rand regexp_matches regexp_replace regexp_substr remainder replace rpad round rtrim sign sin sinh \
        sourceip substring sql_version sqrt startswith tan tanh time_to_epoch timestamp topic traceid transform trim trunc \
        upper";

    #[test]
    fn every_documented_function_is_there_once_and_no_other() {
        let mut documented: Vec<&str> = DOCUMENTED.split_whitespace().collect();
        let mut known: Vec<&str> = all().map(|function| function.name).collect();
        documented.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, documented);
    }
}
