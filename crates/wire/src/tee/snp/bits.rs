//! Fields of a report that are sets of bits.

/// What the guest's owner allowed at launch (POLICY; AMD 56860, table Guest Policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuestPolicy(pub u64);

impl GuestPolicy {
    /// The first bit that the specification keeps for later.
    const FIRST_RESERVED: u32 = 26;

    /// The least ABI that the guest runs on: major and minor.
    #[must_use]
    pub fn abi(self) -> (u8, u8) {
        let [minor, major, ..] = self.0.to_le_bytes();
        (major, minor)
    }

    /// Bit 16: the host may run with simultaneous multithreading.
    #[must_use]
    pub fn allows_smt(self) -> bool {
        self.has(16)
    }

    /// Bit 17: always one.
    #[must_use]
    pub fn has_reserved_one(self) -> bool {
        self.has(17)
    }

    /// Bit 18, MIGRATE_MA: a migration agent may be associated with the guest.
    #[must_use]
    pub fn allows_migration_agent(self) -> bool {
        self.has(18)
    }

    /// Bit 19, DEBUG: the host may read and write the guest's memory.
    #[must_use]
    pub fn allows_debug(self) -> bool {
        self.has(19)
    }

    /// Bit 20, SINGLE_SOCKET: runs on one socket only.
    #[must_use]
    pub fn requires_single_socket(self) -> bool {
        self.has(20)
    }

    /// Bit 21, CXL_ALLOW: memory and devices on CXL may be present.
    #[must_use]
    pub fn allows_cxl(self) -> bool {
        self.has(21)
    }

    /// Bit 22, MEM_AES_256_XTS: memory is encrypted with AES-256-XTS, not AES-128-XEX.
    #[must_use]
    pub fn requires_aes_256_xts(self) -> bool {
        self.has(22)
    }

    /// Bit 23, RAPL_DIS: the host cannot measure power.
    #[must_use]
    pub fn requires_rapl_disabled(self) -> bool {
        self.has(23)
    }

    /// Bit 24, CIPHERTEXT_HIDING: the host cannot read even the ciphertext.
    #[must_use]
    pub fn requires_ciphertext_hiding(self) -> bool {
        self.has(24)
    }

    /// Bit 25, PAGE_SWAP_DISABLE: the host cannot move or swap pages of the guest.
    #[must_use]
    pub fn disables_page_swap(self) -> bool {
        self.has(25)
    }

    /// Bits whose meaning is not known here.
    #[must_use]
    pub fn unknown(self) -> u64 {
        self.0 >> Self::FIRST_RESERVED << Self::FIRST_RESERVED
    }

    fn has(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }
}

/// How the platform is set up (PLATFORM_INFO; AMD 56860, table Platform Info).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformInfo(pub u64);

impl PlatformInfo {
    /// Bit 0: simultaneous multithreading is on.
    #[must_use]
    pub fn smt(self) -> bool {
        self.has(0)
    }

    /// Bit 1: all of the host's memory is encrypted too.
    #[must_use]
    pub fn tsme(self) -> bool {
        self.has(1)
    }

    /// Bit 2: memory has error correction.
    #[must_use]
    pub fn ecc(self) -> bool {
        self.has(2)
    }

    /// Bit 3: the host cannot measure power.
    #[must_use]
    pub fn rapl_disabled(self) -> bool {
        self.has(3)
    }

    /// Bit 4: ciphertext hiding is on.
    #[must_use]
    pub fn ciphertext_hiding(self) -> bool {
        self.has(4)
    }

    /// Bit 5, ALIAS_CHECK_COMPLETE: memory was searched for aliases since the last reset, and there are none. From version 3.
    #[must_use]
    pub fn alias_check_complete(self) -> bool {
        self.has(5)
    }

    /// Bit 7: trusted I/O is on.
    #[must_use]
    pub fn trusted_io(self) -> bool {
        self.has(7)
    }

    /// Bits whose meaning is not known here.
    #[must_use]
    pub fn unknown(self) -> u64 {
        self.0 & !0b1011_1111
    }

    fn has(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }
}

/// Which key signed, and what it covers (KEY_INFO at 0x48; AMD 56860).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyInfo(pub u32);

/// The kinds of keys that sign reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKey {
    /// The key of chip and firmware versions.
    Vcek,
    /// The key of a cloud provider and firmware versions.
    Vlek,
    /// None: the report is not signed.
    None,
    /// A number that the specification keeps for later.
    Reserved(u8),
}

impl KeyInfo {
    /// Bit 0, AUTHOR_KEY_EN: the digest of an author key is present.
    #[must_use]
    pub fn has_author_key(self) -> bool {
        self.0 & 1 == 1
    }

    /// Bit 1, MASK_CHIP_KEY: the firmware writes zeros instead of a signature.
    #[must_use]
    pub fn masks_chip_key(self) -> bool {
        self.0 >> 1 & 1 == 1
    }

    /// Bits 2 to 4, SIGNING_KEY.
    #[must_use]
    pub fn signing_key(self) -> SigningKey {
        match self.0 >> 2 & 7 {
            0 => SigningKey::Vcek,
            1 => SigningKey::Vlek,
            7 => SigningKey::None,
            other => SigningKey::Reserved(u8::try_from(other).unwrap_or(u8::MAX)),
        }
    }

    /// Bits whose meaning is not known here.
    #[must_use]
    pub fn unknown(self) -> u32 {
        self.0 >> 5 << 5
    }
}
