/// A whole declarative configuration, as `market.apply` takes it: by names and words.
///
/// What it leaves out stays as it is; nothing is ended by absence (R2.2).
public struct MarketConfiguration: Hashable, Sendable {
    /// A category as people write it.
    public struct Category: Hashable, Sendable {
        /// The category's name.
        public var name: Name
        /// What people read.
        public var title: String
        /// Which leads belong to it.
        public var qualification: FilterSpecification
        /// What they cost by age.
        public var ladder: PriceLadder
        /// How long a release binds; `nil` for good.
        public var exclusivity: Timespan?
        /// The payees' shares of each charge.
        public var splits: [(payee: Name, basisPoints: Int)]
        /// Whether the category has ended.
        public var retired: Bool
        /// What decides between eligible orders.
        public var rank: [RankKey]
        /// What must come between reservation and release.
        public var gates: Gates
        /// When and how a sale is taken back.
        public var returns: ReturnPolicy

        /// Writes a category.
        public init(
            name: Name, title: String, qualification: FilterSpecification, ladder: PriceLadder,
            exclusivity: Timespan? = nil, splits: [(payee: Name, basisPoints: Int)] = [],
            retired: Bool = false, rank: [RankKey] = RankKey.defaultList, gates: Gates = Gates(),
            returns: ReturnPolicy = ReturnPolicy()
        ) {
            self.name = name
            self.title = title
            self.qualification = qualification
            self.ladder = ladder
            self.exclusivity = exclusivity
            self.splits = splits
            self.retired = retired
            self.rank = rank
            self.gates = gates
            self.returns = returns
        }

        /// Whether two categories are written alike.
        public static func == (left: Category, right: Category) -> Bool {
            left.name == right.name && left.title == right.title
                && left.qualification == right.qualification && left.ladder == right.ladder
                && left.exclusivity == right.exclusivity && left.retired == right.retired
                && left.splits.elementsEqual(right.splits) { $0 == $1 }
                && left.rank == right.rank && left.gates == right.gates
                && left.returns == right.returns
        }

        /// Hashes the name alone: categories of one configuration differ by it.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(name)
        }
    }

    /// Rules for tiers as people write them (R1.5).
    public struct TierRules: Hashable, Sendable {
        /// One rule.
        public struct Rule: Hashable, Sendable {
            /// What it speaks for.
            public var aspect: MarketCore.TierRules.Aspect
            /// Which leads get the points.
            public var filter: FilterSpecification
            /// The points.
            public var points: Int

            /// Writes a rule.
            public init(
                aspect: MarketCore.TierRules.Aspect, filter: FilterSpecification, points: Int
            ) {
                self.aspect = aspect
                self.filter = filter
                self.points = points
            }
        }

        /// The rules.
        public var rules: [Rule]
        /// The sum from which on a lead is of the first tier.
        public var firstTierFrom: Int
        /// The sum from which on a lead is of the second tier.
        public var secondTierFrom: Int

        /// Writes rules.
        public init(rules: [Rule], firstTierFrom: Int, secondTierFrom: Int) {
            self.rules = rules
            self.firstTierFrom = firstTierFrom
            self.secondTierFrom = secondTierFrom
        }
    }

    /// The settings to change; `nil` leaves one as it is.
    public struct Settings: Hashable, Sendable {
        /// The duplicate window (R4.3).
        public var duplicateWindow: Timespan?
        /// The phone pattern (R4.1).
        public var phonePattern: PhonePattern?
        /// The order of the categories (R2.3); an empty list restores the default order.
        public var categoryOrder: [Name]?
        /// How long the reservation of a pinged lead lasts (R8.5).
        public var pingTimeout: Timespan?
        /// How many of its last decided leads a channel is judged by (R3.2).
        public var qualitySpan: Int?
        /// The share of them that may be bad, in basis points (R3.2).
        public var qualityLimit: Int?
        /// The choice that is a lead's tier (R6.2).
        public var tierAttribute: Name?
        /// How the tier is derived (R1.5); a set `nil` lets leads declare it again.
        public var tierRules: Change<TierRules?> = .keep
        /// How grades follow from results (R9.4); a set `nil` ends that.
        public var gradeRules: Change<GradeRules?> = .keep

        /// Changes nothing.
        public init() {}
    }

    /// Attributes to add or widen.
    public var attributes: [Attribute] = []
    /// Categories to define or redefine.
    public var categories: [Category] = []
    /// Channels to define or redefine.
    public var channels: [(name: Name, definition: ChannelDefinition)] = []
    /// Payees to add, with their titles.
    public var payees: [(name: Name, title: String)] = []
    /// Settings to change.
    public var settings = Settings()

    /// An empty configuration, which changes nothing.
    public init() {}

    /// Whether two configurations are written alike.
    public static func == (left: MarketConfiguration, right: MarketConfiguration) -> Bool {
        left.attributes == right.attributes && left.categories == right.categories
            && left.settings == right.settings
            && left.channels.elementsEqual(right.channels) { $0 == $1 }
            && left.payees.elementsEqual(right.payees) { $0 == $1 }
    }

    /// Hashes what tells most configurations apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(attributes)
        hasher.combine(categories)
    }
}

/// What a configuration changes, resolved: the content of a `configurationApplied` event.
public struct ConfigurationChange: Hashable, Sendable {
    /// One defined or redefined thing with its name.
    public struct Named<Definition: Hashable & Sendable>: Hashable, Sendable {
        /// The name.
        public var name: Name
        /// The new definition.
        public var definition: Definition

        /// Names a definition.
        public init(name: Name, definition: Definition) {
            self.name = name
            self.definition = definition
        }
    }

    /// Attributes added or widened.
    public var attributes: [Attribute] = []
    /// Payees added or retitled: the definition is the title.
    public var payees: [Named<String>] = []
    /// Channels added or changed.
    public var channels: [Named<ChannelDefinition>] = []
    /// Categories added or redefined.
    public var categories: [Named<CategoryDefinition>] = []
    /// The settings after the change, or `nil` when they stay.
    public var settings: MarketSettings?

    /// No change.
    public init() {}

    /// Whether nothing changes.
    public var isEmpty: Bool { self == ConfigurationChange() }
}

/// Why a configuration cannot be applied, and where.
public struct ConfigurationFault: Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// An attribute's bounds, words or lengths are malformed.
        case invalidAttribute
        /// There would be more than ``AttributeSchema/maximumCount`` attributes.
        case tooManyAttributes
        /// An attribute would lose values, words or lengths (R1.1).
        case attributeNarrowed
        /// An attribute would change its kind or unit (R1.1).
        case attributeKindChanged
        /// A thing is defined twice in the configuration.
        case repeated
        /// A qualification does not fit the schema.
        case invalidFilter(FilterFault)
        /// A split or the category order names something that is not defined.
        case unknownName
        /// A split's share is not 1...10,000, or the shares add up to more than the charge.
        case invalidSplit
        /// A title is longer than 128 bytes.
        case titleTooLong
        /// The tier attribute is no choice with three words or more, or tier rules come without one or
        /// test it.
        case invalidTierAttribute
        /// The tier of the first sum comes below that of the second, or there are no or too many
        /// rules.
        case invalidTierRules
        /// A price, payout or span is out of its range.
        case outOfRange
    }

    /// The part at fault, such as `categories.homeOwner.qualification`.
    public let path: String
    /// What is wrong with it.
    public let reason: Reason

    /// Names a fault.
    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }
}
