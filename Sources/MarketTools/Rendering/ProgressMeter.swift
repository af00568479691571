import Glibc

/// Shows on the standard error how far a long run is: a bar on a terminal, else a line every five seconds.
///
/// Confined to one task.
public final class ProgressMeter {
    private let title: String
    private let total: Int?
    private let isTerminal: Bool
    private let start = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant
    private var count = 0
    private var hasShown = false

    /// Starts a meter.
    ///
    /// - Parameter total: what the count will be in the end, if known.
    public init(title: String, total: Int?) {
        self.title = title
        self.total = total
        isTerminal = isatty(STDERR_FILENO) == 1
        lastShown = start
    }

    /// Says how much has been done in all; cheap enough to be called for every piece.
    public func update(_ count: Int) {
        self.count = count
        let now = ContinuousClock.now
        guard now - lastShown >= (isTerminal ? .milliseconds(100) : .seconds(5)) else { return }
        lastShown = now
        show()
    }

    /// Ends the bar; nothing is shown for a run that was too short to show anything.
    public func finish() {
        guard hasShown else { return }
        show()
        if isTerminal { StandardError.write("\n") }
    }

    private func show() {
        hasShown = true
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let rate = elapsed > 0 ? Int(Double(count) / elapsed) : 0
        var text = "\(title): \(grouped(count))"
        if let total, total > 0 {
            let share = min(1, Double(count) / Double(total))
            text = "\(title): \(grouped(count)) of \(grouped(total)), \(Int(share * 100)) %"
            if isTerminal {
                let filled = Int(share * 30)
                let bar =
                    String(repeating: "=", count: filled)
                    + String(repeating: " ", count: 30 - filled)
                text = "[\(bar)] " + text
            }
        }
        text += ", \(grouped(rate)) a second"
        StandardError.write(isTerminal ? "\r\u{1B}[K" + text : text + "\n")
    }
}
