public import MarketCore

/// Records read in one short read transaction, copied out of the map and checked.
public struct RecordPage: Sendable {
    private let bytes: [UInt8]
    private let starts: [Int]
    private let headers: [RecordHeader]
    /// The position of the first record, or where reading stopped when there is none.
    public let firstPosition: LogPosition
    /// The position of the last event of the log at the time of reading.
    public let head: LogPosition

    init(
        bytes: [UInt8], starts: [Int], headers: [RecordHeader], firstPosition: LogPosition,
        head: LogPosition
    ) {
        self.bytes = bytes
        self.starts = starts
        self.headers = headers
        self.firstPosition = firstPosition
        self.head = head
    }

    /// The position to read on from.
    public var nextPosition: LogPosition { firstPosition.advanced(by: count) }
    /// Whether the page reaches the head.
    public var reachesHead: Bool { nextPosition > head }
}

extension RecordPage: RandomAccessCollection {
    /// The index of the first record.
    public var startIndex: Int { 0 }
    /// The index after the last record.
    public var endIndex: Int { headers.count }

    /// The record at `index`.
    public subscript(index: Int) -> EventRecord {
        let header = headers[index]
        let start = starts[index] + RecordHeader.byteCount
        return EventRecord(
            position: firstPosition.advanced(by: index), header: header,
            payload: bytes[start..<start + Int(header.payloadByteCount)])
    }
}
