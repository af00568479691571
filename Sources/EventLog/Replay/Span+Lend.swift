extension Span where Element: ~Copyable {
    /// Lends the element at `index` to `use`, where it lies.
    ///
    /// Handed to a function as `span[index]`, a copyable element is copied first, and all that it holds
    /// retained, unless the compiler sees that nothing is written meanwhile (Swift 6.3).
    func lend<Result, Failure: Error>(
        _ index: Index, to use: (borrowing Element) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try use(self[index])
    }
}
