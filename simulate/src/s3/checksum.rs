//! The checksums that S3 gives of an object.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

/// The MD5 of the bytes, in the quotes of an `ETag` header.
pub(super) fn etag(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    let mut etag = "\"".to_owned();
    for byte in Md5::digest(bytes) {
        // A `String` takes whatever is written to it.
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    etag
}

/// The CRC-32 of the bytes, in Base64.
pub(super) fn crc32(bytes: &[u8]) -> String {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    STANDARD.encode((!crc).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_that_aws_gave() {
        assert_eq!(etag(b"\"text data\""), "\"2b5df3712557f503a9977a8ea893b2c9\"");
        assert_eq!(crc32(b"\"text data\""), "KUmHvQ==");
        assert_eq!(crc32(b"0"), "9NvfIQ==");
    }
}
