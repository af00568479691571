import Crypto
import Foundation
import MarketRPC
import MarketWorkload

/// Leads: submitted, or pinged and posted; what becomes of them is in ``SyntheticOutcomes``.
extension WorkloadGenerator {
    private static let consentDigest = String(repeating: "5f", count: 32)
    private static let testChannel = "sandbox"

    mutating func scheduleLead(_ index: Int) {
        let label = "lead-\(index)"
        let arrival = momentOfDay()
        let channel = leads.channel(using: &random)
        let isRepeated = index > 1 && random.chance(0.03)
        let person = isRepeated ? Int(random.integer(below: UInt64(index - 1))) + 1 : index
        var phone = phone(of: person)
        if random.chance(0.001) {
            let advisor = Int(random.integer(below: UInt64(options.advisors)))
            if Self.hasPhone(advisor) { phone = Self.advisorPhone(advisor) }
        }
        let attributes = JSONValue.object(leads.attributes(using: &random))
        var soldAt = arrival
        if channel == FittedShares.pingChannel {
            soldAt += Int64(random.integer(in: 2...9)) * 1_000_000
            guard
                schedulePing(
                    label, phone, attributes, arrival: arrival, postedAt: soldAt, person)
            else { return }
        } else {
            var parameters: JSONObject = [
                "channel": .string(channel), "phone": .string(phone), "attributes": attributes,
            ]
            parameters["consent"] = consent(channel: channel, at: arrival)
            parameters["contact"] = ["name": .string("person \(person)")]
            if random.chance(0.02) { parameters["preferredAdvisor"] = someAdvisor() }
            schedule(label, "lead.submit", parameters, at: arrival)
        }
        let start = options.startMicroseconds
        for event in outcomes.events(
            of: label, soldAt: start + soldAt, attributes: attributes, isRepeated: isRepeated,
            using: &random)
        {
            schedule(event.label, event.method, event.parameters, at: event.microseconds - start)
        }
        scheduleWithdrawal(of: label, phone: phone, after: arrival)
    }

    /// A lead of the test channel: decided, and nothing comes of it.
    mutating func scheduleTestLead(_ index: Int) {
        let arrival = momentOfDay()
        var parameters: JSONObject = [
            "channel": .string(Self.testChannel),
            "phone": .string(phone(of: options.leads + index)),
            "attributes": .object(leads.attributes(using: &random)),
        ]
        parameters["consent"] = consent(channel: Self.testChannel, at: arrival)
        schedule("test-\(index)", "lead.submit", parameters, at: arrival)
    }

    /// The supplier asks without naming the person, and posts when there is a buyer; seldom too late, or not at all.
    ///
    /// - Returns: whether a post follows in time.
    private mutating func schedulePing(
        _ label: String, _ phone: String, _ attributes: JSONValue, arrival: Int64,
        postedAt: Int64, _ person: Int
    ) -> Bool {
        let ping = "\(label)-ping"
        schedule(
            ping, "lead.ping",
            [
                "channel": .string(FittedShares.pingChannel),
                "phoneMd5": .string(Self.md5(of: phone)), "attributes": attributes,
            ], at: arrival)
        let fate = random.fraction()
        guard fate > 0.04 else { return false }
        var post: JSONObject = [
            "lead": .string("$lead?reserved:\(ping)"), "phone": .string(phone),
        ]
        if var consent = consent(channel: FittedShares.pingChannel, at: postedAt)?.object {
            if random.chance(0.5) {
                consent["institutions"] = [.string("$institution?reserved:\(ping)")]
            } else {
                consent["institutions"] = nil
            }
            post["consent"] = .object(consent)
        }
        post["contact"] = ["name": .string("person \(person)")]
        let isLate = fate < 0.06
        schedule(label, "lead.post", post, at: isLate ? arrival + 240_000_000 : postedAt)
        return !isLate
    }

    private mutating func momentOfDay() -> Int64 {
        let second = hours.index(using: &random) * 3_600 + random.integer(in: 0...3_599)
        return Int64(day) * Self.daySpan + Int64(second) * 1_000_000
            + Int64(random.integer(below: 1_000_000))
    }

    private mutating func someAdvisor() -> JSONValue {
        .string(Self.advisorName(Int(random.integer(below: UInt64(options.advisors)))))
    }

    /// A consent record, some of them with institutions; `nil` for the few that lack one.
    private mutating func consent(channel: String, at moment: Int64) -> JSONValue? {
        let isBroken = channel == FittedShares.unreliableChannel && brokenDays.contains(day)
        guard !random.chance(isBroken ? 0.8 : 0.007) else { return nil }
        var consent: JSONObject = [
            "givenAt": .string(time(moment)), "agreementSha256": .string(Self.consentDigest),
        ]
        if random.chance(0.04) {
            let first = random.integer(in: 1...12)
            consent["institutions"] = .array(
                (0..<random.integer(in: 2...5)).map {
                    .string("institution-\((first + $0) % 12 + 1)")
                })
        }
        return .object(consent)
    }

    private mutating func scheduleWithdrawal(of label: String, phone: String, after arrival: Int64)
    {
        let lead: JSONObject = ["lead": .string("$lead:\(label)")]
        let later = arrival + Int64(random.integer(in: 600...200_000)) * 1_000_000
        let fate = random.fraction()
        if fate < 0.008 {
            schedule("\(label)-withdraw", "lead.withdraw", lead, at: later)
        } else if fate < 0.009 {
            schedule("\(label)-erase", "lead.erase", lead, at: later)
        } else if fate < 0.010 {
            schedule(
                "\(label)-suppress", "contact.suppress",
                ["phone": .string(phone), "reason": "asked not to be called"], at: later)
        }
    }

    /// A phone of the 6.9 × 10^9 below 199, a different one for each person: the multiplier is prime to their number.
    private func phone(of person: Int) -> String {
        let count: UInt64 = 6_900_000_000
        let mixed =
            (UInt64(person) % count * 2_654_435_761 + options.seed % count * 1_000_003 % count)
            % count
        return "1" + String(3_000_000_000 + mixed)
    }

    /// What a supplier sends in place of a phone: the MD5 of its digits, as is customary.
    static func md5(of phone: String) -> String {
        Insecure.MD5.hash(data: Data(phone.utf8)).map { byte in
            String(Int(byte) + 0x100, radix: 16).dropFirst()
        }.joined()
    }
}
