/// Which name came after which when a connection last sent them: nearly always the one that comes again.
///
/// A guess to be compared, whatever names it is made of. Belongs to a reader, which frees it in the end, and is confined
/// to its thread.
@safe
struct NameOrder {
    private let followers: UnsafeMutablePointer<UInt8>

    init() {
        unsafe followers = .allocate(capacity: MemberNames.maximumCount + 1)
        unsafe followers.initialize(
            repeating: UInt8(MemberNames.none), count: MemberNames.maximumCount + 1)
    }

    /// Gives up its memory; no copy is of any use then.
    @unsafe
    func deallocate() {
        unsafe followers.deallocate()
    }

    /// The name that came after the one with this number, or, after none, first.
    @inline(always)
    subscript(number: Int) -> Int {
        get { unsafe Int(followers[number]) }
        nonmutating set { unsafe followers[number] = UInt8(truncatingIfNeeded: newValue) }
    }
}
