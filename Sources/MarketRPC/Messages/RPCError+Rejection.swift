public import MarketCore

extension RPCError {
    /// The error of a command that the market refused.
    ///
    /// A fault of a configuration names its part as a member of the parameter `configuration`. Other refusals name a
    /// parameter at fault only where `method` takes it.
    public init(_ rejection: Rejection, method: Method) {
        let error = RPCError(rejection)
        let names = method.parameters.map(\.name)
        guard let field = error.field, error.code != .invalidConfiguration, !names.contains(field)
        else {
            self = error
            return
        }
        let isPreferred = rejection == .unknownAdvisor && names.contains("preferredAdvisor")
        self.init(error.code, error.message, field: isPreferred ? "preferredAdvisor" : nil)
    }

    /// The error of a command that the market refused, where its method is not known.
    public init(_ rejection: Rejection) {
        switch rejection {
        case .invalidConfiguration(let fault):
            self.init(fault)
        case .advisorHasReservations:
            self.init(ErrorCode(rejection), field: "institution")
        case .advisorExists, .unknownAdvisor, .advisorAlreadySuspended, .advisorNotSuspended:
            self.init(ErrorCode(rejection), field: "advisor")
        case .unknownCategory, .categoryRetired:
            self.init(ErrorCode(rejection), field: "category")
        case .unknownChannel, .channelAlreadyPaused, .channelNotPaused:
            self.init(ErrorCode(rejection), field: "channel")
        case .unknownPayee:
            self.init(ErrorCode(rejection), field: "payee")
        case .unknownOrder, .orderCancelled, .orderAlreadyPaused, .orderNotPaused:
            self.init(ErrorCode(rejection), field: "order")
        case .unknownAssignment, .alreadyAcknowledged, .notAwaitingAcceptance,
            .notAwaitingConsent, .assignmentNotReleased, .returnAlreadyRequested,
            .returnWindowPassed, .noOpenReturn:
            self.init(ErrorCode(rejection), field: "assignment")
        case .insufficientFunds, .insufficientPayable, .balanceOutOfRange:
            self.init(ErrorCode(rejection), field: "amountFen")
        case .invalidPeriod:
            self.init(ErrorCode(rejection), field: "expiresAt")
        case .quantityBelowTaken:
            self.init(ErrorCode(rejection), field: "quantity")
        case .leadNotOpen, .leadAlreadyWithdrawn, .leadNotPinged:
            self.init(ErrorCode(rejection), field: "lead")
        case .firstCallOutOfRange:
            self.init(ErrorCode(rejection), field: "firstCallAt")
        case .identityMismatch:
            self.init(ErrorCode(rejection), field: "phone")
        case .institutionNotConsented:
            self.init(ErrorCode(rejection), field: "consent")
        case .marketExists, .marketNotCreated, .unknownPerson, .alreadySuppressed, .notSuppressed,
            .personErased, .deadlinePassed:
            self.init(ErrorCode(rejection))
        }
    }

    private init(_ fault: ConfigurationFault) {
        var field = "configuration.\(fault.path)"
        let problem: String
        switch fault.reason {
        case .invalidAttribute:
            problem = "invalidAttribute: its bounds, words or lengths are malformed; correct them."
        case .tooManyAttributes:
            problem =
                "tooManyAttributes: a market has at most \(AttributeSchema.maximumCount) attributes; drop some."
        case .attributeNarrowed:
            problem =
                "attributeNarrowed: an attribute never loses values, words or lengths; keep the old ones and their order."
        case .attributeKindChanged:
            problem =
                "attributeKindChanged: an attribute keeps its kind and unit; give the new one another name."
        case .repeated:
            problem = "repeated: it is defined twice; define it once."
        case .invalidFilter(let fault):
            field += ".\(fault.attribute.shortened)"
            problem = "invalidFilter: \(fault.reason.problem)"
        case .unknownName:
            problem =
                "unknownName: nothing of that name is defined; define it or check its spelling."
        case .invalidSplit:
            problem =
                "invalidSplit: a share is 1 to 10000 basis points and all of a category make up at most 10000."
        case .titleTooLong:
            problem = "titleTooLong: a title has at most 128 bytes; shorten it."
        case .invalidTierAttribute:
            problem =
                "invalidTierAttribute: it must be a choice of three words or more, tier rules need one, and none may test it."
        case .invalidTierRules:
            problem =
                "invalidTierRules: give 1 to \(TierRules.maximumRules) rules, and firstTierFrom not below secondTierFrom."
        case .outOfRange:
            problem = "outOfRange: the amount or span is out of its range; correct it."
        }
        self.init(.invalidConfiguration, "\(field): \(problem)", field: field)
    }
}

extension ErrorCode {
    /// The code of a refusal by the market.
    public init(_ rejection: Rejection) {
        self =
            switch rejection {
            case .invalidConfiguration: .invalidConfiguration
            case .marketExists: .marketExists
            case .marketNotCreated: .marketNotCreated
            case .unknownAdvisor: .unknownAdvisor
            case .unknownCategory: .unknownCategory
            case .unknownChannel: .unknownChannel
            case .unknownPayee: .unknownPayee
            case .unknownOrder: .unknownOrder
            case .unknownAssignment: .unknownAssignment
            case .unknownPerson: .unknownPerson
            case .advisorExists: .advisorExists
            case .advisorAlreadySuspended: .advisorAlreadySuspended
            case .advisorNotSuspended: .advisorNotSuspended
            case .insufficientFunds: .insufficientFunds
            case .insufficientPayable: .insufficientPayable
            case .balanceOutOfRange: .balanceOutOfRange
            case .categoryRetired: .categoryRetired
            case .invalidPeriod: .invalidPeriod
            case .quantityBelowTaken: .quantityBelowTaken
            case .orderCancelled: .orderCancelled
            case .orderAlreadyPaused: .orderAlreadyPaused
            case .orderNotPaused: .orderNotPaused
            case .leadNotOpen: .leadNotOpen
            case .leadAlreadyWithdrawn: .leadAlreadyWithdrawn
            case .alreadySuppressed: .alreadySuppressed
            case .notSuppressed: .notSuppressed
            case .personErased: .personErased
            case .alreadyAcknowledged: .alreadyAcknowledged
            case .firstCallOutOfRange: .firstCallOutOfRange
            case .channelAlreadyPaused: .channelAlreadyPaused
            case .channelNotPaused: .channelNotPaused
            case .leadNotPinged: .leadNotPinged
            case .identityMismatch: .identityMismatch
            case .institutionNotConsented: .institutionNotConsented
            case .deadlinePassed: .deadlinePassed
            case .notAwaitingAcceptance: .notAwaitingAcceptance
            case .notAwaitingConsent: .notAwaitingConsent
            case .assignmentNotReleased: .assignmentNotReleased
            case .returnAlreadyRequested: .returnAlreadyRequested
            case .returnWindowPassed: .returnWindowPassed
            case .noOpenReturn: .noOpenReturn
            case .advisorHasReservations: .advisorHasReservations
            }
    }
}

extension FilterFault.Reason {
    /// What is wrong with the condition and what to do, after the path of its attribute.
    var problem: String {
        switch self {
        case .unknownAttribute:
            "is no attribute of this market; market.info lists all."
        case .repeatedAttribute:
            "has two conditions; give one."
        case .wrongKind:
            "has another kind; a flag takes true or false, an integer {\"minimum\": …, \"maximum\": …}, a choice or region a list of words."
        case .rangeOutOfBounds:
            "has a range that is empty or leaves the attribute's bounds; market.info tells them."
        case .unknownChoice:
            "names a word that is no choice of the attribute; market.info lists all."
        case .invalidRegion:
            "names a region code of another length than declared or with other characters than 0-9 and A-Z."
        case .invalidSetSize:
            "must list 1 to \(Filter.maximumAlternatives) words."
        case .tooManyPredicates:
            "is one condition too many; a filter has at most \(Filter.maximumPredicates)."
        }
    }
}
