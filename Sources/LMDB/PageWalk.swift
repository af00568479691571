/// Walks the trees of an environment page by page with ordinary reads, so that damage ends in an
/// error, where following the map could end the process.
struct PageWalk {
    let pages: PageSource
    let lastPage: Int
    let extent: PageExtent
    /// Told the number of pages read so far, now and then.
    let progress: (Int) -> Void
    private(set) var pagesRead = 0
    /// The pages in use or free: an older copy of a page is one that is free.
    private var taken: Set<Int> = []

    private enum Content {
        case freePages
        case tables
        case records
    }

    private struct Tally {
        var branchPages = 0
        var leafPages = 0
        var overflowPages = 0
        var entries = 0
    }

    init(
        pages: PageSource, lastPage: Int, extent: PageExtent, progress: @escaping (Int) -> Void
    ) {
        self.pages = pages
        self.lastPage = lastPage
        self.extent = extent
        self.progress = progress
    }

    /// Checks the tree of free pages, all of it, and notes which they are. To be done first.
    mutating func checkFreePages(
        _ tree: TreeImage, describedOn page: Int
    ) throws(PageCheckError) {
        try check(tree, .freePages, describedOn: page)
    }

    /// Checks the main tree and the trees of the tables in it.
    mutating func checkTables(_ tree: TreeImage, describedOn page: Int) throws(PageCheckError) {
        try check(tree, .tables, describedOn: page)
    }

    private mutating func check(
        _ tree: TreeImage, _ content: Content, describedOn page: Int
    ) throws(PageCheckError) {
        if tree.root == TreeImage.none {
            guard tree.entries == 0, tree.depth == 0 else { throw fault(page, .count) }
            return
        }
        guard (1...32).contains(tree.depth), tree.entries > 0 else { throw fault(page, .count) }
        var tally = Tally()
        try visit(
            tree.root, level: 1, tree: tree, content, from: nil, below: nil, &tally)
        guard extent == .all || content == .freePages else { return }
        guard tally.entries == tree.entries, tally.branchPages == tree.branchPages,
            tally.leafPages == tree.leafPages, tally.overflowPages == tree.overflowPages
        else { throw fault(page, .count) }
    }

    private mutating func visit(
        _ number: Int, level: Int, tree: TreeImage, _ content: Content,
        from low: KeyImage?, below high: KeyImage?, _ tally: inout Tally
    ) throws(PageCheckError) {
        let kind: PageImage.Kind = level == tree.depth ? .leaf : .branch
        let key = low?.number
        let page = try read(number, key)
        guard page.kind == kind else { throw fault(number, .kind, key) }
        guard page.hasSoundBounds(minimumNodes: kind == .leaf ? 1 : 2) else {
            throw fault(number, .bounds, key)
        }
        let nodes = try nodes(of: page, number, kind, tree, from: low, below: high)
        switch kind {
        case .branch:
            tally.branchPages += 1
            for (index, node) in nodes.enumerated() {
                if extent == .ends, content == .records, index != 0, index != nodes.count - 1 {
                    continue
                }
                let isLast = index + 1 == nodes.count
                try visit(
                    node.child, level: level + 1, tree: tree, content,
                    from: index == 0 ? low : tree.key(of: node, on: page),
                    below: isLast ? high : tree.key(of: nodes[index + 1], on: page), &tally)
            }
        case .leaf:
            tally.leafPages += 1
            tally.entries += nodes.count
            // Most values lie beside their keys, and there is nothing more to them.
            for index in nodes.indices where content != .records || nodes[index].flags != 0 {
                try checkValue(of: nodes[index], on: page, number, content, key, &tally)
            }
        case .overflow, .meta:
            throw fault(number, .kind, key)
        }
    }

    /// Returns the page's nodes, once they lie in it and their keys are in order and in range.
    private func nodes(
        of page: PageImage, _ number: Int, _ kind: PageImage.Kind, _ tree: TreeImage,
        from low: KeyImage?, below high: KeyImage?
    ) throws(PageCheckError) -> [PageImage.Node] {
        var nodes: [PageImage.Node] = []
        nodes.reserveCapacity(page.nodeCount)
        var end = page.upper
        var before = low
        for index in 0..<page.nodeCount {
            guard let node = page.node(at: index, in: kind) else {
                throw fault(number, .entry, low?.number)
            }
            // A branch's first key is never compared and may be empty.
            if kind == .leaf || index > 0 {
                guard let key = tree.key(of: node, on: page) else {
                    throw fault(number, .entry, low?.number)
                }
                // A leaf's first key may equal the key above it; all others are greater.
                let isFirst = index == 0 || kind == .branch && index == 1
                if let before, isFirst ? key < before : key <= before {
                    throw fault(number, .order, low?.number)
                }
                if let high, key >= high { throw fault(number, .order, low?.number) }
                before = key
            }
            end += node.byteCount
            nodes.append(node)
        }
        // LMDB leaves no holes between nodes, so a wrong number of them shows here.
        guard end == page.bytes.count else {
            throw fault(number, .bounds, low?.number)
        }
        return nodes
    }

    private mutating func checkValue(
        of node: PageImage.Node, on page: PageImage, _ number: Int, _ content: Content,
        _ key: UInt64?, _ tally: inout Tally
    ) throws(PageCheckError) {
        switch node.flags {
        case 0 where content == .freePages:
            try noteFreePages(page, number, at: node.valueOffset, node.valueByteCount)
        case 0 where content == .records:
            return
        case PageImage.NodeFlag.overflow where content != .tables:
            let first = page.integer(at: node.valueOffset)
            let needed =
                (PageImage.headerByteCount + node.valueByteCount + pages.pageSize - 1)
                / pages.pageSize
            let overflow = try read(first, key)
            // A shorter value may have been written over a longer one and kept its pages.
            let count = overflow.overflowPages
            guard overflow.kind == .overflow, count >= needed else {
                throw fault(first, .kind, key)
            }
            guard first + count - 1 <= lastPage, pages.holds(first + needed - 1) else {
                throw fault(first, .outside, key)
            }
            tally.overflowPages += count
            for page in first + 1..<first + count { try take(page, key) }
            if content == .freePages {
                try noteFreePages(
                    pages.read(first, count: needed), first, at: PageImage.headerByteCount,
                    node.valueByteCount)
            }
        case PageImage.NodeFlag.table where content == .tables:
            guard node.valueByteCount == TreeImage.byteCount else {
                throw fault(number, .entry, key)
            }
            try check(TreeImage(page, at: node.valueOffset), .records, describedOn: number)
        case _:
            throw fault(number, .entry, key)
        }
    }

    /// Notes a list of free pages: how many, then their numbers.
    private mutating func noteFreePages(
        _ page: PageImage, _ number: Int, at offset: Int, _ byteCount: Int
    ) throws(PageCheckError) {
        guard byteCount >= 8, byteCount % 8 == 0 else { throw fault(number, .entry) }
        let count = page.integer(at: offset)
        guard count >= 0, count < byteCount / 8 else { throw fault(number, .entry) }
        for index in 0..<count {
            let free = page.integer(at: offset + 8 + index * 8)
            guard free >= 2, free <= lastPage else { throw fault(number, .entry) }
            try take(free, nil)
        }
    }

    /// Notes that `page` has a place; it must not have another.
    private mutating func take(_ page: Int, _ key: UInt64?) throws(PageCheckError) {
        guard taken.insert(page).inserted else { throw fault(page, .shared, key) }
    }

    private mutating func read(_ number: Int, _ key: UInt64?) throws(PageCheckError) -> PageImage {
        guard number >= 2, number <= lastPage, pages.holds(number) else {
            throw fault(number, .outside, key)
        }
        try take(number, key)
        let page = try pages.read(number)
        pagesRead += 1
        if pagesRead % 1024 == 0 { progress(pagesRead) }
        guard page.pageNumber == number else { throw fault(number, .number, key) }
        return page
    }

    private func fault(
        _ page: Int, _ reason: PageFault.Reason, _ key: UInt64? = nil
    ) -> PageCheckError {
        .fault(PageFault(page: page, reason: reason, key: key))
    }
}
