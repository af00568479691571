public import MarketCore

/// A market's whole state at a position, read from a file and found whole.
///
/// Derived from the log: only saves replaying it from the start.
public struct Snapshot: Sendable {
    /// What the file says of itself.
    public let header: SnapshotHeader
    /// The state, whose digest is the header's.
    public let state: [UInt8]

    /// The position of the last event in the state.
    public var position: LogPosition { header.position }

    /// Takes a snapshot of `market`.
    ///
    /// - Complexity: O(state log state).
    public init(of market: Market) {
        state = market.encodeState()
        header = SnapshotHeader(position: market.head, state: state)
    }

    /// Reads a snapshot and checks its header, its length and its digest.
    ///
    /// Whether this program's rules made it is asked only by ``market(decides:)``.
    public init(bytes: [UInt8]) throws(SnapshotError) {
        header = try SnapshotHeader(reading: unsafe bytes.span.bytes)
        let (length, overflow) = SnapshotHeader.byteCount.addingReportingOverflow(
            header.stateByteCount)
        guard !overflow, bytes.count == length else {
            throw .wrongLength(expected: overflow ? .max : length, actual: bytes.count)
        }
        state = Array(bytes[SnapshotHeader.byteCount...])
        guard MarketDigest(ofState: state) == header.digest else { throw .wrongDigest }
    }

    /// The file's bytes.
    var bytes: [UInt8] { header.bytes + state }

    /// Rebuilds the market.
    ///
    /// - Parameter decides: as in `Market.init(decides:)`.
    public func market(decides: Bool = true) throws(SnapshotError) -> Market {
        guard header.rulesVersion == Market.rulesVersion else {
            throw .otherRules(found: header.rulesVersion, known: Market.rulesVersion)
        }
        let market: Market
        do {
            market = try Market(state: state, decides: decides)
        } catch {
            throw .invalidState(error)
        }
        guard market.head == position else { throw .otherPosition(market.head) }
        return market
    }
}
