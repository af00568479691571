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
    private let marks: [StateMark]

    /// The position of the last event in the state.
    public var position: LogPosition { header.position }
    /// The state in its canonical form.
    public var state: RawSpan {
        @_lifetime(borrow self)
        get { contents.bytes.extracting(header.stateRange) }
    }

    /// Takes what a file holds, and checks its header, its length and its checksum.
    ///
    /// Whether the state has the digest that the header tells is asked by ``checkDigest()``, and
    /// whether this program's rules made it only by ``market(decides:onAllCores:)``.
    init(_ contents: FileContents) throws(SnapshotError) {
        let bytes = contents.bytes
        header = try SnapshotHeader(reading: bytes)
        let end = SnapshotHeader.byteCount.addingReportingOverflow(header.stateByteCount)
        guard !end.overflow, bytes.byteCount >= end.partialValue else {
            throw .wrongLength(
                expected: end.overflow ? .max : end.partialValue, actual: bytes.byteCount)
        }
        let rest = bytes.extracting(end.partialValue...)
        let marksByteCount = header.hasMarks ? SnapshotMarks.byteCount(of: rest) : 0
        guard rest.byteCount == marksByteCount else {
            let length = end.partialValue.addingReportingOverflow(marksByteCount)
            throw .wrongLength(
                expected: length.overflow ? .max : length.partialValue, actual: bytes.byteCount)
        }
        guard Checksum.crc32c(bytes.extracting(SnapshotHeader.byteCount...)) == header.checksum
        else { throw .damagedState }
        guard let marks = SnapshotMarks.marks(in: rest) else {
            throw .invalidState(.invalidValue)
        }
        self.marks = marks
        self.contents = contents
    }

    /// Checks that the digest in the header is the state's.
    ///
    /// - Throws: ``SnapshotError/wrongDigest``.
    /// - Complexity: O(state); a checksum is enough to start from what this program wrote.
    public func checkDigest() throws(SnapshotError) {
        guard MarketDigest(ofState: state) == header.digest else { throw .wrongDigest }
    }

    /// Whether it is the state of `market`, byte for byte, with the marks that belong to it.
    ///
    /// - Complexity: O(state log state).
    func isState(of market: Market) -> Bool {
        let state = state
        var compared = 0
        let marks: [StateMark]
        do throws(OtherState) {
            marks = try market.encodeState { piece throws(OtherState) in
                let end = compared + piece.byteCount
                guard end <= state.byteCount,
                    piece.holdsSameBytes(as: state.extracting(compared..<end))
                else { throw OtherState() }
                compared = end
            }
        } catch {
            return false
        }
        return compared == state.byteCount && (!header.hasMarks || marks == self.marks)
    }

    private struct OtherState: Error {}

    /// Rebuilds the market.
    ///
    /// - Parameters:
    ///   - decides: as in `Market.init(decides:)`.
    ///   - onAllCores: whether somebody waits for it who may have all cores.
    public func market(
        decides: Bool = true, onAllCores: Bool = false
    ) throws(SnapshotError) -> Market {
        guard header.rulesVersion == Market.rulesVersion else {
            throw .otherRules(found: header.rulesVersion, known: Market.rulesVersion)
        }
        let market: Market
        do {
            market =
                onAllCores
                ? try Market(state: state, marks: marks, decides: decides, work: AllCores.work)
                : try Market(state: state, decides: decides)
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
