import MarketCore
import MarketRPC
import MarketWorkload

extension SyntheticLeads {
    /// What a lead declares, as `lead.submit` takes it.
    func attributes(using random: inout SplitMix64) -> JSONObject {
        var attributes = JSONObject()
        for (name, word) in declaration(using: &random) {
            let value: JSONValue =
                switch word {
                case .flag(let flag): .bool(flag)
                case .integer(let integer): .integer(integer)
                case .text(let text): .string(text)
                }
            attributes.members.append(JSONMember(name: name, value: value))
        }
        return attributes
    }
}
