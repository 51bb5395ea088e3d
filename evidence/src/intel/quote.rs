//! Quotes that a platform signs.

use super::platform::{Platform, length, put, sign};

/// An enclave to be quoted.
#[derive(Clone, Copy, Debug)]
pub struct Enclave {
    /// Flags of ATTRIBUTES.
    pub flags: u64,
    /// MRENCLAVE.
    pub mr_enclave: [u8; 32],
    /// MRSIGNER.
    pub mr_signer: [u8; 32],
    /// ISVPRODID and ISVSVN.
    pub isv: (u16, u16),
    /// ISVEXTPRODID and ISVFAMILYID.
    pub product: ([u8; 16], [u8; 16]),
    /// CONFIGID and CONFIGSVN.
    pub config: ([u8; 64], u16),
    /// REPORTDATA.
    pub report_data: [u8; 64],
}

impl Default for Enclave {
    fn default() -> Self {
        Enclave {
            flags: 5,
            mr_enclave: [0xe1; 32],
            mr_signer: [0x51; 32],
            isv: (1, 3),
            product: ([0; 16], [0; 16]),
            config: ([0; 64], 0),
            report_data: [0xda; 64],
        }
    }
}

/// A trust domain to be quoted.
#[derive(Clone, Copy, Debug)]
pub struct TrustDomain {
    /// TDATTRIBUTES.
    pub attributes: u64,
    /// TEE_TCB_SVN.
    pub tcb_svn: [u8; 16],
    /// MRTD.
    pub mr_td: [u8; 48],
    /// RTMR0 to RTMR3.
    pub rtmr: [[u8; 48]; 4],
    /// MRCONFIGID.
    pub mr_config_id: [u8; 48],
    /// REPORTDATA.
    pub report_data: [u8; 64],
}

impl Default for TrustDomain {
    fn default() -> Self {
        let mut tcb_svn = [0; 16];
        put(&mut tcb_svn, 0, &[5, 1, 5]);
        TrustDomain {
            attributes: 1 << 28,
            tcb_svn,
            mr_td: [0xd1; 48],
            rtmr: [[0xa0; 48], [0xa1; 48], [0xa2; 48], [0xa3; 48]],
            mr_config_id: [0; 48],
            report_data: [0xda; 64],
        }
    }
}

impl Platform {
    /// A quote of version 3.
    #[must_use]
    pub fn enclave(&self, enclave: &Enclave) -> Vec<u8> {
        let mut quote = header(3, 0);
        let mut body = vec![0; 384];
        put(&mut body, 32, &enclave.product.0);
        put(&mut body, 48, &enclave.flags.to_le_bytes());
        put(&mut body, 64, &enclave.mr_enclave);
        put(&mut body, 128, &enclave.mr_signer);
        put(&mut body, 192, &enclave.config.0);
        put(&mut body, 256, &enclave.isv.0.to_le_bytes());
        put(&mut body, 258, &enclave.isv.1.to_le_bytes());
        put(&mut body, 260, &enclave.config.1.to_le_bytes());
        put(&mut body, 304, &enclave.product.1);
        put(&mut body, 320, &enclave.report_data);
        quote.extend(body);
        let signature = sign(&self.attestation, &quote);
        let [key, certification] = &self.vouching;
        let data = [signature.as_slice(), key, certification].concat();
        quote.extend(length(data.len()));
        quote.extend(data);
        quote
    }

    /// A quote of version 4, of a TD 1.0.
    #[must_use]
    pub fn trust_domain(&self, domain: &TrustDomain) -> Vec<u8> {
        let mut quote = header(4, 0x81);
        quote.extend(body(domain));
        self.finish(quote)
    }

    /// A quote of version 5, of a TD 1.5 that has been updated to `now`.
    #[must_use]
    pub fn trust_domain_1_5(&self, domain: &TrustDomain, now: [u8; 16]) -> Vec<u8> {
        let mut quote = header(5, 0x81);
        quote.extend(3u16.to_le_bytes());
        quote.extend(length(648));
        quote.extend(body(domain));
        quote.extend(now);
        quote.extend([0; 48]);
        self.finish(quote)
    }

    fn finish(&self, mut quote: Vec<u8>) -> Vec<u8> {
        let signature = sign(&self.attestation, &quote);
        let [key, certification] = &self.vouching;
        let mut data = [signature.as_slice(), key].concat();
        data.extend(6u16.to_le_bytes());
        data.extend(length(certification.len()));
        data.extend(certification);
        quote.extend(length(data.len()));
        quote.extend(data);
        quote
    }
}

fn header(version: u16, tee_type: u32) -> Vec<u8> {
    let mut header = version.to_le_bytes().to_vec();
    header.extend(2u16.to_le_bytes());
    header.extend(tee_type.to_le_bytes());
    header.extend([0; 4]);
    header.extend([
        0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06,
        0x07,
    ]);
    header.extend([0; 20]);
    header
}

fn body(domain: &TrustDomain) -> Vec<u8> {
    let mut body = vec![0; 584];
    put(&mut body, 0, &domain.tcb_svn);
    put(&mut body, 120, &domain.attributes.to_le_bytes());
    put(&mut body, 136, &domain.mr_td);
    put(&mut body, 184, &domain.mr_config_id);
    for (number, register) in domain.rtmr.iter().enumerate() {
        put(&mut body, 328 + 48 * number, register);
    }
    put(&mut body, 520, &domain.report_data);
    body
}
