internal import Glibc
public import MarketCore

/// A market's whole state at a position, read from a file and found whole.
///
/// Derived from the log: only saves replaying it from the start.
public struct Snapshot: Sendable {
    /// What the file says of itself.
    public let header: SnapshotHeader
    /// The whole file, the header first.
    private let contents: FileContents

    /// The position of the last event in the state.
    public var position: LogPosition { header.position }
    /// The state in its canonical form.
    public var state: RawSpan {
        @_lifetime(borrow self)
        get { contents.bytes.extracting(SnapshotHeader.byteCount...) }
    }

    /// Takes what a file holds, and checks its header, its length and its state's checksum.
    ///
    /// Whether the state has the digest that the header tells is asked by ``checkDigest()``, and
    /// whether this program's rules made it only by ``market(decides:)``.
    init(_ contents: FileContents) throws(SnapshotError) {
        let bytes = contents.bytes
        header = try SnapshotHeader(reading: bytes)
        let (length, overflow) = SnapshotHeader.byteCount.addingReportingOverflow(
            header.stateByteCount)
        guard !overflow, bytes.byteCount == length else {
            throw .wrongLength(expected: overflow ? .max : length, actual: bytes.byteCount)
        }
        let state = bytes.extracting(SnapshotHeader.byteCount...)
        guard Checksum.crc32c(state) == header.stateChecksum else { throw .damagedState }
        self.contents = contents
    }

    /// Checks that the digest in the header is the state's.
    ///
    /// - Throws: ``SnapshotError/wrongDigest``.
    /// - Complexity: O(state); a checksum is enough to start from what this program wrote.
    public func checkDigest() throws(SnapshotError) {
        guard MarketDigest(ofState: state) == header.digest else { throw .wrongDigest }
    }

    /// Whether it is the state of `market`, byte for byte.
    ///
    /// - Complexity: O(state log state).
    func isState(of market: Market) -> Bool {
        var rest = SnapshotHeader.byteCount
        do throws(OtherState) {
            try market.encodeState { piece throws(OtherState) in
                let end = rest + piece.byteCount
                guard end <= contents.bytes.byteCount,
                    piece.holdsSameBytes(as: contents.bytes.extracting(rest..<end))
                else { throw OtherState() }
                rest = end
            }
        } catch {
            return false
        }
        return rest == contents.bytes.byteCount
    }

    private struct OtherState: Error {}

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

extension RawSpan {
    /// Whether `other` holds the same bytes.
    fileprivate func holdsSameBytes(as other: RawSpan) -> Bool {
        unsafe withUnsafeBytes { bytes in
            unsafe other.withUnsafeBytes { others in
                guard bytes.count == others.count else { return false }
                guard let start = bytes.baseAddress, let other = others.baseAddress else {
                    return true
                }
                return unsafe memcmp(start, other, bytes.count) == 0
            }
        }
    }
}
