/// Keeps the log readable when a whole crowd of deliveries becomes overdue: of those found within a
/// second the first few are named, the others counted.
struct OverdueWarnings {
    /// How many are named in a second.
    static let namedPerSecond = 16

    /// When the second that began with the first one is over.
    private(set) var end: Instant?
    private var named = 0
    /// How many were found and neither named nor told as a number yet.
    private(set) var untold = 0

    /// Notes one that was found at `now`.
    ///
    /// - Returns: Whether it is to be named.
    mutating func note(at now: Instant) -> Bool {
        if end == nil { end = now.advanced(bySeconds: 1) }
        guard named < Self.namedPerSecond else {
            untold += 1
            return false
        }
        named += 1
        return true
    }

    /// Ends a second that is over.
    ///
    /// - Returns: How many were not named in it, where there are any.
    mutating func close(at now: Instant) -> Int? {
        guard let end, end <= now else { return nil }
        let count = untold
        self = OverdueWarnings()
        return count > 0 ? count : nil
    }
}
