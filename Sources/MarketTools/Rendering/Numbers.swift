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
