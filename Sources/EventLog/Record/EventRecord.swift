public import MarketCore

/// A record that was read and found whole.
public struct EventRecord: Hashable, Sendable {
    /// Its position in the log, from 1.
    public let position: LogPosition
    /// Its header.
    public let header: RecordHeader
    /// The event in Protocol Buffers wire format.
    public let payload: ArraySlice<UInt8>
}
