// MARK: - Configuration (R2.2)

extension Market {
    mutating func applyConfiguration(_ change: ConfigurationChange, at time: Timestamp) {
        for attribute in change.attributes { schema.define(attribute) }
        if decides { book.follow(schema) }
        for payee in change.payees {
            if let number = payeeNumbers[payee.name] {
                payees[number.index].title = payee.definition
            } else {
                payeeNumbers[payee.name] = PayeeNumber(index: payees.count)
                payees.append(Payee(name: payee.name, title: payee.definition))
                ledger.openPayeeAccount()
            }
        }
        for channel in change.channels {
            if let number = channelNumbers[channel.name] {
                channels[number.index].definition = channel.definition
            } else {
                channelNumbers[channel.name] = ChannelNumber(index: channels.count)
                channels.append(Channel(name: channel.name, definition: channel.definition))
                ledger.openChannelAccount()
            }
        }
        for category in change.categories {
            if let number = categoryNumbers[category.name] {
                categories[number.index].redefine(category.definition)
            } else {
                categoryNumbers[category.name] = CategoryNumber(index: categories.count)
                categories.append(Category(name: category.name, definition: category.definition))
            }
        }
        if let settings = change.settings { self.settings = settings }
        categoryOrder = orderOfCategories()
        followRankLists()
        wakeOrders(of: change.categories.compactMap { categoryNumbers[$0.name] })
        for id in waiting { requalify(id, at: time) }
        if !change.attributes.isEmpty || !change.categories.isEmpty { rebuildWaitingIndex() }
    }

    /// Waiting leads follow the newest definitions; one that no category takes any more expires.
    private mutating func requalify(_ id: LeadID, at time: Timestamp) {
        guard let slot = openLeads.slot(of: id) else { return }
        var lead = openLeads[slot]
        lead.contents.categories = keptCategories(for: lead.attributes)
        openLeads[slot] = lead
        // What is overdue stays due: nobody has offered the lead past that rung yet (R6.4).
        if let pending = lead.pendingAge, pending <= time { return }
        setPendingAge(ofLeadIn: slot, to: nextAgeDue(of: lead, after: time))
        if let former = lead.pendingAge, former != openLeads[slot].pendingAge {
            withdrawDue(.leadAge, of: id.position, at: former)
        }
    }
}
