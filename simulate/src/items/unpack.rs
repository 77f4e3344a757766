//! Compressed objects, as S3 inventories and Athena write them.

/// The bytes, unpacked if they are GZIP.
pub(super) fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    match bytes.first_chunk() {
        Some([0x1f, 0x8b]) => gzip(&bytes),
        _ => Ok(bytes),
    }
}

#[cfg(feature = "gzip")]
fn gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    use std::io::Read as _;

    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut unpacked).map_err(|error| error.to_string())?;
    Ok(unpacked)
}

#[cfg(not(feature = "gzip"))]
fn gzip(_: &[u8]) -> Result<Vec<u8>, String> {
    Err("reading GZIP needs the feature `gzip` of statewright-simulate".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_compressed_stays_as_it_is() {
        assert_eq!(unpacked(b"plain".to_vec()).unwrap(), b"plain");
        assert_eq!(unpacked(vec![0x1f]).unwrap(), [0x1f]);
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn gzip_is_unpacked() {
        use std::io::Write as _;

        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(b"text").unwrap();
        assert_eq!(unpacked(packer.finish().unwrap()).unwrap(), b"text");
        assert!(unpacked(vec![0x1f, 0x8b, 0]).is_err());
    }

    #[cfg(not(feature = "gzip"))]
    #[test]
    fn gzip_needs_its_feature() {
        assert!(unpacked(vec![0x1f, 0x8b, 0]).unwrap_err().contains("the feature `gzip`"));
    }
}
