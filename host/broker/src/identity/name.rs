//! Names of devices, which are part of the names of files.

use super::IdentityError;

/// "Thing name size" of AWS IoT Core's quotas.
const MAX_LENGTH: usize = 128;

/// As AWS checks names of things: `[a-zA-Z0-9:_-]+`. No name has a dot or slash, so none leads out of its folder.
pub(super) fn check(device: &str) -> Result<(), IdentityError> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, ':' | '_' | '-');
    if (1..=MAX_LENGTH).contains(&device.len()) && device.chars().all(allowed) {
        Ok(())
    } else {
        Err(IdentityError::Name(device.chars().take(MAX_LENGTH).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_things() {
        for good in ["heating", "a:b_c-9", &"x".repeat(128)] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["", "../x", "a/b", "a.b", "ä", "a b", "a\0", &"x".repeat(129)] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
