use sha2::Digest;

use super::evaluate::Computed;
use crate::data::Data;

/// The digest of `bytes` in lower-case hexadecimal digits; `None` for an algorithm other than
/// MD5, SHA-1, SHA-256, SHA-384 and SHA-512.
pub fn digest(bytes: &[u8], algorithm: &str) -> Option<String> {
    let digest = match algorithm {
        "MD5" => md5::Md5::digest(bytes).to_vec(),
        "SHA-1" => sha1::Sha1::digest(bytes).to_vec(),
        "SHA-256" => sha2::Sha256::digest(bytes).to_vec(),
        "SHA-384" => sha2::Sha384::digest(bytes).to_vec(),
        "SHA-512" => sha2::Sha512::digest(bytes).to_vec(),
        _ => return None,
    };
    Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What is no string is hashed as JSON text.
pub(super) fn hash(data: &Data, algorithm: &Data) -> Computed {
    let Some(name) = algorithm.as_str() else {
        return Err(format!(
            "expected the name of an algorithm, found {algorithm}"
        ));
    };
    let hashed = match data.as_str() {
        Some(text) => digest(text.as_bytes(), name),
        None => digest(data.to_string().as_bytes(), name),
    };
    match hashed {
        Some(digest) => Ok(Data::from(digest)),
        None => Err(format!(
            "`{name}` is not one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"
        )),
    }
}
