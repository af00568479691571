internal import MarketRPC

/// The description of the interface that `rpc.discover` answers with.
enum OpenRPC {
    static func document(version: String) -> JSONValue {
        [
            "openrpc": "1.3.2", "info": ["title": "leadmarket", "version": .string(version)],
            "methods": .array(Catalogue.methods.map(method)),
        ]
    }

    private static func method(_ method: Method) -> JSONValue {
        [
            "name": .string(method.name), "summary": .string(method.summary),
            "paramStructure": "by-name",
            "params": .array(method.allParameters.map(member)),
            "result": ["name": "result", "schema": ["type": "object"]],
            "errors": .array(
                method.allErrors.map {
                    ["code": .integer(Int64($0.rawValue)), "message": .string($0.reason)]
                }),
        ]
    }

    private static func member(_ member: Member) -> JSONValue {
        [
            "name": .string(member.name), "required": .bool(member.isRequired),
            "description": .string(member.meaning), "schema": [:],
        ]
    }
}
