//! Addresses, as `Location` has them.

/// Where what became of an order is told.
pub fn of_order(user: &str, id: &str) -> String {
    format!("/order/{}?orderId={id}", segment(user))
}

/// Where a payment is.
pub fn of_payment(user: &str, order: &str) -> String {
    format!("/payment/{}?orderId={}", segment(user), segment(order))
}

/// Where a product is.
pub fn of_product(id: &str) -> String {
    format!("/product/{}", segment(id))
}

/// A text as a segment of a path (RFC 3986, section 2.3: unreserved characters).
fn segment(text: &str) -> String {
    let bytes = text.bytes();
    bytes
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        assert_eq!(
            of_order("a b/é", "1-2"),
            "/order/a%20b%2F%C3%A9?orderId=1-2"
        );
        assert_eq!(of_product("lamp-7"), "/product/lamp-7");
    }
}
