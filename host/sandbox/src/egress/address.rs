//! Which addresses a request may go to. Pure.
//!
//! Mapped and embedded spellings of IPv4 are judged as the address they stand for: that is where such checks are
//! usually bypassed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On the internet.
    Public,
    /// On this machine or in a private network: only with `private = true`.
    Private(&'static str),
    /// Never: link-local and metadata addresses give away the machine's identity, others lead nowhere.
    Forbidden(&'static str),
}

/// Judges `address`.
#[must_use]
pub fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

/// The IANA special-purpose registry for IPv4 (RFC 6890 and its updates).
fn reach_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (127, ..) => Reach::Private("a loopback address"),
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => Reach::Private("a private address"),
        (100, 64..=127, _) => Reach::Private("a carrier-grade NAT address"),
        (169, 254, _) => Reach::Forbidden("a link-local address"),
        (0, ..) => Reach::Forbidden("an unspecified address"),
        (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) | (198, 18 | 19, _) | (192, 88, 99) => {
            Reach::Forbidden("a reserved address")
        }
        (224..=239, ..) => Reach::Forbidden("a multicast address"),
        (240.., ..) => Reach::Forbidden("a reserved address"),
        _ => Reach::Public,
    }
}

/// The IANA special-purpose registry for IPv6; only global unicast (`2000::/3`) is public.
fn reach_v6(address: Ipv6Addr) -> Reach {
    if let Some(embedded) = embedded_v4(address) {
        return reach_v4(embedded);
    }
    let segments = address.segments();
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Private("a loopback address"),
        // The metadata service of EC2 has an address of its own.
        [0xfd00, 0x0ec2, ..] => Reach::Forbidden("a metadata address"),
        [0xfc00..=0xfdff, ..] => Reach::Private("a unique local address"),
        [0xfe80..=0xfeff, ..] => Reach::Forbidden("a link-local address"),
        [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => Reach::Forbidden("a documentation address"),
        // IETF protocol assignments: Teredo, benchmarking, ORCHID and the like.
        [0x2001, 0..=0x01ff, ..] => Reach::Forbidden("a reserved address"),
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Forbidden("a reserved address"),
    }
}

/// The IPv4 address that stands inside: mapped, compatible, NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let [[g1, g2], [h1, h2]] = [g.to_be_bytes(), h.to_be_bytes()];
    let low = Ipv4Addr::new(g1, g2, h1, h2);
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0, 0, 0, 0, 0xffff, 0] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(low),
        [0, 0, 0, 0, 0, 0] if g != 0 => Some(low),
        [0x2002, ..] => {
            let [[b1, b2], [c1, c2]] = [b.to_be_bytes(), c.to_be_bytes()];
            Some(Ipv4Addr::new(b1, b2, c1, c2))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Reach {
        reach(text.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_public() {
        for text in [
            "149.154.167.220",
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::6810:84e5",
            "2001:4860::8888",
            "64:ff9b::101:101",
        ] {
            assert_eq!(of(text), Reach::Public, "{text}");
        }
    }

    #[test]
    fn private_addresses_need_a_grant_in_every_spelling() {
        for text in [
            "127.0.0.1",
            "127.255.255.254",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.5",
            "100.64.0.1",
            "::1",
            "fd12:3456::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2002:c0a8:105::1",
        ] {
            assert!(matches!(of(text), Reach::Private(_)), "{text}");
        }
    }

    #[test]
    fn some_addresses_are_never_reached() {
        for text in [
            "169.254.169.254",
            "169.254.170.2",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "fe80::1",
            "fec0::1",
            "fd00:ec2::254",
            "::",
            "::ffff:169.254.169.254",
            "2002:a9fe:a9fe::",
            "64:ff9b::a9fe:a9fe",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "100::1",
            "4000::1",
        ] {
            assert!(matches!(of(text), Reach::Forbidden(_)), "{text}");
        }
    }
}
