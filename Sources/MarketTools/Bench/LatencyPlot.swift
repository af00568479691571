import Foundation
public import MarketRPC

/// Latency by load as an SVG picture: a line for each percentile over the rates that were offered.
public struct LatencyPlot: Sendable {
    /// One line.
    struct Line: Sendable {
        var run: Int
        var percentile: String
        /// Leads a second, and microseconds.
        var points: [(rate: Double, latency: Double)]
    }

    private static let percentiles = ["p50", "p99", "p99.9"]
    private static let colours = ["p50": "#1b7837", "p99": "#2166ac", "p99.9": "#b2182b"]
    private static let dashes = ["", "7 4", "2 3", "10 3 2 3"]
    private static let (width, height) = (880.0, 540.0)
    private static let (left, right, top, bottom) = (86.0, 180.0, 54.0, 62.0)

    let lines: [Line]

    /// How many lines it has: one for each run and percentile.
    public var lineCount: Int { lines.count }

    private let names: [String]
    private let knees: [Double]
    private let title: String
    private let rates: ClosedRange<Double>
    private let latencies: ClosedRange<Double>

    /// Takes the steps of open loops out of runs as `--json` printed them.
    ///
    /// - Throws: ``ToolError/usage(_:)`` when none has any.
    public init(_ runs: [(name: String, run: JSONValue)]) throws(ToolError) {
        var lines: [Line] = []
        for (index, run) in runs.enumerated() {
            let steps = run.run["steps"]?.array ?? []
            for percentile in Self.percentiles {
                let points = steps.compactMap { step -> (rate: Double, latency: Double)? in
                    guard let rate = step["offeredPerSecond"]?.number,
                        let latency = step["latencyMicroseconds"]?[percentile]?.number
                    else { return nil }
                    return (rate, max(1, latency))
                }
                guard !points.isEmpty else { continue }
                lines.append(
                    Line(
                        run: index, percentile: percentile,
                        points: points.sorted { $0.rate < $1.rate }))
            }
        }
        let points = lines.flatMap(\.points)
        guard let fastest = points.map(\.rate).max(), let least = points.map(\.latency).min(),
            let most = points.map(\.latency).max()
        else {
            throw .usage("no run has a step with an offered rate: make some with leadbench load")
        }
        self.lines = lines
        names = runs.map(\.name)
        knees = runs.compactMap { $0.run["kneePerSecond"]?.number }
        let orders = runs.first?.run["orders"]?.integer.map { ", \(grouped(Int($0))) orders" } ?? ""
        title = "Latency by load" + orders
        rates = 0...(max(fastest, knees.max() ?? 0) * 1.05)
        let bottom = pow(10, log10(least).rounded(.down))
        latencies = bottom...max(bottom * 10, pow(10, log10(most).rounded(.up)))
    }

    // MARK: - Places

    private func x(_ rate: Double) -> Double {
        Self.left + rate / rates.upperBound * (Self.width - Self.left - Self.right)
    }

    private func y(_ latency: Double) -> Double {
        let share =
            log10(latency / latencies.lowerBound)
            / log10(latencies.upperBound / latencies.lowerBound)
        return Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
    }

    /// Numbers for an axis from zero: 1, 2 or 5 times a power of ten apart, about six of them.
    static func ticks(upTo most: Double) -> [Double] {
        guard most > 0 else { return [0] }
        let power = pow(10, log10(most / 6).rounded(.down))
        let step = [1, 2, 5, 10].map { $0 * power }.first { most / $0 <= 7 } ?? power * 10
        return Array(stride(from: 0, through: most, by: step))
    }

    /// A latency as people say it.
    static func label(microseconds: Double) -> String {
        if microseconds >= 1_000_000 { return "\(Int(microseconds / 1_000_000)) s" }
        if microseconds >= 1_000 { return "\(Int(microseconds / 1_000)) ms" }
        return "\(Int(microseconds)) µs"
    }

    // MARK: - Picture

    /// The picture, a whole document.
    public var svg: String {
        let (width, height) = (Int(Self.width), Int(Self.height))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="13">
            <title>\(Self.escaped(title))</title>
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="\(Self.shown(Self.left))" y="28" font-size="17">\(Self.escaped(title))</text>
            \(grid)\(kneeMarks)\(lines.map(drawn).joined())\(legend)</svg>

            """
    }

    private var grid: String {
        let (start, end) = (Self.left, Self.width - Self.right)
        let (floor, ceiling) = (Self.height - Self.bottom, Self.top)
        var text = ""
        var decade = latencies.lowerBound
        while decade <= latencies.upperBound * 1.001 {
            for factor in [1.0, 2, 5] where decade * factor <= latencies.upperBound * 1.001 {
                let place = y(decade * factor)
                let colour = factor == 1 ? "#b0b0b0" : "#e6e6e6"
                text += Self.line(start, place, end, place, colour)
                if factor == 1 {
                    let label = Self.label(microseconds: decade)
                    text += Self.text(start - 8, place + 4, label, anchor: "end")
                }
            }
            decade *= 10
        }
        for rate in Self.ticks(upTo: rates.upperBound) {
            text += Self.line(x(rate), ceiling, x(rate), floor, "#e6e6e6")
            text += Self.text(x(rate), floor + 20, grouped(Int(rate)), anchor: "middle")
        }
        text += Self.line(start, floor, end, floor, "#404040")
        text += Self.line(start, ceiling, start, floor, "#404040")
        text += Self.text(
            (start + end) / 2, floor + 44, "leads a second, offered", anchor: "middle")
        let middle = Self.shown((floor + ceiling) / 2)
        return text + """
            <text x="20" y="\(middle)" text-anchor="middle" transform="rotate(-90 20 \(middle))">\
            latency from when a lead was due</text>

            """
    }

    private var kneeMarks: String {
        knees.map { knee in
            let place = x(knee)
            return """
                <line x1="\(Self.shown(place))" y1="\(Self.shown(Self.top))" \
                x2="\(Self.shown(place))" y2="\(Self.shown(Self.height - Self.bottom))" \
                stroke="#808080" stroke-dasharray="3 4"/>

                """ + Self.text(place, Self.top - 6, "knee", anchor: "middle")
        }.joined()
    }

    private func drawn(_ line: Line) -> String {
        let colour = Self.colours[line.percentile] ?? "#000000"
        let dash = Self.dashes[line.run % Self.dashes.count]
        let points = line.points.map { "\(Self.shown(x($0.rate))),\(Self.shown(y($0.latency)))" }
        var text = """
            <polyline fill="none" stroke="\(colour)" stroke-width="2" stroke-dasharray="\(dash)" \
            points="\(points.joined(separator: " "))"/>

            """
        for point in line.points {
            text += """
                <circle cx="\(Self.shown(x(point.rate)))" cy="\(Self.shown(y(point.latency)))" r="3.5" \
                fill="\(colour)"><title>\(line.percentile), \(grouped(Int(point.rate))) a second: \
                \(LoadTable.shown(point.latency)) µs</title></circle>

                """
        }
        return text
    }

    private var legend: String {
        let start = Self.width - Self.right + 16
        var text = ""
        for (index, line) in lines.reversed().enumerated() {
            let place = Self.top + 12 + Double(index) * 22
            let colour = Self.colours[line.percentile] ?? "#000000"
            let dash = Self.dashes[line.run % Self.dashes.count]
            text += """
                <line x1="\(Self.shown(start))" y1="\(Self.shown(place))" x2="\(Self.shown(start + 26))" \
                y2="\(Self.shown(place))" stroke="\(colour)" stroke-width="2" stroke-dasharray="\(dash)"/>

                """
            let name = names.count > 1 ? "\(line.percentile) \(names[line.run])" : line.percentile
            text += Self.text(start + 32, place + 4, name, anchor: "start")
        }
        return text
    }

    private static func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String
    ) -> String {
        """
        <line x1="\(shown(x1))" y1="\(shown(y1))" x2="\(shown(x2))" y2="\(shown(y2))" stroke="\(colour)"/>

        """
    }

    private static func text(
        _ x: Double, _ y: Double, _ content: String, anchor: String
    ) -> String {
        """
        <text x="\(shown(x))" y="\(shown(y))" text-anchor="\(anchor)">\(escaped(content))</text>

        """
    }

    /// With one decimal.
    private static func shown(_ place: Double) -> String { "\((place * 10).rounded() / 10)" }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
