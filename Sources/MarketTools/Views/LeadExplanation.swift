public import MarketRPC

/// Why each order of a lead's categories did or did not get it, as of the decision (R6.5).
public struct LeadExplanation: Sendable {
    private let head: JSONValue
    let verdicts: [JSONValue]
    let areMore: Bool

    /// Asks the daemon; a past state is rebuilt for it, which may take a while.
    ///
    /// - Parameter limit: how many orders at most.
    /// - Throws: ``ToolError``.
    public init(
        _ connection: MarketConnection, lead: Int64, limit: Int
    ) async throws(ToolError) {
        var parameters: JSONObject = ["lead": .integer(lead)]
        let largestPage = 1_000
        parameters["limit"] = .integer(Int64(min(limit, largestPage)))
        let first = try await connection.call(
            "lead.explain", parameters, timeout: .seconds(600))
        var items = first["items"]?.array ?? []
        var cursor = first["cursor"]
        while let next = cursor, items.count < limit {
            parameters["cursor"] = next
            parameters["limit"] = .integer(Int64(min(limit - items.count, largestPage)))
            let page = try await connection.call(
                "lead.explain", parameters, timeout: .seconds(600))
            items += page["items"]?.array ?? []
            cursor = page["cursor"]
        }
        self.init(head: first, verdicts: items, areMore: cursor != nil)
    }

    /// Looks at what `lead.explain` answers.
    init(head: JSONValue, verdicts: [JSONValue], areMore: Bool) {
        self.head = head
        self.verdicts = verdicts
        self.areMore = areMore
    }

    /// The explanation as JSON.
    public var json: JSONValue {
        var object = head.object ?? JSONObject()
        object["items"] = .array(verdicts)
        object["cursor"] = nil
        object["more"] = .bool(areMore)
        return .object(object)
    }

    /// The explanation for people.
    public var text: String {
        var text = "Lead \(word(head["lead"])) \(decision)\n"
        guard !verdicts.isEmpty else { return text + "No order was looked at.\n" }
        var table = TextTable(columns: [
            .right("order"), .left("advisor"), .left("category"), .left("what became of it"),
        ])
        for verdict in ranked {
            table.add([
                word(verdict["order"]), word(verdict["advisor"]), word(verdict["category"]),
                Self.sentence(verdict),
            ])
        }
        text += "\n" + table.rendered
        if areMore { text += "and more; see --limit\n" }
        return text
    }

    /// The verdicts, nearest to the lead first: who got it, who lost, who came too late, who could not.
    private var ranked: [JSONValue] {
        let nearness = ["won": 0, "outranked": 1, "laterCategory": 2]
        return verdicts.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            return (nearness[word(first["verdict"])] ?? 3, left.offset)
                < (nearness[word(second["verdict"])] ?? 3, right.offset)
        }.map(\.element)
    }

    /// What was decided, where and what is so now.
    private var decision: String {
        let position = word(head["decision"]?["position"])
        let reason = head["reason"]?.string.map { ": " + Self.spaced($0) } ?? ""
        let status = Self.spaced(head["status"]?.string ?? "?")
        switch head["decision"]?["kind"]?.string {
        case "reserved"?: return "was given to an order at position \(position); it is \(status)"
        case "rejected"?: return "was turned away at position \(position)\(reason)"
        case "closed"?: return "was closed unsold at position \(position)\(reason)"
        case "tested"?: return "was a test at position \(position)\(reason)"
        default: return "waits, as of position \(position)"
        }
    }

    /// What became of one order.
    static func sentence(_ verdict: JSONValue) -> String {
        switch verdict["verdict"]?.string {
        case "won"?: return "got it"
        case "laterCategory"?: return "eligible, but an earlier category got it"
        case "outranked"?:
            let key = verdict["key"]?.string ?? ""
            let winner = "order \(word(verdict["by"]))"
            return key == "order"
                ? "equal to \(winner), which is older" : "lost to \(winner) on \(spaced(key))"
        case "ineligible"?:
            let reasons = (verdict["reasons"]?.array ?? []).compactMap(\.string).map(spaced)
            return reasons.isEmpty
                ? rule(verdict["rule"]?.string ?? "") : reasons.joined(separator: ", ")
        default: return word(verdict["verdict"])
        }
    }

    /// The first rule that failed, as people say it.
    private static func rule(_ rule: String) -> String {
        switch rule {
        case "otherCategory": "not of its category"
        case "notLive": "not live"
        case "filtered": "its filter does not take it"
        case "tooOld": "older than it takes"
        case "insufficientFunds": "the balance does not cover the price"
        case "spendCapExceeded": "the price passes what it may spend a day"
        case "boundElsewhere": "the person is bound to another advisor"
        case "consentElsewhere": "the consent names other institutions"
        case "excluded": "let go or refused before"
        default: spaced(rule)
        }
    }

    /// `outsideWindow` as `outside window`.
    private static func spaced(_ word: String) -> String {
        hyphenated(word).replacing("-", with: " ")
    }
}
