public import MarketCore

extension Event {
    /// The word of what happened, for ever.
    public var word: String {
        switch self {
        case .marketCreated: "marketCreated"
        case .rulesChanged: "rulesChanged"
        case .configurationApplied: "configurationApplied"
        case .timePassed: "timePassed"
        case .offersDeferred: "offersDeferred"
        case .advisorRegistered: "advisorRegistered"
        case .advisorUpdated: "advisorUpdated"
        case .availabilitySet: "availabilitySet"
        case .advisorSuspended: "advisorSuspended"
        case .advisorReinstated: "advisorReinstated"
        case .deposited: "deposited"
        case .withdrawn: "withdrawn"
        case .channelPaid: "channelPaid"
        case .payeePaid: "payeePaid"
        case .orderPlaced: "orderPlaced"
        case .orderAmended: "orderAmended"
        case .orderPaused: "orderPaused"
        case .orderResumed: "orderResumed"
        case .orderCancelled: "orderCancelled"
        case .leadAccepted: "leadAccepted"
        case .leadRejected: "leadRejected"
        case .leadWithdrawn: "leadWithdrawn"
        case .leadClosed: "leadClosed"
        case .leadReserved: "leadReserved"
        case .leadReleased: "leadReleased"
        case .assignmentAcknowledged: "assignmentAcknowledged"
        case .contactDisclosed: "contactDisclosed"
        case .contactReported: "contactReported"
        case .stageReported: "stageReported"
        case .personSuppressed: "personSuppressed"
        case .personUnsuppressed: "personUnsuppressed"
        case .personErased: "personErased"
        case .channelPaused: "channelPaused"
        case .channelResumed: "channelResumed"
        }
    }
}
