import CLMDB
import Glibc

/// How much of each tree a check of pages visits.
public enum PageExtent: Sendable {
    /// The way from the root to the first and to the last entry: a few pages, whatever the size.
    case ends
    /// Every page; reads the whole file in use once.
    case all
}

extension Environment {
    /// Checks that the pages in use, as of the last commit, make up the trees they should.
    ///
    /// LMDB has no checksums and trusts its pages: a flipped bit in one can send a read outside
    /// the file and end the process. So check the ends before reading, and everything in an audit.
    /// What values hold is not looked at. The environment may be used meanwhile; the read
    /// transaction that is held keeps freed pages from being used again.
    /// - Parameter progress: told now and then how many pages were read.
    /// - Returns: How many pages were read.
    @discardableResult
    public func checkPages(
        _ extent: PageExtent, progress: @escaping (Int) -> Void = { _ in }
    ) throws(PageCheckError) -> Int {
        do {
            let transaction = try beginRead()
            var descriptor: Int32 = -1
            try LMDBError.check(mdb_env_get_fd(handle, &descriptor), "mdb_env_get_fd", path)
            let pageSize = try space().pageSizeBytes
            return try Self.walk(
                PageSource(descriptor: descriptor, path: path, pageSize: pageSize), extent,
                transaction: mdb_txn_id(transaction.handle), progress)
        } catch let error as PageCheckError {
            throw error
        } catch let error as LMDBError {
            throw .failure(error)
        } catch {
            preconditionFailure("nothing else is thrown: \(error)")
        }
    }

    private static func walk(
        _ pages: PageSource, _ extent: PageExtent, transaction: Int,
        _ progress: @escaping (Int) -> Void
    ) throws(PageCheckError) -> Int {
        var chosen: (number: Int, meta: MetaImage)?
        for number in 0..<2 {
            guard let meta = MetaImage(try pages.read(number), number: number) else {
                throw .fault(PageFault(page: number, reason: .meta, key: nil))
            }
            if meta.transaction == transaction { chosen = (number, meta) }
        }
        // Two commits since the transaction began: its meta page is gone, its trees are not.
        guard let chosen else { return 0 }
        var walk = PageWalk(
            pages: pages, lastPage: chosen.meta.lastPage, extent: extent, progress: progress)
        try walk.checkFreePages(chosen.meta.free, describedOn: chosen.number)
        try walk.checkTables(chosen.meta.main, describedOn: chosen.number)
        return walk.pagesRead
    }

    /// Checks the two meta pages of the file in `directory`, before LMDB reads them.
    ///
    /// An absent or empty file is sound: LMDB makes a new one.
    public static func checkMetaPages(in directory: String) throws(PageCheckError) {
        let path = directory + "/data.mdb"
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let source = try PageSource(
            descriptor: descriptor, path: path, pageSize: Int(sysconf(Int32(_SC_PAGESIZE))))
        guard source.fileByteCount > 0 else { return }
        // A writer may commit between the two reads; not so often in a row.
        for _ in 0..<8 {
            if try transactionsAreSound(source) { return }
        }
        throw .fault(PageFault(page: 0, reason: .meta, key: nil))
    }

    /// Whether the meta pages stand for successive commits: commit n is written to page n mod 2,
    /// and both begin at 0.
    private static func transactionsAreSound(_ source: PageSource) throws(PageCheckError) -> Bool {
        var transactions: [Int] = []
        for number in 0..<2 {
            guard source.holds(number) else {
                throw .fault(PageFault(page: number, reason: .outside, key: nil))
            }
            guard let meta = MetaImage(try source.read(number), number: number),
                meta.pageSize == source.pageSize, meta.free.flags == MDB_INTEGERKEY,
                meta.main.flags == 0, (1..<1 << 40).contains(meta.lastPage)
            else { throw .fault(PageFault(page: number, reason: .meta, key: nil)) }
            transactions.append(meta.transaction)
        }
        let (even, odd) = (transactions[0], transactions[1])
        return even == 0 && odd == 0 || even % 2 == 0 && (even &- odd).magnitude == 1
    }
}
