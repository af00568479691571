/// An amount of money in fen (1/100 yuan); a market has one currency.
///
/// Arithmetic traps on overflow. Amounts that come from outside are at most ``maximum``, a deposit is
/// refused that would bring an available balance or the cash over it, and payouts to channels are far
/// smaller (``ChannelDefinition/maximumPayout``), so no sum comes near the limits of Int64.
public struct Money: Hashable, Comparable, Sendable {
    /// The amount in fen; negative for a debt or a loss.
    public var fen: Int64

    /// Makes an amount of `fen`.
    public init(fen: Int64) {
        self.fen = fen
    }

    /// Nothing.
    public static let zero = Money(fen: 0)

    /// The largest single amount and the largest balance: 90 trillion yuan, below 2^53 fen so that
    /// JSON numbers hold it exactly.
    public static let maximum = Money(fen: 9_000_000_000_000_000)

    /// The sum of two amounts.
    public static func + (left: Money, right: Money) -> Money { Money(fen: left.fen + right.fen) }

    /// The difference of two amounts.
    public static func - (left: Money, right: Money) -> Money { Money(fen: left.fen - right.fen) }

    /// The amount with its sign turned.
    public static prefix func - (amount: Money) -> Money { Money(fen: -amount.fen) }

    /// Adds `right` to `left`.
    public static func += (left: inout Money, right: Money) { left.fen += right.fen }

    /// Takes `right` from `left`.
    public static func -= (left: inout Money, right: Money) { left.fen -= right.fen }

    /// Orders amounts by size.
    public static func < (left: Money, right: Money) -> Bool { left.fen < right.fen }

    /// The share of a non-negative amount, floored to whole fen (R12.2).
    ///
    /// - Parameter basisPoints: hundredths of a percent, 0...10,000.
    public func share(basisPoints: Int) -> Money {
        let product = fen.multipliedFullWidth(by: Int64(basisPoints))
        return Money(fen: Int64(10_000).dividingFullWidth(product).quotient)
    }
}
