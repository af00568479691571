public import Testing

extension Trait where Self == TimeLimitTrait {
    /// Ends a test that hangs.
    ///
    /// Far above what any test takes: the time runs on while a test waits for its turn, and with
    /// few cores that is for as long as the tests that only calculate keep all threads busy.
    public static var hangGuard: Self { .timeLimit(.minutes(10)) }
}
