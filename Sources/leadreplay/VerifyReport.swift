import EventLog
import MarketCore
import MarketRPC
import MarketTools

/// An audit's report as people and as scripts read it.
struct VerifyReport {
    let report: AuditReport
    let path: String
    let duration: Duration

    /// The report in lines, the verdict last.
    var text: String {
        var lines = "log        \(path): \(grouped(report.head)) events\n"
        lines += "records    \(grouped(report.soundRecords)) whole,"
        lines += " \(grouped(report.transactions)) transactions\n"
        for range in report.ranges {
            let span = "\(grouped(range.first)) to \(grouped(range.last))"
            lines += "decisions  \(span): rules version \(range.rulesVersion), "
            lines += range.decidedAgain ? "decided again\n" : "events and invariants only\n"
        }
        if report.eventsCheckedThrough < report.head {
            lines += "unchecked  money and exclusivity after"
            lines += " \(grouped(report.eventsCheckedThrough))\n"
        }
        if report.followedThrough < report.head {
            lines += "unchecked  decisions after \(grouped(report.followedThrough))\n"
        }
        lines += "snapshots  \(report.soundSnapshots.count) sound\n"
        switch report.contacts {
        case .unchecked(let reason): lines += "contacts   NOT checked: \(reason)\n"
        case .checked(let opened, let erased):
            lines += "contacts   \(grouped(opened)) opened, \(grouped(erased)) erased\n"
        }
        if let digest = report.digest { lines += "digest     \(digest)\n" }
        return lines + findings + verdict + "\n"
    }

    private var findings: String {
        var lines = ""
        var advised: Set<String> = []
        for finding in report.findings {
            let place =
                finding.position == .start ? "" : " at position \(finding.position.rawValue)"
            lines += "\n\(finding.kind.rawValue)\(place): \(finding.message)\n"
            if advised.insert(finding.advice).inserted { lines += "    \(finding.advice)\n" }
        }
        if report.omittedFindings > 0 {
            lines += "\n... and \(grouped(report.omittedFindings)) more findings\n"
        }
        return lines.isEmpty ? "" : lines + "\n"
    }

    private var verdict: String {
        if report.isSound {
            let rate = duration > .zero ? Double(report.soundRecords) / (duration / .seconds(1)) : 0
            return "The log is sound. (\(grouped(Int(rate))) events a second)"
        }
        if let first = report.firstDamagedPosition {
            return first == .start
                ? "The log is NOT sound."
                : "The log is NOT sound. The first damaged position is \(first.rawValue)."
        }
        let kinds = Set(report.findings.map(\.kind))
        if kinds == [.snapshot] {
            return "The log is sound, and its snapshots are NOT. Delete those named above."
        }
        let others = kinds.contains(.snapshot) ? "its keys and snapshots" : "its keys"
        return "The log is sound, and \(others) are NOT."
    }

    /// The report as one JSON object on one line.
    var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("sound", report.isSound)
        if let first = report.firstDamagedPosition { writer.member("firstDamagedPosition", first) }
        writer.member("head", report.head)
        writer.member("soundRecords", report.soundRecords)
        writer.member("transactions", report.transactions)
        writer.member("eventsCheckedThrough", report.eventsCheckedThrough)
        writer.member("followedThrough", report.followedThrough)
        writer.member("ranges", list: report.ranges) { writer, range in
            writer.beginObject()
            writer.member("rulesVersion", range.rulesVersion)
            writer.member("first", range.first)
            writer.member("last", range.last)
            writer.member("decidedAgain", range.decidedAgain)
            writer.endObject()
        }
        writer.member("soundSnapshots", list: report.soundSnapshots) { writer, position in
            writer.unsigned(position.rawValue)
        }
        writer.name("contacts")
        writer.beginObject()
        switch report.contacts {
        case .unchecked(let reason): writer.member("unchecked", reason)
        case .checked(let opened, let erased):
            writer.member("opened", opened)
            writer.member("erased", erased)
        }
        writer.endObject()
        if let digest = report.digest { writer.member("digest", digest.description) }
        writer.member("findings", list: report.findings) { writer, finding in
            writer.beginObject()
            writer.member("kind", finding.kind.rawValue)
            writer.member("position", finding.position)
            writer.member("message", finding.message)
            writer.member("advice", finding.advice)
            writer.endObject()
        }
        writer.member("omittedFindings", report.omittedFindings)
        writer.member("microseconds", Int(duration / .microseconds(1)))
        writer.endObject()
        writer.endLine()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func grouped(_ position: LogPosition) -> String {
        MarketTools.grouped(Int(clamping: position.rawValue))
    }

    private func grouped(_ number: Int) -> String { MarketTools.grouped(number) }
}
