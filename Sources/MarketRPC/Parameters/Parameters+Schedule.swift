import MarketCore

/// The largest cap on a count of leads.
let maximumCap: Int64 = 1_000_000

extension Parameters {
    /// Weekly windows (R5.2); `nil` when absent.
    mutating func optionalSchedule(_ name: String) throws(RPCError) -> WeeklySchedule? {
        guard
            let objects = try optionalObjects(name, count: 0...WeeklySchedule.maximumWindows)
        else { return nil }
        var windows: [WeeklySchedule.Window] = []
        for var object in objects { windows.append(try object.window()) }
        guard let schedule = WeeklySchedule(windows) else {
            throw RPCError.invalidParameter(
                path.member(name), "has windows that overlap; join them or move one.")
        }
        return schedule
    }

    /// Weekly windows of an amendment: absent keeps them, `null` or none means always.
    mutating func scheduleAmendment(
        _ name: String
    ) throws(RPCError) -> MarketCore.Change<WeeklySchedule> {
        if isNull(name) { return .set(.always) }
        return try optionalSchedule(name).map { .set($0) } ?? .keep
    }

    /// A cap on a count of leads; `nil` when absent.
    mutating func optionalCap(_ name: String) throws(RPCError) -> Int? {
        try optionalInteger(name, in: 1...maximumCap).map(Int.init)
    }

    /// A cap of a change: absent keeps it, `null` clears it.
    mutating func capAmendment(_ name: String) throws(RPCError) -> MarketCore.Change<Int?> {
        if isNull(name) { return .set(nil) }
        return try optionalCap(name).map { .set($0) } ?? .keep
    }

    /// An amount of a change: absent keeps it, `null` clears it.
    mutating func moneyAmendment(_ name: String) throws(RPCError) -> MarketCore.Change<Money?> {
        if isNull(name) { return .set(nil) }
        return try optionalMoney(name, from: 0).map { .set($0) } ?? .keep
    }

    /// A time-out: `true` stands for `usual`, `false` for none; `nil` when absent or none.
    mutating func optionalTimeout(
        _ name: String, usual: Timespan
    ) throws(RPCError) -> Timespan? {
        switch optionalValue(name) {
        case nil, .bool(false): return nil
        case .bool(true): return usual
        case .string(let text)?:
            return try Self.timespan(.string(text), from: .microsecond, at: path.member(name))
        case let value?:
            throw Self.wrongType(
                path.member(name), "true, false or a duration such as \"5m\"", value)
        }
    }

    /// Whether the member is there and `null`; reads it then.
    mutating func isNull(_ name: String) -> Bool {
        guard members.first(where: { $0.name == name })?.value == .null else { return false }
        return optionalValue(name) == .null
    }

    private mutating func window() throws(RPCError) -> WeeklySchedule.Window {
        let weekday = try weekday("weekday")
        let start = try minuteOfDay("from")
        let end = try minuteOfDay("to")
        guard start < end else {
            throw RPCError.invalidParameter(
                path.member("to"),
                "must be after \(ClockText.format(start)); split a window at midnight, 24:00 ends a day."
            )
        }
        try finish()
        return WeeklySchedule.Window(
            weekday: weekday.rawValue, startMinute: start, endMinute: end)
    }

    /// A day of the week by its word or number, Monday being 1.
    private mutating func weekday(_ name: String) throws(RPCError) -> Weekday {
        let value = try value(name)
        switch value {
        case .integer(let number):
            if let day = Int(exactly: number).flatMap(Weekday.init(rawValue:)) { return day }
        case .string(let word):
            if let day = Weekday(word: word) { return day }
        case .null, .bool, .unsigned, .double, .array, .object:
            break
        }
        throw RPCError.invalidParameter(
            path.member(name), "must be a weekday: monday to sunday, or 1 to 7.")
    }

    private mutating func minuteOfDay(_ name: String) throws(RPCError) -> Int {
        let value = try value(name)
        guard case .string(let text) = value else {
            throw Self.wrongType(path.member(name), "a time of day such as \"09:00\"", value)
        }
        guard let minute = ClockText.parse(text) else {
            throw RPCError.invalidParameter(
                path.member(name),
                "\"\(text.shortened)\" is no time of day; write 00:00 to 24:00.")
        }
        return minute
    }
}
