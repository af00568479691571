public import MarketCore

/// Encoded records that go into the log in one commit: one or more whole transactions.
///
/// Payloads are written straight into the batch's one buffer, which is kept from batch to batch.
public struct RecordBatch: ~Copyable {
    private var writer: WireWriter
    private var ends: [Int] = []
    private var isOpen = false
    /// The position of the first record.
    public private(set) var firstPosition: LogPosition

    /// Creates an empty batch whose first record will have `firstPosition`.
    public init(firstPosition: LogPosition, capacity: Int = 64 << 10) {
        precondition(firstPosition > .start, "positions start at 1")
        self.firstPosition = firstPosition
        writer = WireWriter(capacity: capacity)
    }

    /// The number of records.
    public var count: Int { ends.count }
    /// Whether there is no record.
    public var isEmpty: Bool { ends.isEmpty }
    /// The size of all records in bytes.
    public var byteCount: Int { writer.count }
    /// The position that the next record will have.
    public var nextPosition: LogPosition { firstPosition.advanced(by: ends.count) }
    /// Whether every transaction in the batch has its last record.
    public var endsWhole: Bool { !isOpen }

    /// Empties the batch for the records from `firstPosition` on, and keeps its room.
    public mutating func reset(firstPosition: LogPosition) {
        precondition(firstPosition > .start, "positions start at 1")
        self.firstPosition = firstPosition
        writer.removeAll()
        ends.removeAll(keepingCapacity: true)
        isOpen = false
    }

    /// Adds a record, whose payload `write` writes.
    ///
    /// - Parameters:
    ///   - transaction: the position of the transaction's first record.
    ///   - isLast: whether the record ends its transaction.
    /// - Precondition: a transaction's records follow each other, and the first is in the batch.
    @inline(__always)
    public mutating func append(
        eventType: UInt16, eventVersion: UInt16, time: Timestamp, transaction: LogPosition,
        isLast: Bool, write: (inout WireWriter) -> Void
    ) {
        let isFirst = transaction == nextPosition
        precondition(isFirst != isOpen, "a transaction begins when the one before has ended")
        precondition(
            transaction >= firstPosition && transaction <= nextPosition,
            "a transaction lies in one batch")
        var flags: RecordFlags = isFirst ? [.first, .input] : []
        if isLast { flags.insert(.last) }
        let start = writer.count
        writer.writeWords(
            UInt64(RecordHeader.currentFormat) | UInt64(eventType) << 16
                | UInt64(eventVersion) << 32 | UInt64(flags.rawValue) << 48,
            UInt64(bitPattern: time.microseconds), transaction.rawValue, 0)
        write(&writer)
        let length = writer.count - start - RecordHeader.byteCount
        writer.overwrite(at: start + 24, with: UInt32(length))
        let checksum = RecordHeader.checksum(of: writer.bytes.extracting(start...))
        writer.overwrite(at: start + RecordHeader.checksumOffset, with: checksum)
        ends.append(writer.count)
        isOpen = !isLast
    }

    /// Returns the bytes of the record at `index`, counted from 0.
    @_lifetime(borrow self)
    public func record(at index: Int) -> RawSpan {
        writer.bytes.extracting((index == 0 ? 0 : ends[index - 1])..<ends[index])
    }
}
