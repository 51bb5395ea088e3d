//! Commands.

use super::selection::Registers;

/// TPM_ST_NO_SESSIONS.
pub(super) const NO_SESSIONS: u16 = 0x8001;
/// TPM_ST_SESSIONS.
pub(super) const SESSIONS: u16 = 0x8002;

/// TPM_RH_OWNER.
const OWNER: u32 = 0x4000_0001;
/// TPM_RS_PW.
const PASSWORD: u32 = 0x4000_0009;
/// TPM_ALG_NULL: the scheme is the key's own.
const NULL: u16 = 0x0010;
/// The most that a TPM takes as outside data (TPM2B_DATA): the identifier of a digest and the longest digest.
const LONGEST_DATA: usize = 66;

/// TPM2_NV_ReadPublic: what an index is.
#[must_use]
pub fn nv_read_public(index: u32) -> Vec<u8> {
    plain(0x0169, &index.to_be_bytes())
}

/// TPM2_NV_Read by the owner, whose password is empty: a part of what an index holds.
#[must_use]
pub fn nv_read(index: u32, offset: u16, size: u16) -> Vec<u8> {
    let parameters = [size.to_be_bytes(), offset.to_be_bytes()].concat();
    authorised(0x014e, &[OWNER, index], &parameters)
}

/// TPM2_Quote by a key whose password is empty, over outside data and registers. `None` where the data is longer than any TPM takes.
#[must_use]
pub fn quote(key: u32, data: &[u8], registers: Registers) -> Option<Vec<u8>> {
    let length = u16::try_from(data.len())
        .ok()
        .filter(|_| data.len() <= LONGEST_DATA)?;
    let parameters = [
        &length.to_be_bytes(),
        data,
        &NULL.to_be_bytes(),
        &registers.list(),
    ]
    .concat();
    Some(authorised(0x0158, &[key], &parameters))
}

/// TPM2_PCR_Read: the values of registers. A TPM answers with some of them: as many as it likes.
#[must_use]
pub fn pcr_read(registers: Registers) -> Vec<u8> {
    plain(0x017e, &registers.list())
}

fn plain(code: u32, content: &[u8]) -> Vec<u8> {
    command(NO_SESSIONS, code, content)
}

/// With one authorisation, for the first handle: an empty password.
fn authorised(code: u32, handles: &[u32], parameters: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = handles.iter().flat_map(|one| one.to_be_bytes()).collect();
    // Session, nonce of no bytes, no attributes, password of no bytes.
    content.extend([0, 0, 0, 9]);
    content.extend(PASSWORD.to_be_bytes());
    content.extend([0, 0, 0, 0, 0]);
    content.extend(parameters);
    command(SESSIONS, code, &content)
}

fn command(tag: u16, code: u32, content: &[u8]) -> Vec<u8> {
    // Bounded by what is put in above: no command is longer than some hundred bytes.
    let size = u32::try_from(super::HEADER + content.len()).unwrap_or(u32::MAX);
    [
        tag.to_be_bytes().as_slice(),
        &size.to_be_bytes(),
        &code.to_be_bytes(),
        content,
    ]
    .concat()
}
