import MarketRPC

/// Leads for a load out of a file.
enum LeadFile {
    /// Reads the leads of a file, each without what stands for its person: requests as `leadbench generate` writes them, of which
    /// `lead.submit` counts, or, with a mapping, CSV as `leadctl import` takes it. Either may be gzip.
    ///
    /// - Throws: ``ToolError``; also when there is no lead.
    static func deck(path: String, mapping: String?) throws(ToolError) -> LeadDeck {
        var deck = LeadDeck()
        let parser = JSONParser()
        func add(_ line: [UInt8], _ number: Int) throws(ToolError) {
            let request: JSONValue
            do throws(JSONError) {
                request = try parser.parse(line).value
            } catch {
                throw .line(path: path, line: number, problem: "is no JSON (\(error))")
            }
            guard request["method"] == "lead.submit", var lead = request["params"]?.object else {
                return
            }
            // Advisors of the file are not those of the load.
            lead["preferredAdvisor"] = nil
            deck.add(parameters: lead)
        }
        if let mapping {
            let workload = try ImportedWorkload(
                InputFile(path: path), mapping: ImportMapping(path: mapping), keyPrefix: "load")
            for line in workload.lines { try add(line.bytes, line.number) }
        } else {
            var lines = LineReader(try InputFile(path: path))
            while let line = try lines.next() {
                if !line.isEmpty { try add(line, lines.lineNumber) }
            }
        }
        guard deck.count > 0 else { throw .contents(path: path, problem: "has no lead to submit") }
        return deck
    }
}
