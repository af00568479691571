import MarketRPC

extension MarketConnection {
    /// The items of a paged list, page by page as of one moment or later.
    ///
    /// - Parameter limit: how many at most; `nil` for all.
    /// - Returns: the items, and whether there are more.
    /// - Throws: ``ToolError``.
    func items(
        _ method: String, _ parameters: JSONObject, limit: Int? = nil
    ) async throws(ToolError) -> (items: [JSONValue], areMore: Bool) {
        let largestPage = 1_000
        var parameters = parameters
        var items: [JSONValue] = []
        while true {
            let wanted = limit.map { min($0 - items.count, largestPage) } ?? largestPage
            parameters["limit"] = .integer(Int64(wanted))
            let page = try await call(method, parameters, timeout: .seconds(600))
            items += page["items"]?.array ?? []
            guard let cursor = page["cursor"] else { return (items, false) }
            if let limit, items.count >= limit { return (items, true) }
            parameters["cursor"] = cursor
            parameters["atLeast"] = nil
        }
    }
}
