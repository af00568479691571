public import LMDB
public import MarketCore

/// What is wrong with a record, or with the place where one should be.
public enum RecordDamage: Error, Hashable, Sendable {
    /// There is no record under a position that the log must have; `found` is the next there is.
    case missing(found: LogPosition?)
    /// The record is shorter than its header.
    case tooShort(byteCount: Int)
    /// The header states another payload length than the record has.
    case length(stated: Int, actual: Int)
    /// The checksum does not match.
    case checksum
    /// The record is whole, and of a format this program does not know.
    case unknownFormat(UInt16)
    /// The flags contradict each other or the position.
    case flags
    /// The transaction's position lies outside the log, or after the record.
    case transaction(LogPosition)
    /// The record does not continue the transaction of the record before, or a transaction ends
    /// without its last record.
    case brokenTransaction
    /// The number of records and the last position differ.
    case count(records: Int, head: LogPosition)
    /// The database file was cut off.
    case fileTooShort(byteCount: Int, expected: Int)
    /// A page does not fit its place in the database's trees.
    case structure(PageFault)
    /// LMDB finds its own pages damaged; `code` is what it returned.
    case page(code: Int32)
    /// The payload is not the event it should be.
    case payload(WireError)
}

extension RecordDamage: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .missing(let found?): "the record is missing; the next one is \(found.rawValue)"
        case .missing(nil): "the record is missing, and every one after it"
        case .tooShort(let byteCount): "the record has only \(byteCount) bytes"
        case .length(let stated, let actual):
            "the record states \(stated) payload bytes and has \(actual)"
        case .checksum: "the checksum does not match"
        case .unknownFormat(let format): "record format \(format) is not known"
        case .flags: "the flags contradict the record's place"
        case .transaction(let position): "transaction position \(position.rawValue) is impossible"
        case .brokenTransaction: "the transaction is not whole"
        case .count(let records, let head):
            "the log counts \(records) records and ends at \(head.rawValue)"
        case .fileTooShort(let byteCount, let expected):
            "the database file has \(byteCount) bytes of \(expected)"
        case .structure(let fault): "\(fault)"
        case .page(let code): "a database page is damaged (code \(code))"
        case .payload(let error): "the payload cannot be read: \(error)"
        }
    }
}
