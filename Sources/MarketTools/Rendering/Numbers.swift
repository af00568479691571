import MarketRPC

extension JSONValue {
    /// The number, whole or not; `nil` for another kind.
    var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }
}

/// `number` with a comma between thousands.
public func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return number < 0 ? "-" + text : text
}

/// An amount in fen as yuan with two decimals: `1,234.50`.
public func yuan(fen: Int64) -> String {
    let magnitude = fen.magnitude
    let cents = String(magnitude % 100 + 100).dropFirst()
    return (fen < 0 ? "-" : "") + grouped(Int(magnitude / 100)) + "." + cents
}

/// Hundredths of a percent as a percentage: `65.43 %`.
public func percent(basisPoints: Int64) -> String {
    let hundredths = String(basisPoints.magnitude % 100 + 100).dropFirst()
    return (basisPoints < 0 ? "-" : "") + "\(basisPoints.magnitude / 100).\(hundredths) %"
}

/// A length of time in its two largest units: `3 d 4 h`, `5 min 20 s`, `0.250 s`.
public func span(_ microseconds: Int64) -> String {
    let seconds = microseconds / 1_000_000
    if seconds == 0 && microseconds > 0 {
        return "0.\(String(microseconds / 1_000 + 1_000).dropFirst()) s"
    }
    let units: [(name: String, seconds: Int64)] = [("d", 86_400), ("h", 3_600), ("min", 60)]
    for (index, unit) in units.enumerated() where seconds >= unit.seconds {
        let finer = index + 1 < units.count ? units[index + 1] : (name: "s", seconds: 1)
        let rest = seconds % unit.seconds / finer.seconds
        return "\(seconds / unit.seconds) \(unit.name)" + (rest > 0 ? " \(rest) \(finer.name)" : "")
    }
    return "\(seconds) s"
}
