/// How what leads declare becomes bits: which planes of a block stand for what.
///
/// A plane is one word for each block of 64 leads, one bit a lead. A flag, a choice and the
/// categories have one plane for each value, up to 32, beyond which values share planes; a number
/// has its binary digits, the highest 16 of its range, and a plane that says whether it is declared.
/// So what a block answers about a filter may hold leads that the filter does not accept, where
/// values share planes or are rounded, but misses none that it does.
struct PlaneLayout: Hashable, Sendable {
    /// What stands for an attribute.
    enum Field: Hashable, Sendable {
        /// Nothing: the attribute is asked of the lead itself.
        case none
        /// A plane for false and one for true.
        case flag(plane: Int)
        /// `count` planes, one for each value modulo `count`.
        case choice(plane: Int, count: Int)
        /// A plane for being declared, then `digits` planes from the lowest digit, for the distance
        /// from `minimum` without its lowest `shift` digits.
        case number(plane: Int, digits: Int, shift: Int, minimum: Int64, maximum: Int64)
    }

    /// The plane of leads that are there at all.
    static let livePlane = 0
    /// The first of the planes of categories.
    static let categoryPlane = 1
    /// The most planes of a choice or of the categories.
    static let maximumChoicePlanes = 32
    /// The most digits of a number.
    static let maximumDigits = 16

    /// How many planes the categories have.
    let categoryPlanes: Int
    /// The fields by attribute number.
    let fields: [Field]
    /// How many planes there are.
    let planeCount: Int
    /// The attribute whose codes make the lists of regions.
    let regionAttribute: AttributeNumber?

    /// Lays out planes for the attributes of `schema` and a number of categories.
    init(_ schema: AttributeSchema, categoryCount: Int) {
        categoryPlanes = min(max(categoryCount, 1), Self.maximumChoicePlanes)
        var next = Self.categoryPlane + categoryPlanes
        var fields = schema.attributes.map { _ in Field.none }
        // What is asked first stands first, in the same lines of the cache.
        for (index, attribute) in schema.attributes.enumerated() {
            switch attribute.kind {
            case .flag:
                fields[index] = .flag(plane: next)
                next += 2
            case .choice(let words):
                let count = min(words.count, Self.maximumChoicePlanes)
                fields[index] = .choice(plane: next, count: count)
                next += count
            case .integer, .region:
                break
            }
        }
        for (index, attribute) in schema.attributes.enumerated() {
            guard case .integer(_, let minimum, let maximum) = attribute.kind else { continue }
            let span = UInt64(bitPattern: maximum &- minimum)
            let width = UInt64.bitWidth - span.leadingZeroBitCount
            let digits = min(width, Self.maximumDigits)
            fields[index] = .number(
                plane: next, digits: digits, shift: width - digits, minimum: minimum,
                maximum: maximum)
            next += 1 + digits
        }
        self.fields = fields
        planeCount = next
        regionAttribute = schema.firstRegionAttribute
    }

    /// The field of an attribute; none for one that the layout does not know.
    func field(of attribute: AttributeNumber) -> Field {
        attribute.index < fields.count ? fields[attribute.index] : .none
    }

    /// Sets the bits of a lead in a block's planes, which begin at `base` and have none of its bits
    /// set yet.
    ///
    /// - Complexity: O(digits declared).
    func write(_ lead: Lead, bit: UInt64, to words: inout [UInt64], at base: Int) {
        words[base + Self.livePlane] |= bit
        for category in lead.categories {
            words[base + Self.categoryPlane + category.index % categoryPlanes] |= bit
        }
        lead.attributes.forEach { attribute, value in
            switch field(of: attribute) {
            case .none:
                break
            case .flag(let plane):
                words[base + plane + (value != 0 ? 1 : 0)] |= bit
            case .choice(let plane, let count):
                words[base + plane + Self.choice(value, of: count)] |= bit
            case .number(let plane, _, let shift, let minimum, let maximum):
                words[base + plane] |= bit
                var digits = Self.distance(of: value, from: minimum, to: maximum) >> shift
                while digits != 0 {
                    words[base + plane + 1 + digits.trailingZeroBitCount] |= bit
                    digits &= digits - 1
                }
            }
        }
    }

    /// Which of `count` planes stands for a choice.
    static func choice(_ value: Int64, of count: Int) -> Int {
        Int(UInt64(bitPattern: value) % UInt64(count))
    }

    /// How far a value lies from the minimum; what is out of bounds counts as the bound.
    static func distance(of value: Int64, from minimum: Int64, to maximum: Int64) -> UInt64 {
        UInt64(bitPattern: max(minimum, min(maximum, value)) &- minimum)
    }
}
