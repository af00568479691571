/// Measurements side by side, for people.
struct LoadTable {
    private let measurements: [LoadMeasurement]

    init(_ measurements: [LoadMeasurement]) {
        self.measurements = measurements
    }

    /// Latencies in microseconds, then what became of the leads.
    var text: String {
        var latencies = TextTable(
            columns: [.left("load"), .right("leads/s")]
                + LatencySummary.percentiles.map { .right("\($0.name) µs") }
                + [.right("CPU µs: own"), .right("daemon")])
        var counts = TextTable(
            columns: [
                .left("load"), .right("due"), .right("unsent"), .right("unanswered"),
                .right("answered"), .left("of these"),
            ])
        for measurement in measurements {
            let record = measurement.record
            let name = Self.name(measurement)
            add(measurement.latency, name, measurement, to: &latencies)
            add(measurement.pushLatency, "  pushes", nil, to: &latencies)
            add(measurement.errandLatency, "  served", nil, to: &latencies)
            add(measurement.changeLatency, "  changes", nil, to: &latencies)
            add(measurement.refusalLatency, "  errors", nil, to: &latencies)
            counts.add([
                name, grouped(record.due), grouped(record.unsent), grouped(record.unanswered),
                grouped(record.counts.total), Self.kinds(record.counts),
            ])
            if record.errands.total > 0 {
                counts.add([
                    "  frontend", "", "", "", grouped(record.errands.total),
                    Self.kinds(record.errands),
                ])
            }
        }
        return latencies.rendered + "\n" + counts.rendered + memory + series
    }

    private static func name(_ measurement: LoadMeasurement) -> String {
        guard let offered = measurement.offeredPerSecond else {
            return measurement.label ?? "closed loop"
        }
        let label = measurement.label.map { "\($0): " } ?? ""
        let rate = "\(label)\(grouped(Int(offered.rounded())))/s"
        return measurement.percent.map { "\(rate), \(shown($0)) %" } ?? rate
    }

    private static func kinds(_ counts: AnswerCounts) -> String {
        AnswerKind.allCases.filter { counts[$0] > 0 }
            .map { "\($0.word) \(grouped(counts[$0]))" }
            .joined(separator: ", ")
    }

    private func add(
        _ latency: LatencySummary?, _ name: String, _ measurement: LoadMeasurement?,
        to table: inout TextTable
    ) {
        guard latency != nil || measurement != nil else { return }
        let rate = measurement.map { grouped(Int($0.leadsPerSecond.rounded())) } ?? ""
        let cells =
            latency.map { $0.microseconds.map(Self.shown) }
            ?? LatencySummary.percentiles.map { _ in "" }
        let own = measurement.map { "\($0.generatorMicroseconds)" } ?? ""
        let daemon = measurement?.daemonMicroseconds.map { "\($0)" } ?? ""
        table.add([name, rate] + cells + [own, daemon])
    }

    private var memory: String {
        measurements.compactMap { measurement -> String? in
            guard let memory = measurement.ownMemoryKiB else { return nil }
            return
                "\(Self.name(measurement)): the daemon's own memory from \(grouped(memory.first)) to \(grouped(memory.last)) KiB"
        }.reduce("\n") { "\($0)\($1)\n" }
    }

    /// How long loads went over time, in at most a dozen stretches: of each the rate, and the worst of its seconds.
    private var series: String {
        var text = ""
        for measurement in measurements where measurement.seconds > 30 {
            let intervals = measurement.record.intervals
            let length = max(1, (intervals.count + 11) / 12)
            var table = TextTable(
                columns: [
                    .right("until s"), .right("leads/s"), .right("p50 µs"), .right("p99 µs"),
                    .right("p99.9 µs"), .right("resident KiB"), .right("own KiB"),
                ])
            for start in stride(from: 0, to: intervals.count, by: length) {
                let part = intervals[start..<min(start + length, intervals.count)]
                guard let last = part.last else { continue }
                let seconds = last.end - (start == 0 ? 0 : intervals[start - 1].end)
                let answers = part.reduce(0) { $0 + $1.answers }
                let worst = [\PhaseRecord.Interval.median, \.p99, \.p999].map { figure in
                    grouped(Int(part.map { $0[keyPath: figure] }.max() ?? 0))
                }
                table.add(
                    [Self.shown(last.end), grouped(Int(Double(answers) / max(seconds, 0.001)))]
                        + worst + [
                            last.residentKiB.map(grouped) ?? "", last.ownKiB.map(grouped) ?? "",
                        ])
            }
            text += "\n\(Self.name(measurement)), the worst of the seconds in each stretch\n\n"
            text += table.rendered
        }
        return text
    }

    /// Below a hundred with one decimal, above it without.
    static func shown(_ value: Double) -> String {
        if value >= 100 || value == value.rounded() { return grouped(Int(value.rounded())) }
        return "\((value * 10).rounded() / 10)"
    }
}
