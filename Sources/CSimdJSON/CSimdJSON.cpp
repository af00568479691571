#include "CSimdJSON.h"

#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <simdjson.h>
#include <vector>

namespace {

constexpr size_t smallObject = 8;
constexpr uint64_t payloadMask = 0x00FFFFFFFFFFFFFF;

/// A container that is open while the tape is walked.
struct Open {
    uint32_t node;
    uint32_t children;
};

uint64_t randomSeed() {
    std::random_device device;
    return (uint64_t(device()) << 32) | device();
}

bool isDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/// Skips a number of the JSON grammar at `at`; returns whether there was a whole one.
bool skipNumber(const uint8_t *bytes, size_t length, size_t &at) {
    if (at < length && bytes[at] == '-') at++;
    if (at >= length || !isDigit(bytes[at])) return false;
    if (bytes[at] == '0') {
        at++;
    } else {
        while (at < length && isDigit(bytes[at])) at++;
    }
    if (at < length && bytes[at] == '.') {
        at++;
        if (at >= length || !isDigit(bytes[at])) return false;
        while (at < length && isDigit(bytes[at])) at++;
    }
    if (at < length && (bytes[at] == 'e' || bytes[at] == 'E')) {
        at++;
        if (at < length && (bytes[at] == '+' || bytes[at] == '-')) at++;
        if (at >= length || !isDigit(bytes[at])) return false;
        while (at < length && isDigit(bytes[at])) at++;
    }
    return at >= length || std::memchr(",]} \t\r\n", bytes[at], 7) != nullptr;
}

/// Whether every number outside strings follows the grammar; simdjson reports one code for bad and for too large.
bool numbersAreWellFormed(const uint8_t *bytes, size_t length) {
    for (size_t at = 0; at < length;) {
        if (bytes[at] == '"') {
            for (at++; at < length && bytes[at] != '"'; at++) {
                if (bytes[at] == '\\') at++;
            }
            at++;
        } else if (bytes[at] == '-' || isDigit(bytes[at])) {
            if (!skipNumber(bytes, length, at)) return false;
        } else {
            at++;
        }
    }
    return true;
}

} // namespace

struct leadmarket_json_parser {
    explicit leadmarket_json_parser(uint32_t maximumDepth)
        : maximumDepth(maximumDepth), seed(randomSeed()) {
        open.reserve(maximumDepth + 1);
    }

    simdjson::dom::parser parser;
    uint32_t maximumDepth;
    uint64_t seed;
    std::vector<uint8_t> padded;
    std::vector<leadmarket_json_node> nodes;
    std::vector<Open> open;
    std::vector<uint32_t> slots;
    const uint8_t *strings = nullptr;
    bool hasDuplicates = false;

    uint32_t load(const uint8_t *bytes, size_t length);
    uint32_t convert(bool checkStrings);
    void checkMembers(uint32_t object);
    bool sameName(uint32_t left, uint32_t right) const;
    uint64_t hash(uint32_t name) const;
};

uint32_t leadmarket_json_parser::load(const uint8_t *bytes, size_t length) {
    if (parser.capacity() < length) {
        // Twice what is needed, so that slowly growing frames do not allocate each time. simdjson's own limit counts
        // the document as a level, and no empty containers; `convert` counts those.
        if (parser.allocate(length * 2, maximumDepth + 1)) return LEADMARKET_JSON_OUT_OF_MEMORY;
    }
    if (padded.size() < length + simdjson::SIMDJSON_PADDING) {
        padded.resize(length * 2 + simdjson::SIMDJSON_PADDING);
    }
    if (length > 0) std::memcpy(padded.data(), bytes, length);
    std::memset(padded.data() + length, ' ', simdjson::SIMDJSON_PADDING);

    simdjson::dom::element root;
    switch (parser.parse(padded.data(), length, false).get(root)) {
    case simdjson::SUCCESS:
        return LEADMARKET_JSON_OK;
    case simdjson::UTF8_ERROR:
        return LEADMARKET_JSON_INVALID_UTF8;
    case simdjson::DEPTH_ERROR:
        return LEADMARKET_JSON_TOO_DEEP;
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY:
        return LEADMARKET_JSON_OUT_OF_MEMORY;
    case simdjson::NUMBER_ERROR:
        return numbersAreWellFormed(bytes, length) ? LEADMARKET_JSON_NUMBER_OUT_OF_RANGE
                                                   : LEADMARKET_JSON_MALFORMED;
    default:
        return LEADMARKET_JSON_MALFORMED;
    }
}

uint64_t leadmarket_json_parser::hash(uint32_t name) const {
    const uint8_t *bytes = strings + nodes[name].value;
    size_t length = nodes[name].length;
    uint64_t mixed = seed ^ length;
    while (true) {
        uint64_t word = 0;
        std::memcpy(&word, bytes, length < 8 ? length : 8);
        mixed = (mixed ^ word) * 0x9E3779B97F4A7C15;
        mixed ^= mixed >> 29;
        if (length <= 8) return mixed ^ (mixed >> 32);
        bytes += 8;
        length -= 8;
    }
}

bool leadmarket_json_parser::sameName(uint32_t left, uint32_t right) const {
    return nodes[left].length == nodes[right].length
        && std::memcmp(strings + nodes[left].value, strings + nodes[right].value, nodes[left].length) == 0;
}

/// Looks for two members of one name: pairwise in a small object, with a seeded hash table in a larger one.
void leadmarket_json_parser::checkMembers(uint32_t object) {
    const size_t count = nodes[object].length;
    if (count < 2) return;
    const bool isSmall = count <= smallObject;
    size_t mask = smallObject - 1;
    if (!isSmall) {
        size_t capacity = 32;
        while (capacity < count * 2) capacity *= 2;
        mask = capacity - 1;
        slots.assign(capacity, 0);
    }
    uint32_t seen[smallObject];
    uint32_t name = object + 1;
    for (size_t member = 0; member < count; member++) {
        if (isSmall) {
            for (size_t earlier = 0; earlier < member; earlier++) {
                if (sameName(seen[earlier], name)) hasDuplicates = true;
            }
            seen[member] = name;
        } else {
            size_t slot = hash(name) & mask;
            while (slots[slot] != 0 && !sameName(slots[slot], name)) slot = (slot + 1) & mask;
            if (slots[slot] != 0) hasDuplicates = true;
            slots[slot] = name;
        }
        const leadmarket_json_node &value = nodes[name + 1];
        name = value.kind >= LEADMARKET_JSON_ARRAY ? uint32_t(value.value) : name + 2;
    }
}

/// Turns simdjson's tape (doc/tape.md of simdjson) into nodes with exact counts, names checked and strings located.
uint32_t leadmarket_json_parser::convert(bool checkStrings) {
    const uint64_t *tape = parser.doc.tape.get();
    strings = parser.doc.string_buf.get();
    const size_t end = size_t(tape[0] & payloadMask) - 1;
    nodes.clear();
    open.clear();
    hasDuplicates = false;
    for (size_t at = 1; at < end; at++) {
        const uint64_t payload = tape[at] & payloadMask;
        const char type = char(tape[at] >> 56);
        if (type == ']' || type == '}') {
            leadmarket_json_node &node = nodes[open.back().node];
            const uint32_t children = open.back().children;
            node.length = type == '}' ? children / 2 : children;
            node.value = nodes.size();
            if (type == '}') checkMembers(open.back().node);
            open.pop_back();
            continue;
        }
        if (!open.empty()) open.back().children++;
        switch (type) {
        case '[':
        case '{':
            if (open.size() == maximumDepth) return LEADMARKET_JSON_TOO_DEEP;
            open.push_back({uint32_t(nodes.size()), 0});
            nodes.push_back({type == '[' ? uint32_t(LEADMARKET_JSON_ARRAY) : uint32_t(LEADMARKET_JSON_OBJECT), 0, 0});
            break;
        case '"': {
            uint32_t length;
            std::memcpy(&length, strings + payload, sizeof length);
            const uint64_t offset = payload + sizeof length;
            // Escapes can spell lone surrogates, which simdjson passes on as bytes that are no UTF-8.
            if (checkStrings && !simdjson::validate_utf8(reinterpret_cast<const char *>(strings + offset), length)) {
                return LEADMARKET_JSON_INVALID_UTF8;
            }
            nodes.push_back({LEADMARKET_JSON_STRING, length, offset});
            break;
        }
        case 'l':
            nodes.push_back({LEADMARKET_JSON_INTEGER, 0, tape[++at]});
            break;
        case 'u':
            nodes.push_back({LEADMARKET_JSON_UNSIGNED, 0, tape[++at]});
            break;
        case 'd':
            nodes.push_back({LEADMARKET_JSON_DOUBLE, 0, tape[++at]});
            break;
        case 't':
            nodes.push_back({LEADMARKET_JSON_TRUE, 0, 0});
            break;
        case 'f':
            nodes.push_back({LEADMARKET_JSON_FALSE, 0, 0});
            break;
        case 'n':
            nodes.push_back({LEADMARKET_JSON_NULL, 0, 0});
            break;
        default:
            return LEADMARKET_JSON_MALFORMED;
        }
    }
    return nodes.empty() ? LEADMARKET_JSON_MALFORMED : LEADMARKET_JSON_OK;
}

extern "C" leadmarket_json_parser *leadmarket_json_parser_create(uint32_t maximumDepth) {
    try {
        return new leadmarket_json_parser(maximumDepth);
    } catch (...) {
        return nullptr;
    }
}

extern "C" void leadmarket_json_parser_destroy(leadmarket_json_parser *parser) { delete parser; }

extern "C" leadmarket_json_document leadmarket_json_parse(
    leadmarket_json_parser *parser, const uint8_t *bytes, size_t length) {
    leadmarket_json_document document = {nullptr, nullptr, 0, LEADMARKET_JSON_MALFORMED, 0};
    try {
        document.status = parser->load(bytes, length);
        if (document.status != LEADMARKET_JSON_OK) return document;
        const bool hasEscapes = std::memchr(bytes, '\\', length) != nullptr;
        document.status = parser->convert(hasEscapes);
    } catch (...) {
        document.status = LEADMARKET_JSON_OUT_OF_MEMORY;
    }
    if (document.status != LEADMARKET_JSON_OK) return document;
    document.nodes = parser->nodes.data();
    document.strings = parser->strings;
    document.node_count = uint32_t(parser->nodes.size());
    document.has_duplicates = parser->hasDuplicates;
    return document;
}
