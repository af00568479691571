internal import MarketCore

/// One slot of the key file: 64 bytes, little endian but for the identity.
///
/// | offset | field |
/// |---|---|
/// | 0 | u32 state: `LMWK` with the key that wraps a contact's, `LMSP` with one that is nobody's yet, `LMKY` with a contact's own key, `LMER` erased |
/// | 4 | u32 CRC-32C of all other bytes |
/// | 8 | 16 bytes identity of the person; zero while nobody's |
/// | 24 | 32 bytes key; zero when erased |
/// | 56 | 8 bytes zero |
struct ContactSlot {
    static let byteCount = 64

    enum State: UInt32 {
        /// The key wraps that of the contact, which stands wrapped behind it.
        case wrapping = 0x4b57_4d4c
        /// The same, of a contact yet to come.
        case spare = 0x5053_4d4c
        /// The key opens the contact: so it was before keys were wrapped.
        case key = 0x594b_4d4c
        case erased = 0x5245_4d4c
    }

    let state: State
    let identity: Identity

    static func encode(
        _ state: State, _ identity: Identity, _ key: RawSpan, to writer: inout WireWriter
    ) {
        let start = writer.count
        writer.writeLittleEndian(state.rawValue)
        writer.writeLittleEndian(UInt32(0))
        writer.writeLittleEndian(identity.high.byteSwapped)
        writer.writeLittleEndian(identity.low.byteSwapped)
        writer.writeRaw(key)
        writer.writeLittleEndian(UInt64(0))
        writer.overwrite(at: start + 4, with: checksum(of: writer.bytes.extracting(start...)))
    }

    /// Returns the slot at the start of `bytes`, or `nil` when it is damaged.
    static func decode(_ bytes: RawSpan) -> ContactSlot? {
        guard bytes.byteCount >= byteCount,
            let state = State(rawValue: bytes.littleEndian(at: 0)),
            bytes.littleEndian(at: 4) == checksum(of: bytes.extracting(..<byteCount))
        else { return nil }
        return ContactSlot(state: state, identity: identity(bytes))
    }

    /// Returns the key of a slot that was found whole.
    static func key(_ bytes: RawSpan) -> ContactKey {
        ContactKey(bytes.extracting(24..<24 + ContactKey.byteCount))
    }

    /// Whether there is something where keys are, whether the slot is whole or not.
    static func hasKey(_ bytes: RawSpan) -> Bool {
        (24..<24 + ContactKey.byteCount).contains { bytes.littleEndian(at: $0) != UInt8(0) }
    }

    /// Returns the identity, whether the slot is whole or not.
    static func identity(_ bytes: RawSpan) -> Identity {
        Identity(bytes, at: 8)
    }

    private static func checksum(of slot: RawSpan) -> UInt32 {
        Checksum.crc32c(slot.extracting(8...), continuing: Checksum.crc32c(slot.extracting(..<4)))
    }
}
