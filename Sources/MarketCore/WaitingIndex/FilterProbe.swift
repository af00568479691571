/// An order's category and filter as words to combine: which of the 64 leads of a block may pass.
///
/// Exact but for what ``PlaneLayout`` shares or rounds: it never misses a lead that passes.
struct FilterProbe: Sendable {
    /// One thing asked of a block.
    private enum Step: Sendable {
        /// A bit in any of the planes from `plane` on that `mask` names.
        case any(plane: Int, mask: UInt32)
        /// A number of at least `bound`, digits from `plane` on.
        case atLeast(UInt64, plane: Int, digits: Int)
        /// A number of at most `bound`, digits from `plane` on.
        case atMost(UInt64, plane: Int, digits: Int)

        /// How many words it reads.
        var cost: Int {
            switch self {
            case .any(_, let mask): mask.nonzeroBitCount
            case .atLeast(let bound, _, let digits): digits - bound.trailingZeroBitCount
            case .atMost(let bound, _, let digits): digits - (~bound).trailingZeroBitCount
            }
        }
    }

    private let steps: [Step]
    private let planeCount: Int

    /// Prepares to ask for the leads of `category` that pass `filter`; the region is the lists' to
    /// ask.
    ///
    /// - Complexity: O(predicates log predicates).
    init(_ filter: Filter, of category: CategoryNumber, _ layout: PlaneLayout) {
        var steps: [Step] = []
        steps.reserveCapacity(2 * filter.predicates.count)
        for predicate in filter.predicates {
            switch (predicate.test, layout.field(of: predicate.attribute)) {
            case (.flag(let flag), .flag(let plane)):
                steps.append(.any(plane: plane, mask: flag ? 2 : 1))
            case (.choices(let choices), .choice(let plane, let count)):
                var mask: UInt32 = 0
                for choice in choices {
                    mask |= 1 << UInt32(PlaneLayout.choice(Int64(choice), of: count))
                }
                steps.append(.any(plane: plane, mask: mask))
            case (
                .range(let low, let high),
                .number(let plane, let digits, let shift, let minimum, let maximum)
            ):
                func bound(_ value: Int64) -> UInt64 {
                    PlaneLayout.distance(of: value, from: minimum, to: maximum) >> shift
                }
                steps.append(.any(plane: plane, mask: 1))
                if let low, bound(low) > 0 {
                    steps.append(.atLeast(bound(low), plane: plane + 1, digits: digits))
                }
                if let high, bound(high) < bound(maximum) {
                    steps.append(.atMost(bound(high), plane: plane + 1, digits: digits))
                }
            case (.flag, _), (.choices, _), (.range, _), (.regions, _):
                break
            }
        }
        steps.sort { $0.cost < $1.cost }
        let mask: UInt32 = 1 << UInt32(category.index % layout.categoryPlanes)
        steps.insert(.any(plane: PlaneLayout.categoryPlane, mask: mask), at: 0)
        self.steps = steps
        planeCount = layout.planeCount
    }

    /// Which leads of the block whose planes begin at `base` may pass.
    ///
    /// - Complexity: O(digits and choices asked for), less once no lead is left.
    func passing(_ words: Span<UInt64>, at base: Int) -> UInt64 {
        precondition(base >= 0 && base + planeCount <= words.count, "the block is in the list")
        // Unchecked from here on: every plane of a step is below `planeCount`.
        var passing = unsafe words[unchecked: base + PlaneLayout.livePlane]
        for step in steps {
            guard passing != 0 else { return 0 }
            switch step {
            case .any(let plane, var mask):
                var any: UInt64 = 0
                while mask != 0 {
                    unsafe any |= words[unchecked: base + plane + mask.trailingZeroBitCount]
                    mask &= mask - 1
                }
                passing &= any
            case .atLeast(let bound, let plane, let digits):
                var reaches = ~UInt64(0)
                for digit in bound.trailingZeroBitCount..<digits {
                    let word = unsafe words[unchecked: base + plane + digit]
                    reaches = bound >> digit & 1 == 1 ? reaches & word : reaches | word
                }
                passing &= reaches
            case .atMost(let bound, let plane, let digits):
                var stays = ~UInt64(0)
                for digit in (~bound).trailingZeroBitCount..<digits {
                    let word = unsafe ~words[unchecked: base + plane + digit]
                    stays = bound >> digit & 1 == 1 ? stays | word : stays & word
                }
                passing &= stays
            }
        }
        return passing
    }
}
