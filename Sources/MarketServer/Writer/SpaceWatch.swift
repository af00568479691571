/// When the writer looks at the free space again: not before every batch, and soon enough.
///
/// What it writes itself between two looks is an eighth of the reserve at the most, and a batch;
/// what others write, it sees within ``intervalMicroseconds``.
struct SpaceWatch {
    /// How long a look is good for.
    static let intervalMicroseconds: Int64 = 100_000

    private let allowanceBytes: Int
    private var writtenBytes = 0
    private var nextLook = Instant(nanoseconds: 0)

    /// - Parameter reserveBytes: what must stay free.
    init(reserveBytes: Int) {
        allowanceBytes = reserveBytes / 8
    }

    /// Whether it is time to look.
    func isDue(at now: Instant) -> Bool { writtenBytes >= allowanceBytes || now >= nextLook }

    /// Notes what was written since the last look.
    mutating func note(writtenBytes bytes: Int) { writtenBytes += bytes }

    /// Notes that somebody looks.
    mutating func noteLook(at now: Instant) {
        writtenBytes = 0
        nextLook = now.advanced(byMicroseconds: Self.intervalMicroseconds)
    }
}
