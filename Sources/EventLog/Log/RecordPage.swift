public import MarketCore

/// Records read in one short read transaction, copied out of the map and checked.
public struct RecordPage: Sendable {
    private let bytes: [UInt8]
    /// Where each record ends in ``bytes``, and the next begins.
    private let ends: [Int]
    /// The position of the first record, or where reading stopped when there is none.
    public let firstPosition: LogPosition
    /// The position of the last event of the log at the time of reading.
    public let head: LogPosition

    init(bytes: [UInt8], ends: [Int], firstPosition: LogPosition, head: LogPosition) {
        self.bytes = bytes
        self.ends = ends
        self.firstPosition = firstPosition
        self.head = head
    }

    /// The position to read on from.
    public var nextPosition: LogPosition { firstPosition.advanced(by: count) }
    /// Whether the page reaches the head.
    public var reachesHead: Bool { nextPosition > head }

    private func start(of index: Int) -> Int { index == 0 ? 0 : ends[index - 1] }

    /// The header of the record at `index`.
    public func header(at index: Int) -> RecordHeader {
        let start = start(of: index)
        return unsafe RecordHeader(
            bytes.span.bytes.extracting(start..<start + RecordHeader.byteCount))
    }

    /// The event of the record at `index`, decoded where it lies: only the arrays and texts that
    /// the event itself holds are allocated.
    public func event(at index: Int) throws(WireError) -> RecordedEvent {
        let payload = unsafe bytes.span.bytes.extracting(
            start(of: index) + RecordHeader.byteCount..<ends[index])
        return try RecordedEvent(
            at: firstPosition.advanced(by: index), header(at: index), payload: payload)
    }
}

extension RecordPage: RandomAccessCollection {
    /// The index of the first record.
    public var startIndex: Int { 0 }
    /// The index after the last record.
    public var endIndex: Int { ends.count }

    /// The record at `index`.
    public subscript(index: Int) -> EventRecord {
        EventRecord(
            position: firstPosition.advanced(by: index), header: header(at: index),
            payload: bytes[start(of: index) + RecordHeader.byteCount..<ends[index]])
    }
}
