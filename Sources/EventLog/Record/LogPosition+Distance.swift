internal import MarketCore

extension LogPosition {
    /// The position `distance` places later.
    func advanced(by distance: Int) -> LogPosition { LogPosition(rawValue + UInt64(distance)) }
}

extension FixedWidthInteger {
    /// The number's bytes, the lowest first.
    var littleEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    }
}
