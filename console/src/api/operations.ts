// Generated from the registry (`npm run generate`): the operations whose names stand in this folder.

export interface Operations {
  'snapshots.list': {
    input: {
      companyId: string
    }
    output: {
      snapshots: ListedSnapshot[]
    }
  }
  'snapshots.create': {
    input: {
      companyId: string
      name: string
      locationId: string
      kinds?: string[]
      assets?: {
        kind: string
        id: string
      }[]
    }
    output: {
      snapshot: Snapshot
    }
  }
  'snapshots.preview': {
    input: {
      companyId: string
      locationId: string
      kinds?: string[]
      assets?: {
        kind: string
        id: string
      }[]
      dependency?: boolean
      limit?: number
      after?: string
    }
    output: {
      total: number
      dependencies: number
      counts: Record<string, number>
      assets: SelectedAsset[]
      after: string | null
    }
  }
  'snapshots.get': {
    input: {
      companyId: string
      snapshotId: string
      version?: number
    }
    output: {
      snapshot: Snapshot
    }
  }
  'snapshots.delete': {
    input: {
      companyId: string
      snapshotId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'snapshots.refresh': {
    input: {
      companyId: string
      snapshotId: string
    }
    output: {
      snapshot: Snapshot
    }
  }
  'snapshots.assets': {
    input: {
      companyId: string
      snapshotId: string
      version?: number
      kind?: string
      limit?: number
      after?: string
    }
    output: {
      assets: SnapshotEntry[]
      after: string | null
    }
  }
  'snapshots.asset': {
    input: {
      companyId: string
      snapshotId: string
      kind: string
      lineage: string
      version?: number
    }
    output: {
      asset: SnapshotAsset
    }
  }
  'snapshots.diff': {
    input: {
      companyId: string
      snapshotId: string
      from?: number
      to?: number
      version?: number
      locationId?: string
      asset?: string
    }
    output: {
      diff: Diff
      documents?: {
        before: {
          [name: string]: unknown
        } | null
        after: {
          [name: string]: unknown
        } | null
      }
    }
  }
  'snapshots.drift': {
    input: {
      companyId: string
      snapshotId: string
      locationId?: string
      query?: string
      sort?: "name" | "assets"
      order?: "asc" | "desc"
      limit?: number
      after?: string
    }
    output: {
      drift: Drift[]
      total: number
      totalAssets: number
      after: string | null
    }
  }
  'snapshots.importFile': {
    input: {
      companyId: string
      archive: Record<string, unknown>
    }
    output: {
      snapshot: Snapshot
    }
  }
  'snapshots.versions': {
    input: {
      companyId: string
      snapshotId: string
    }
    output: {
      versions: SnapshotVersion[]
    }
  }
  'snapshots.describeVersion': {
    input: {
      companyId: string
      snapshotId: string
      version: number
      name?: string | null
      note?: string | null
    }
    output: {
      version: SnapshotVersion
    }
  }
  'pushes.list': {
    input: {
      companyId: string
      snapshotId?: string
      locationId?: string
      status?: "pending" | "processing" | "completed" | "partial" | "failed" | "cancelled" | "rolled_back"
      from?: string
      to?: string
      limit?: number
      after?: string
    }
    output: {
      pushes: Push[]
      after: string | null
    }
  }
  'pushes.get': {
    input: {
      companyId: string
      pushId: string
    }
    output: {
      push: Push
    }
  }
  'pushes.targets': {
    input: {
      companyId: string
      pushId: string
      status?: "pending" | "processing" | "completed" | "partial" | "failed" | "cancelled" | "rolled_back"
      outcome?: "created" | "updated" | "merged" | "unchanged" | "kept" | "conflict" | "ambiguous" | "deleted" | "released" | "skipped" | "failed"
      query?: string
      sort?: "name"
      limit?: number
      after?: string
    }
    output: {
      targets: PushTarget[]
      after: string | null
    }
  }
  'pushes.target': {
    input: {
      companyId: string
      pushId: string
      locationId: string
      outcome?: "created" | "updated" | "merged" | "unchanged" | "kept" | "conflict" | "ambiguous" | "deleted" | "released" | "skipped" | "failed"
      kind?: string
    }
    output: {
      target: PushTargetInFull
    }
  }
  'pushes.events': {
    input: {
      companyId: string
      pushId: string
    }
    output: 'stream'
  }
  'snapshots.plan': {
    input: {
      companyId: string
      snapshotId: string
      locationIds: string[] | "all"
      filter?: {
        query?: string
        snapshotId?: string
        state?: "running" | "failed" | "drifted" | "behind" | "current" | "none"
        hasBroken?: boolean
      }
      except?: string[]
      version?: number
      policy?: "merge" | "override" | "skip"
      policies?: Record<string, "merge" | "override" | "skip">
      deletions?: boolean | "all"
      matches?: {
        kind: string
        lineage: string
        locationId?: string
        id: string | null
      }[]
      decisions?: {
        kind: string
        lineage: string
        locationId?: string
        conflict?: string
        path?: string
        take: "source" | "target"
      }[]
      only?: {
        kind: string
        lineage: string
      }[]
      stages?: Record<string, string | null>
      unchanged?: boolean
      limit?: number
      after?: string
      locationId?: string
      query?: string
      kind?: string
      action?: "create" | "update" | "merge" | "unchanged" | "keep" | "conflict" | "ambiguous" | "delete" | "release" | "skip"
    }
    output: {
      plan: Plan
    }
  }
  'snapshots.push': {
    input: {
      companyId: string
      snapshotId: string
      locationIds: string[] | "all"
      filter?: {
        query?: string
        snapshotId?: string
        state?: "running" | "failed" | "drifted" | "behind" | "current" | "none"
        hasBroken?: boolean
      }
      except?: string[]
      version?: number
      policy?: "merge" | "override" | "skip"
      policies?: Record<string, "merge" | "override" | "skip">
      deletions?: boolean | "all"
      matches?: {
        kind: string
        lineage: string
        locationId?: string
        id: string | null
      }[]
      decisions?: {
        kind: string
        lineage: string
        locationId?: string
        conflict?: string
        path?: string
        take: "source" | "target"
      }[]
      only?: {
        kind: string
        lineage: string
      }[]
      stages?: Record<string, string | null>
      planHash?: string
    }
    output: {
      push: Push
    }
  }
  'pushes.cancel': {
    input: {
      companyId: string
      pushId: string
    }
    output: {
      push: Push
    }
  }
  'pushes.retry': {
    input: {
      companyId: string
      pushId: string
    }
    output: {
      push: Push
    }
  }
  'pushes.rollback': {
    input: {
      companyId: string
      pushId: string
      override?: boolean
      only?: {
        kind: string
        lineage: string
      }[]
      preview?: boolean
      planHash?: string
      limit?: number
      after?: string
      locationId?: string
      query?: string
      kind?: string
      action?: "create" | "update" | "merge" | "unchanged" | "keep" | "conflict" | "ambiguous" | "delete" | "release" | "skip"
    }
    output: {
      push: Push
    } | {
      plan: Plan
    }
  }
  'snapshots.conflicts': {
    input: {
      companyId: string
      snapshotId: string
      locationId?: string
      kind?: string
      outcome?: "conflict" | "ambiguous"
      limit?: number
      after?: string
    }
    output: {
      conflicts: Conflict[]
      after: string | null
    }
  }
  'snapshots.settleConflicts': {
    input: {
      companyId: string
      snapshotId: string
      decisions: {
        locationId: string
        kind: string
        lineage: string
        path?: string
        take?: "source" | "target"
        match?: string | null
      }[]
      stages?: Record<string, string | null>
      preview?: boolean
      planHash?: string
      unchanged?: boolean
      limit?: number
      after?: string
      locationId?: string
      query?: string
      kind?: string
      action?: "create" | "update" | "merge" | "unchanged" | "keep" | "conflict" | "ambiguous" | "delete" | "release" | "skip"
    }
    output: {
      push: Push
    } | {
      plan: Plan
    }
  }
  'snapshots.share': {
    input: {
      companyId: string
      snapshot_id: string
      share_type: "link" | "permanent_link" | "agency_link" | "location_link"
      relationship_number?: string
      share_location_id?: string
    }
    output: {
      id: string
      shareLink: string
    }
  }
  'snapshots.shares': {
    input: {
      companyId: string
      snapshotId?: string
    }
    output: {
      shares: Share[]
    }
  }
  'snapshots.revokeShare': {
    input: {
      companyId: string
      shareId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'snapshots.reopenShare': {
    input: {
      companyId: string
      shareId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'snapshots.import': {
    input: {
      companyId: string
      share: string
    }
    output: {
      snapshot: Snapshot
      message?: string
    }
  }
  'fleet.list': {
    input: {
      companyId: string
      query?: string
      snapshotId?: string
      state?: "running" | "failed" | "drifted" | "behind" | "current" | "none"
      hasBroken?: boolean
      sort?: "name" | "state" | "drifted" | "behind" | "broken" | "lastPush" | "lastChange"
      order?: "asc" | "desc"
      broken?: boolean
      skip?: number
      limit?: number
    }
    output: {
      locations: FleetLocation[]
      total: number
      withBroken: number
      totals: {
        running?: number
        failed?: number
        drifted?: number
        behind?: number
        current?: number
        none?: number
      }
    }
  }
  'fleet.changes': {
    input: {
      companyId: string
      locationId?: string
      kind?: string
      limit?: number
      after?: string
    }
    output: {
      changes: RecentChanges[]
      after: string | null
    }
  }
  'fleet.compare': {
    input: {
      companyId: string
      locationIds: string[]
      asset?: string
    }
    output: {
      diff: Diff
      documents?: {
        before: {
          [name: string]: unknown
        } | null
        after: {
          [name: string]: unknown
        } | null
      }
    }
  }
  'locations.get': {
    input: {
      locationId: string
    }
    output: {
      location: Location
      traceId: string
    }
  }
  'locations.create': {
    input: {
      companyId?: string
      locationId?: string
      location_id?: string
      name: string
      phone?: string
      address?: string
      city?: string
      state?: string
      country?: string
      postalCode?: string
      website?: string
      timezone?: string
      prospectInfo?: {
        firstName: string
        lastName: string
        email: string
      }
      settings?: {
        allowDuplicateContact?: boolean
        allowDuplicateOpportunity?: boolean
        allowFacebookNameMerge?: boolean
        disableContactTimezone?: boolean
        contactUniqueIdentifiers?: unknown
        crmSettings?: unknown
        saasSettings?: unknown
      }
      social?: {
        facebookUrl?: string
        googlePlus?: string
        linkedIn?: string
        foursquare?: string
        twitter?: string
        yelp?: string
        instagram?: string
        youtube?: string
        pinterest?: string
        blogRss?: string
        googlePlacesId?: string
      }
      twilio?: {
        sid: string
        authToken: string
      }
      mailgun?: {
        apiKey: string
        domain: string
      }
      snapshotId?: string
    }
    output: PushedLocation | {
      id: string
      created: boolean
      location: Location
    }
  }
  'locations.brokenReferences': {
    input: {
      locationId: string
    }
    output: {
      brokenReferences: BrokenReference[]
    }
  }
  'locations.search': {
    input: {
      companyId?: string
      skip?: number
      limit?: number
      order?: "asc" | "desc"
      email?: string
      query?: string
    }
    output: {
      locations: Location[]
      total: number
    }
  }
  'locations.assets': {
    input: {
      locationId: string
      kind?: string
      query?: string
      skip?: number
      limit?: number
    }
    output: {
      assets: ListedAsset[]
      total: number
      counts: Record<string, number>
    }
  }
  'locations.asset': {
    input: {
      locationId: string
      kind: string
      assetId: string
      change?: string
    }
    output: {
      asset: AssetState
    }
  }
  'locations.assetDiff': {
    input: {
      locationId: string
      kind: string
      assetId: string
      from?: string
      to?: string
    }
    output: {
      fields: {
        path: string
        before?: unknown
        after?: unknown
      }[]
    }
  }
  'locations.assetUsage': {
    input: {
      locationId: string
      kind: string
      assetId: string
    }
    output: {
      assets: ReferringAsset[]
      records: RecordsOnAsset[]
    }
  }
  'locations.assetHistory': {
    input: {
      locationId: string
      kind: string
      assetId: string
      limit?: number
      before?: string
    }
    output: {
      history: AssetChange[]
    }
  }
  'records.history': {
    input: {
      locationId: string
      kind: string
      recordId: string
      limit?: number
      before?: string
    }
    output: {
      history: RecordChange[]
    }
  }
  'customFields.list': {
    input: {
      locationId: string
      model?: "contact" | "opportunity" | "all"
    }
    output: {
      customFields: CustomField[]
    }
  }
  'contacts.get': {
    input: {
      contactId: string
    }
    output: {
      contact: Contact
    }
  }
  'contacts.search': {
    input: {
      locationId?: string
      pageLimit: number
      page?: number
      searchAfter?: unknown[]
      filters?: unknown[]
      sort?: {
        field: "dateAdded" | "dateUpdated" | "firstName" | "lastName" | "companyName" | "city" | "state" | "country" | "postalCode" | "website" | "source" | "timezone" | "type" | "gender" | "assignedTo" | "businessId" | "email" | "phone" | "address1" | "dateOfBirth" | "dnd" | "firstNameLowerCase" | "lastNameLowerCase" | "businessName"
        direction?: "asc" | "desc"
      }[]
      query?: string
    }
    output: {
      contacts: FoundContact[]
      total: number
      traceId: string
    }
  }
  'businesses.list': {
    input: {
      locationId: string
      limit?: number
      skip?: number
    }
    output: {
      businesses: Business[]
    }
  }
  'businesses.get': {
    input: {
      businessId: string
    }
    output: {
      business: Business
    }
  }
  'opportunities.searchAdvanced': {
    input: {
      locationId: string
      query?: string
      limit?: number
      page?: number
      searchAfter?: unknown[]
      filters?: unknown[]
      sort?: {
        field: "dateAdded" | "date_added" | "createdAt" | "created_at" | "dateUpdated" | "date_updated" | "updatedAt" | "updated_at" | "monetaryValue" | "monetary_value" | "name" | "status" | "source" | "lastStatusChangeAt" | "last_status_change_at" | "lastStageChangeAt" | "last_stage_change_at" | "lastStatusChangeDate" | "last_status_change_date" | "lastStageChangeDate" | "last_stage_change_date"
        direction?: "asc" | "desc"
      }[]
      additionalDetails?: {
        notes?: boolean
        tasks?: boolean
        calendarEvents?: boolean
        unReadConversations?: boolean
      }
    }
    output: {
      opportunities: FoundOpportunity[]
      total: number
      aggregations: {
        [name: string]: unknown
      }
    }
  }
  'opportunities.get': {
    input: {
      id: string
    }
    output: {
      opportunity: Opportunity
    }
  }
  'pipelines.list': {
    input: {
      locationId: string
    }
    output: {
      pipelines: Pipeline[]
    }
  }
  'users.search': {
    input: {
      companyId?: string
      query?: string
      skip?: number
      limit?: number
      locationId?: string
      type?: "account" | "agency"
      role?: "admin" | "user"
      ids?: string
      sort?: "dateAdded" | "dateUpdated" | "firstName" | "lastName" | "email"
      sortDirection?: "asc" | "desc"
      enabled2waySync?: boolean
    }
    output: {
      users: User[]
      count: number
    }
  }
  'users.get': {
    input: {
      userId: string
    }
    output: User
  }
  'conversations.search': {
    input: {
      locationId: string
      contactId?: string
      assignedTo?: string
      followers?: string
      mentions?: string
      query?: string
      sort?: "asc" | "desc"
      sortBy?: "last_manual_message_date" | "last_message_date" | "score_profile" | "overdue_at" | "due_at"
      startAfterDate?: string | string[]
      id?: string
      limit?: number
      lastMessageType?: "TYPE_CALL" | "TYPE_SMS" | "TYPE_EMAIL" | "TYPE_SMS_REVIEW_REQUEST" | "TYPE_WEBCHAT" | "TYPE_SMS_NO_SHOW_REQUEST" | "TYPE_CAMPAIGN_SMS" | "TYPE_CAMPAIGN_CALL" | "TYPE_CAMPAIGN_EMAIL" | "TYPE_CAMPAIGN_VOICEMAIL" | "TYPE_FACEBOOK" | "TYPE_CAMPAIGN_FACEBOOK" | "TYPE_CAMPAIGN_MANUAL_CALL" | "TYPE_CAMPAIGN_MANUAL_SMS" | "TYPE_GMB" | "TYPE_CAMPAIGN_GMB" | "TYPE_REVIEW" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_CUSTOM_SMS" | "TYPE_CUSTOM_EMAIL" | "TYPE_CUSTOM_PROVIDER_SMS" | "TYPE_CUSTOM_PROVIDER_EMAIL" | "TYPE_IVR_CALL" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_LIVE_CHAT_INFO_MESSAGE" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_FACEBOOK_COMMENT" | "TYPE_INSTAGRAM_COMMENT" | "TYPE_CUSTOM_CALL" | "TYPE_INTERNAL_COMMENT" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_RCS" | "TYPE_TIKTOK" | "TYPE_TIKTOK_COMMENT" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION" | "TYPE_SMS_REACTION"
      lastMessageAction?: "automated" | "manual"
      lastMessageDirection?: "inbound" | "outbound"
      status?: "all" | "read" | "unread" | "starred" | "recents"
      sortScoreProfile?: string
      scoreProfile?: string
      scoreProfileMin?: number
      scoreProfileMax?: number
      startDate?: number
      endDate?: number
    }
    output: {
      conversations: FoundConversation[]
      total: number
    }
  }
  'conversations.get': {
    input: {
      conversationId: string
    }
    output: {
      id: string
      locationId: string
      contactId: string
      type: number
      assignedTo?: string
      deleted: boolean
      inbox: boolean
      starred: boolean
      unreadCount: number
      feedback?: string | Record<string, unknown>
      lastMessageBody?: string
      lastMessageDate: string
      lastMessageType?: "TYPE_CALL" | "TYPE_SMS" | "TYPE_EMAIL" | "TYPE_SMS_REVIEW_REQUEST" | "TYPE_WEBCHAT" | "TYPE_SMS_NO_SHOW_REQUEST" | "TYPE_CAMPAIGN_SMS" | "TYPE_CAMPAIGN_CALL" | "TYPE_CAMPAIGN_EMAIL" | "TYPE_CAMPAIGN_VOICEMAIL" | "TYPE_FACEBOOK" | "TYPE_CAMPAIGN_FACEBOOK" | "TYPE_CAMPAIGN_MANUAL_CALL" | "TYPE_CAMPAIGN_MANUAL_SMS" | "TYPE_GMB" | "TYPE_CAMPAIGN_GMB" | "TYPE_REVIEW" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_CUSTOM_SMS" | "TYPE_CUSTOM_EMAIL" | "TYPE_CUSTOM_PROVIDER_SMS" | "TYPE_CUSTOM_PROVIDER_EMAIL" | "TYPE_IVR_CALL" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_LIVE_CHAT_INFO_MESSAGE" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_FACEBOOK_COMMENT" | "TYPE_INSTAGRAM_COMMENT" | "TYPE_CUSTOM_CALL" | "TYPE_INTERNAL_COMMENT" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_RCS" | "TYPE_TIKTOK" | "TYPE_TIKTOK_COMMENT" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION" | "TYPE_SMS_REACTION"
      lastMessageDirection?: "inbound" | "outbound"
      dateAdded: string
      dateUpdated: string
      messageTypes: number[]
      isLastMessageInternalComment: boolean
    }
  }
  'messages.list': {
    input: {
      conversationId: string
      lastMessageId?: string
      limit?: number
      type?: string
    }
    output: {
      messages: {
        lastMessageId: string
        nextPage: boolean
        messages: Message[]
      }
      lastMessageId: string
      nextPage: boolean
    }
  }
  'calendars.list': {
    input: {
      locationId: string
      groupId?: string
      showDrafted?: boolean
    }
    output: {
      calendars: Calendar[]
    }
  }
  'appointments.get': {
    input: {
      eventId: string
    }
    output: {
      event: CalendarEvent
      appointment: CalendarEvent
    }
  }
  'calendarEvents.list': {
    input: {
      locationId: string
      userId?: string
      calendarId?: string
      groupId?: string
      startTime: string
      endTime: string
    }
    output: {
      events: CalendarEvent[]
    }
  }
  'records.restore': {
    input: {
      locationId: string
      kind: string
      recordId: string
    }
    output: {
      id: string
      restored: boolean
    }
  }
  'invoices.list': {
    input: {
      locationId: string
      query?: string
      status?: "draft" | "sent" | "viewed" | "partially_paid" | "paid" | "overdue" | "void" | "refunded" | "cancelled"
      contactId?: string
      limit?: number
      skip?: number
    }
    output: {
      invoices: Invoice[]
      total: number
    }
  }
  'invoices.get': {
    input: {
      invoiceId: string
    }
    output: {
      invoice: Invoice
    }
  }
  'journals.subscriptions': {
    input: {
      companyId: string
      locationId?: string
      appId?: string
      limit?: number
      after?: number
    }
    output: {
      subscriptions: PlacedJournalSubscription[]
      after: string | null
    }
  }
  'journals.readers': {
    input: {
      companyId: string
      locationId?: string
      appId?: string
      limit?: number
      skip?: number
    }
    output: {
      readers: JournalReader[]
    }
  }
  'records.takeSnapshots': {
    input: {
      locationId: string
      kind: string
      recordIds: string[]
      appId?: string
      asOf?: string
    }
    output: {
      snapshotId: string
      appId: string
    }
  }
  'records.snapshots': {
    input: {
      locationId: string
      snapshotId: string
    }
    output: {
      snapshot: RecordSnapshots
    }
  }
  'webhooks.create': {
    input: {
      locationId?: string
      appId?: string
      name: string
      url: string
      events?: {
        type: "ContactCreate" | "ContactUpdate" | "ContactDelete" | "ContactTagUpdate" | "ContactDndUpdate" | "NoteCreate" | "NoteUpdate" | "NoteDelete" | "TaskCreate" | "TaskComplete" | "TaskDelete" | "CampaignStatusUpdate" | "UserCreate" | "OpportunityCreate" | "OpportunityUpdate" | "OpportunityDelete" | "OpportunityStatusUpdate" | "OpportunityStageUpdate" | "OpportunityMonetaryValueUpdate" | "OpportunityAssignedToUpdate" | "AppointmentCreate" | "AppointmentUpdate" | "AppointmentDelete" | "InvoiceCreate" | "InvoiceUpdate" | "InvoiceDelete" | "InvoiceSent" | "InvoicePaid" | "InvoicePartiallyPaid" | "InvoiceVoid" | "InboundMessage" | "OutboundMessage" | "ProviderOutboundMessage" | "ConversationUnreadUpdate" | "RecordCreate" | "RecordUpdate" | "RecordDelete" | "AssociationCreate" | "AssociationUpdate" | "AssociationDelete" | "RelationCreate" | "RelationDelete" | "ObjectSchemaCreate" | "ObjectSchemaUpdate" | "INSTALL" | "UNINSTALL" | "LocationCreate" | "LocationUpdate"
        fields?: string[]
      }[]
      ordered?: boolean
    }
    output: {
      webhook: Webhook
      secret: string
    }
  }
  'webhooks.list': {
    input: {
      locationId?: string
      appId?: string
    }
    output: {
      webhooks: Webhook[]
    }
  }
  'webhooks.listAll': {
    input: {
      companyId: string
      query?: string
      enabled?: boolean
      limit?: number
      after?: string
    }
    output: {
      webhooks: PlacedWebhook[]
      after: string | null
    }
  }
  'webhooks.publicKey': {
    input: Record<string, unknown>
    output: {
      base64: string
      pem: string
      standardWebhooks: string
      keys: WebhookPublicKey[]
    }
  }
  'webhooks.get': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
    }
    output: {
      webhook: Webhook
    }
  }
  'webhooks.update': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
      name?: string
      url?: string
      events?: {
        type: "ContactCreate" | "ContactUpdate" | "ContactDelete" | "ContactTagUpdate" | "ContactDndUpdate" | "NoteCreate" | "NoteUpdate" | "NoteDelete" | "TaskCreate" | "TaskComplete" | "TaskDelete" | "CampaignStatusUpdate" | "UserCreate" | "OpportunityCreate" | "OpportunityUpdate" | "OpportunityDelete" | "OpportunityStatusUpdate" | "OpportunityStageUpdate" | "OpportunityMonetaryValueUpdate" | "OpportunityAssignedToUpdate" | "AppointmentCreate" | "AppointmentUpdate" | "AppointmentDelete" | "InvoiceCreate" | "InvoiceUpdate" | "InvoiceDelete" | "InvoiceSent" | "InvoicePaid" | "InvoicePartiallyPaid" | "InvoiceVoid" | "InboundMessage" | "OutboundMessage" | "ProviderOutboundMessage" | "ConversationUnreadUpdate" | "RecordCreate" | "RecordUpdate" | "RecordDelete" | "AssociationCreate" | "AssociationUpdate" | "AssociationDelete" | "RelationCreate" | "RelationDelete" | "ObjectSchemaCreate" | "ObjectSchemaUpdate" | "INSTALL" | "UNINSTALL" | "LocationCreate" | "LocationUpdate"
        fields?: string[]
      }[]
      ordered?: boolean
      enabled?: boolean
    }
    output: {
      webhook: Webhook
    }
  }
  'webhooks.delete': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
    }
    output: {
      deleted: boolean
      id: string
    }
  }
  'webhooks.rotateSecret': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
      overlapSeconds?: number
    }
    output: {
      webhook: Webhook
      secret: string
    }
  }
  'webhooks.test': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
    }
    output: {
      delivery: WebhookDelivery
    }
  }
  'webhooks.deliveries': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
      state?: "waiting" | "delivered" | "failed"
      type?: "ContactCreate" | "ContactUpdate" | "ContactDelete" | "ContactTagUpdate" | "ContactDndUpdate" | "NoteCreate" | "NoteUpdate" | "NoteDelete" | "TaskCreate" | "TaskComplete" | "TaskDelete" | "CampaignStatusUpdate" | "UserCreate" | "OpportunityCreate" | "OpportunityUpdate" | "OpportunityDelete" | "OpportunityStatusUpdate" | "OpportunityStageUpdate" | "OpportunityMonetaryValueUpdate" | "OpportunityAssignedToUpdate" | "AppointmentCreate" | "AppointmentUpdate" | "AppointmentDelete" | "InvoiceCreate" | "InvoiceUpdate" | "InvoiceDelete" | "InvoiceSent" | "InvoicePaid" | "InvoicePartiallyPaid" | "InvoiceVoid" | "InboundMessage" | "OutboundMessage" | "ProviderOutboundMessage" | "ConversationUnreadUpdate" | "RecordCreate" | "RecordUpdate" | "RecordDelete" | "AssociationCreate" | "AssociationUpdate" | "AssociationDelete" | "RelationCreate" | "RelationDelete" | "ObjectSchemaCreate" | "ObjectSchemaUpdate" | "INSTALL" | "UNINSTALL" | "LocationCreate" | "LocationUpdate" | "WebhookTest"
      since?: string
      limit?: number
      after?: string
    }
    output: {
      deliveries: WebhookDelivery[]
      after: string | null
    }
  }
  'webhooks.countDeliveries': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
      type?: "ContactCreate" | "ContactUpdate" | "ContactDelete" | "ContactTagUpdate" | "ContactDndUpdate" | "NoteCreate" | "NoteUpdate" | "NoteDelete" | "TaskCreate" | "TaskComplete" | "TaskDelete" | "CampaignStatusUpdate" | "UserCreate" | "OpportunityCreate" | "OpportunityUpdate" | "OpportunityDelete" | "OpportunityStatusUpdate" | "OpportunityStageUpdate" | "OpportunityMonetaryValueUpdate" | "OpportunityAssignedToUpdate" | "AppointmentCreate" | "AppointmentUpdate" | "AppointmentDelete" | "InvoiceCreate" | "InvoiceUpdate" | "InvoiceDelete" | "InvoiceSent" | "InvoicePaid" | "InvoicePartiallyPaid" | "InvoiceVoid" | "InboundMessage" | "OutboundMessage" | "ProviderOutboundMessage" | "ConversationUnreadUpdate" | "RecordCreate" | "RecordUpdate" | "RecordDelete" | "AssociationCreate" | "AssociationUpdate" | "AssociationDelete" | "RelationCreate" | "RelationDelete" | "ObjectSchemaCreate" | "ObjectSchemaUpdate" | "INSTALL" | "UNINSTALL" | "LocationCreate" | "LocationUpdate" | "WebhookTest"
      since?: string
    }
    output: {
      waiting: number
      delivered: number
      failed: number
    }
  }
  'webhooks.delivery': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
      deliveryId: string
    }
    output: {
      delivery: WholeWebhookDelivery
    }
  }
  'webhooks.replay': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
      deliveryId: string
    }
    output: {
      replayed: number
    }
  }
  'webhooks.replayFailed': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
    }
    output: {
      replayed: number
    }
  }
  'webhooks.replaySince': {
    input: {
      locationId?: string
      appId?: string
      webhookId: string
      since: string
    }
    output: {
      replayed: number
    }
  }
  'connections.create': {
    input: {
      locationId?: string
      name: string
      way: "hook" | "file" | "mail" | "poll"
      definition: {
        source: {
          items?: string
          verify?: {
            kind: "address"
          } | {
            kind: "standard"
            toleranceS?: number
          } | {
            kind: "hmac"
            algorithm: "sha256" | "sha512" | "sha1"
            header: string
            encoding: "hex" | "base64" | "base64url"
            prefix?: string
            signed?: string
            timestamp?: {
              header: string
              prefix?: string
              toleranceS: number
            }
            idHeader?: string
          } | {
            kind: "ed25519"
            header: string
            encoding: "hex" | "base64" | "base64url"
            prefix?: string
            signed?: string
            timestamp?: {
              header: string
              prefix?: string
              toleranceS: number
            }
            idHeader?: string
          }
          poll?: {
            url: string
            headers?: Record<string, string>
            items?: string
            paging: {
              style: "none"
            } | {
              style: "page"
              parameter: string
              first?: number
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "offset"
              parameter: string
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "cursor"
              parameter: string
              path: string
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "link"
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "url"
              path: string
              size?: {
                parameter: string
                value: number
              }
            }
            since?: {
              parameter: string
              format: "iso" | "seconds" | "milliseconds" | "date"
            }
            authorisation: {
              kind: "none"
            } | {
              kind: "key"
              in: "header" | "query"
              name: string
              prefix?: string
            } | {
              kind: "basic"
            } | {
              kind: "bearer"
            } | {
              kind: "oauth"
              grant: "client_credentials" | "refresh_token"
              tokenUrl: string
              scope?: string
              clientIn?: "header" | "body"
            } | {
              kind: "oauth"
              grant: "authorization_code"
              authorizeUrl: string
              tokenUrl: string
              scope?: string
              clientIn?: "header" | "body" | "none"
            } | {
              kind: "oauth"
              grant: "authorization_code"
              issuer: string
              scope?: string
              clientIn?: "header" | "body" | "none"
            }
          }
          csv?: {
            delimiter?: "," | ";" | "\t" | "|"
            encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"
            header?: boolean
            columns?: string[]
          }
          everyMinutes?: number
          mail?: {
            senders?: string[]
            subject?: string
            fields: ({
              name: string
              label: string
              required?: boolean
            } | {
              name: string
              pattern: string
              in?: "text" | "subject"
              required?: boolean
            })[]
          }
        }
        mapping: {
          object: "contact" | "invoice" | "location"
          fields: {
            to: string
            from: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            }
            as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
            required?: boolean
            empty?: "leave" | "clear"
            conflicts?: "source" | "ours" | "newest" | "fill"
          }[]
          filters: {
            when: {
              path: string
              is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
              value?: string | number | boolean
            } | {
              expression: string
            }
            reason: string
          }[]
          externalId: {
            path: string
          } | {
            paths: string[]
          } | {
            value: string | number | boolean
          } | {
            lookup: {
              path: string
              table: Record<string, string | number | boolean>
              otherwise?: string | number | boolean
            }
          } | {
            expression: string
          } | null
          keys: ("externalId" | "email" | "phone" | "number" | "name")[]
          conflicts: "source" | "ours" | "newest" | "fill"
          changedAt?: {
            path: string
          } | {
            paths: string[]
          } | {
            value: string | number | boolean
          } | {
            lookup: {
              path: string
              table: Record<string, string | number | boolean>
              otherwise?: string | number | boolean
            }
          } | {
            expression: string
          }
          lines?: {
            from: string
            key: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            } | null
            unless?: {
              path: string
              is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
              value?: string | number | boolean
            } | {
              expression: string
            }
            fields: {
              to: string
              from: {
                path: string
              } | {
                paths: string[]
              } | {
                value: string | number | boolean
              } | {
                lookup: {
                  path: string
                  table: Record<string, string | number | boolean>
                  otherwise?: string | number | boolean
                }
              } | {
                expression: string
              }
              as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
              required?: boolean
              empty?: "leave" | "clear"
              conflicts?: "source" | "ours" | "newest" | "fill"
            }[]
          }
        }
      }
      settings?: {
        retentionDays?: number
        pauseShare?: number
        pauseLeast?: number
        alertUrl?: string | null
      }
    }
    output: {
      connection: Connection
      address: string | null
    }
  }
  'connections.list': {
    input: {
      locationId?: string
    }
    output: {
      connections: Connection[]
    }
  }
  'connections.get': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      connection: WholeConnection
    }
  }
  'connections.update': {
    input: {
      locationId?: string
      connectionId: string
      name?: string
      definition?: {
        source: {
          items?: string
          verify?: {
            kind: "address"
          } | {
            kind: "standard"
            toleranceS?: number
          } | {
            kind: "hmac"
            algorithm: "sha256" | "sha512" | "sha1"
            header: string
            encoding: "hex" | "base64" | "base64url"
            prefix?: string
            signed?: string
            timestamp?: {
              header: string
              prefix?: string
              toleranceS: number
            }
            idHeader?: string
          } | {
            kind: "ed25519"
            header: string
            encoding: "hex" | "base64" | "base64url"
            prefix?: string
            signed?: string
            timestamp?: {
              header: string
              prefix?: string
              toleranceS: number
            }
            idHeader?: string
          }
          poll?: {
            url: string
            headers?: Record<string, string>
            items?: string
            paging: {
              style: "none"
            } | {
              style: "page"
              parameter: string
              first?: number
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "offset"
              parameter: string
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "cursor"
              parameter: string
              path: string
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "link"
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "url"
              path: string
              size?: {
                parameter: string
                value: number
              }
            }
            since?: {
              parameter: string
              format: "iso" | "seconds" | "milliseconds" | "date"
            }
            authorisation: {
              kind: "none"
            } | {
              kind: "key"
              in: "header" | "query"
              name: string
              prefix?: string
            } | {
              kind: "basic"
            } | {
              kind: "bearer"
            } | {
              kind: "oauth"
              grant: "client_credentials" | "refresh_token"
              tokenUrl: string
              scope?: string
              clientIn?: "header" | "body"
            } | {
              kind: "oauth"
              grant: "authorization_code"
              authorizeUrl: string
              tokenUrl: string
              scope?: string
              clientIn?: "header" | "body" | "none"
            } | {
              kind: "oauth"
              grant: "authorization_code"
              issuer: string
              scope?: string
              clientIn?: "header" | "body" | "none"
            }
          }
          csv?: {
            delimiter?: "," | ";" | "\t" | "|"
            encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"
            header?: boolean
            columns?: string[]
          }
          everyMinutes?: number
          mail?: {
            senders?: string[]
            subject?: string
            fields: ({
              name: string
              label: string
              required?: boolean
            } | {
              name: string
              pattern: string
              in?: "text" | "subject"
              required?: boolean
            })[]
          }
        }
        mapping: {
          object: "contact" | "invoice" | "location"
          fields: {
            to: string
            from: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            }
            as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
            required?: boolean
            empty?: "leave" | "clear"
            conflicts?: "source" | "ours" | "newest" | "fill"
          }[]
          filters: {
            when: {
              path: string
              is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
              value?: string | number | boolean
            } | {
              expression: string
            }
            reason: string
          }[]
          externalId: {
            path: string
          } | {
            paths: string[]
          } | {
            value: string | number | boolean
          } | {
            lookup: {
              path: string
              table: Record<string, string | number | boolean>
              otherwise?: string | number | boolean
            }
          } | {
            expression: string
          } | null
          keys: ("externalId" | "email" | "phone" | "number" | "name")[]
          conflicts: "source" | "ours" | "newest" | "fill"
          changedAt?: {
            path: string
          } | {
            paths: string[]
          } | {
            value: string | number | boolean
          } | {
            lookup: {
              path: string
              table: Record<string, string | number | boolean>
              otherwise?: string | number | boolean
            }
          } | {
            expression: string
          }
          lines?: {
            from: string
            key: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            } | null
            unless?: {
              path: string
              is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
              value?: string | number | boolean
            } | {
              expression: string
            }
            fields: {
              to: string
              from: {
                path: string
              } | {
                paths: string[]
              } | {
                value: string | number | boolean
              } | {
                lookup: {
                  path: string
                  table: Record<string, string | number | boolean>
                  otherwise?: string | number | boolean
                }
              } | {
                expression: string
              }
              as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
              required?: boolean
              empty?: "leave" | "clear"
              conflicts?: "source" | "ours" | "newest" | "fill"
            }[]
          }
        }
      }
      settings?: {
        retentionDays?: number
        pauseShare?: number
        pauseLeast?: number
        alertUrl?: string | null
      }
      revision?: string
    }
    output: {
      connection: WholeConnection
    }
  }
  'connections.delete': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      deleted: boolean
      id: string
    }
  }
  'connections.setSecrets': {
    input: {
      locationId?: string
      connectionId: string
      secrets: Record<string, string | null>
    }
    output: {
      connection: WholeConnection
    }
  }
  'connections.rotateAddress': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      connection: Connection
      address: string | null
    }
  }
  'connections.listAll': {
    input: {
      companyId: string
      locationId?: string
      own?: boolean
      query?: string
      standing?: "needs_authorisation" | "failing" | "paused" | "live" | "test" | "draft"
      sort?: "name" | "location" | "standing" | "last"
      order?: "asc" | "desc"
      skip?: number
      limit?: number
    }
    output: {
      connections: PlacedConnection[]
      total: number
      totals: {
        needs_authorisation?: number
        failing?: number
        paused?: number
        live?: number
        test?: number
        draft?: number
      }
    }
  }
  'connections.collect': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      connection: Connection
    }
  }
  'connections.deploy': {
    input: {
      locationId?: string
      connectionId: string
      version?: number
    }
    output: {
      connection: Connection
    }
  }
  'connections.pause': {
    input: {
      locationId?: string
      connectionId: string
      reason?: string
    }
    output: {
      connection: Connection
    }
  }
  'connections.resume': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      connection: Connection
    }
  }
  'connections.authorise': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      address: string
      endsAt: string
    }
  }
  'connections.acceptAuthorisation': {
    input: {
      locationId?: string
      connectionId: string
      server: string
      state: string
      code?: string
      error?: string
      iss?: string
    }
    output: {
      outcome: "authorised" | "denied" | "refused" | "unknown" | "elsewhere" | "used" | "expired" | "changed"
      message: string
      connection: WholeConnection
    }
  }
  'connections.disconnect': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      connection: WholeConnection
      revoked: boolean
    }
  }
  'connections.versions': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      versions: ConnectionVersion[]
    }
  }
  'connections.diff': {
    input: {
      locationId?: string
      connectionId: string
      from: number
      to: number
    }
    output: {
      fields: {
        path: string
        before?: unknown
        after?: unknown
      }[]
    }
  }
  'connections.rollback': {
    input: {
      locationId?: string
      connectionId: string
      version: number
      revision?: string
    }
    output: {
      connection: WholeConnection
    }
  }
  'connections.export': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      document: {
        format: "tintype-connection/1"
        name: string
        way: "hook" | "file" | "mail" | "poll"
        settings: {
          retentionDays?: number
          pauseShare?: number
          pauseLeast?: number
          alertUrl?: string | null
        }
        definition: {
          source: {
            items?: string
            verify?: {
              kind: "address"
            } | {
              kind: "standard"
              toleranceS?: number
            } | {
              kind: "hmac"
              algorithm: "sha256" | "sha512" | "sha1"
              header: string
              encoding: "hex" | "base64" | "base64url"
              prefix?: string
              signed?: string
              timestamp?: {
                header: string
                prefix?: string
                toleranceS: number
              }
              idHeader?: string
            } | {
              kind: "ed25519"
              header: string
              encoding: "hex" | "base64" | "base64url"
              prefix?: string
              signed?: string
              timestamp?: {
                header: string
                prefix?: string
                toleranceS: number
              }
              idHeader?: string
            }
            poll?: {
              url: string
              headers?: Record<string, string>
              items?: string
              paging: {
                style: "none"
              } | {
                style: "page"
                parameter: string
                first?: number
                size?: {
                  parameter: string
                  value: number
                }
              } | {
                style: "offset"
                parameter: string
                size?: {
                  parameter: string
                  value: number
                }
              } | {
                style: "cursor"
                parameter: string
                path: string
                size?: {
                  parameter: string
                  value: number
                }
              } | {
                style: "link"
                size?: {
                  parameter: string
                  value: number
                }
              } | {
                style: "url"
                path: string
                size?: {
                  parameter: string
                  value: number
                }
              }
              since?: {
                parameter: string
                format: "iso" | "seconds" | "milliseconds" | "date"
              }
              authorisation: {
                kind: "none"
              } | {
                kind: "key"
                in: "header" | "query"
                name: string
                prefix?: string
              } | {
                kind: "basic"
              } | {
                kind: "bearer"
              } | {
                kind: "oauth"
                grant: "client_credentials" | "refresh_token"
                tokenUrl: string
                scope?: string
                clientIn?: "header" | "body"
              } | {
                kind: "oauth"
                grant: "authorization_code"
                authorizeUrl: string
                tokenUrl: string
                scope?: string
                clientIn?: "header" | "body" | "none"
              } | {
                kind: "oauth"
                grant: "authorization_code"
                issuer: string
                scope?: string
                clientIn?: "header" | "body" | "none"
              }
            }
            csv?: {
              delimiter?: "," | ";" | "\t" | "|"
              encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"
              header?: boolean
              columns?: string[]
            }
            everyMinutes?: number
            mail?: {
              senders?: string[]
              subject?: string
              fields: ({
                name: string
                label: string
                required?: boolean
              } | {
                name: string
                pattern: string
                in?: "text" | "subject"
                required?: boolean
              })[]
            }
          }
          mapping: {
            object: "contact" | "invoice" | "location"
            fields: {
              to: string
              from: {
                path: string
              } | {
                paths: string[]
              } | {
                value: string | number | boolean
              } | {
                lookup: {
                  path: string
                  table: Record<string, string | number | boolean>
                  otherwise?: string | number | boolean
                }
              } | {
                expression: string
              }
              as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
              required?: boolean
              empty?: "leave" | "clear"
              conflicts?: "source" | "ours" | "newest" | "fill"
            }[]
            filters: {
              when: {
                path: string
                is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
                value?: string | number | boolean
              } | {
                expression: string
              }
              reason: string
            }[]
            externalId: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            } | null
            keys: ("externalId" | "email" | "phone" | "number" | "name")[]
            conflicts: "source" | "ours" | "newest" | "fill"
            changedAt?: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            }
            lines?: {
              from: string
              key: {
                path: string
              } | {
                paths: string[]
              } | {
                value: string | number | boolean
              } | {
                lookup: {
                  path: string
                  table: Record<string, string | number | boolean>
                  otherwise?: string | number | boolean
                }
              } | {
                expression: string
              } | null
              unless?: {
                path: string
                is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
                value?: string | number | boolean
              } | {
                expression: string
              }
              fields: {
                to: string
                from: {
                  path: string
                } | {
                  paths: string[]
                } | {
                  value: string | number | boolean
                } | {
                  lookup: {
                    path: string
                    table: Record<string, string | number | boolean>
                    otherwise?: string | number | boolean
                  }
                } | {
                  expression: string
                }
                as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
                required?: boolean
                empty?: "leave" | "clear"
                conflicts?: "source" | "ours" | "newest" | "fill"
              }[]
            }
          }
        }
      }
    }
  }
  'connections.import': {
    input: {
      locationId?: string
      document: {
        format: "tintype-connection/1"
        name: string
        way: "hook" | "file" | "mail" | "poll"
        settings: {
          retentionDays?: number
          pauseShare?: number
          pauseLeast?: number
          alertUrl?: string | null
        }
        definition: {
          source: {
            items?: string
            verify?: {
              kind: "address"
            } | {
              kind: "standard"
              toleranceS?: number
            } | {
              kind: "hmac"
              algorithm: "sha256" | "sha512" | "sha1"
              header: string
              encoding: "hex" | "base64" | "base64url"
              prefix?: string
              signed?: string
              timestamp?: {
                header: string
                prefix?: string
                toleranceS: number
              }
              idHeader?: string
            } | {
              kind: "ed25519"
              header: string
              encoding: "hex" | "base64" | "base64url"
              prefix?: string
              signed?: string
              timestamp?: {
                header: string
                prefix?: string
                toleranceS: number
              }
              idHeader?: string
            }
            poll?: {
              url: string
              headers?: Record<string, string>
              items?: string
              paging: {
                style: "none"
              } | {
                style: "page"
                parameter: string
                first?: number
                size?: {
                  parameter: string
                  value: number
                }
              } | {
                style: "offset"
                parameter: string
                size?: {
                  parameter: string
                  value: number
                }
              } | {
                style: "cursor"
                parameter: string
                path: string
                size?: {
                  parameter: string
                  value: number
                }
              } | {
                style: "link"
                size?: {
                  parameter: string
                  value: number
                }
              } | {
                style: "url"
                path: string
                size?: {
                  parameter: string
                  value: number
                }
              }
              since?: {
                parameter: string
                format: "iso" | "seconds" | "milliseconds" | "date"
              }
              authorisation: {
                kind: "none"
              } | {
                kind: "key"
                in: "header" | "query"
                name: string
                prefix?: string
              } | {
                kind: "basic"
              } | {
                kind: "bearer"
              } | {
                kind: "oauth"
                grant: "client_credentials" | "refresh_token"
                tokenUrl: string
                scope?: string
                clientIn?: "header" | "body"
              } | {
                kind: "oauth"
                grant: "authorization_code"
                authorizeUrl: string
                tokenUrl: string
                scope?: string
                clientIn?: "header" | "body" | "none"
              } | {
                kind: "oauth"
                grant: "authorization_code"
                issuer: string
                scope?: string
                clientIn?: "header" | "body" | "none"
              }
            }
            csv?: {
              delimiter?: "," | ";" | "\t" | "|"
              encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"
              header?: boolean
              columns?: string[]
            }
            everyMinutes?: number
            mail?: {
              senders?: string[]
              subject?: string
              fields: ({
                name: string
                label: string
                required?: boolean
              } | {
                name: string
                pattern: string
                in?: "text" | "subject"
                required?: boolean
              })[]
            }
          }
          mapping: {
            object: "contact" | "invoice" | "location"
            fields: {
              to: string
              from: {
                path: string
              } | {
                paths: string[]
              } | {
                value: string | number | boolean
              } | {
                lookup: {
                  path: string
                  table: Record<string, string | number | boolean>
                  otherwise?: string | number | boolean
                }
              } | {
                expression: string
              }
              as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
              required?: boolean
              empty?: "leave" | "clear"
              conflicts?: "source" | "ours" | "newest" | "fill"
            }[]
            filters: {
              when: {
                path: string
                is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
                value?: string | number | boolean
              } | {
                expression: string
              }
              reason: string
            }[]
            externalId: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            } | null
            keys: ("externalId" | "email" | "phone" | "number" | "name")[]
            conflicts: "source" | "ours" | "newest" | "fill"
            changedAt?: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            }
            lines?: {
              from: string
              key: {
                path: string
              } | {
                paths: string[]
              } | {
                value: string | number | boolean
              } | {
                lookup: {
                  path: string
                  table: Record<string, string | number | boolean>
                  otherwise?: string | number | boolean
                }
              } | {
                expression: string
              } | null
              unless?: {
                path: string
                is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
                value?: string | number | boolean
              } | {
                expression: string
              }
              fields: {
                to: string
                from: {
                  path: string
                } | {
                  paths: string[]
                } | {
                  value: string | number | boolean
                } | {
                  lookup: {
                    path: string
                    table: Record<string, string | number | boolean>
                    otherwise?: string | number | boolean
                  }
                } | {
                  expression: string
                }
                as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
                required?: boolean
                empty?: "leave" | "clear"
                conflicts?: "source" | "ours" | "newest" | "fill"
              }[]
            }
          }
        }
      }
    }
    output: {
      connection: Connection
      address: string | null
    }
  }
  'connections.presets': {
    input: Record<string, unknown>
    output: {
      presets: ConnectionPreset[]
    }
  }
  'connections.test': {
    input: {
      locationId?: string
      connectionId: string
    }
    output: {
      reached: boolean
      message: string
      items: unknown[]
    }
  }
  'connections.arrivals': {
    input: {
      locationId?: string
      connectionId: string
      limit?: number
    }
    output: {
      arrivals: ConnectionArrival[]
    }
  }
  'connections.preview': {
    input: {
      locationId?: string
      connectionId: string
      items?: unknown[]
      arrivalId?: string
      definition?: {
        source: {
          items?: string
          verify?: {
            kind: "address"
          } | {
            kind: "standard"
            toleranceS?: number
          } | {
            kind: "hmac"
            algorithm: "sha256" | "sha512" | "sha1"
            header: string
            encoding: "hex" | "base64" | "base64url"
            prefix?: string
            signed?: string
            timestamp?: {
              header: string
              prefix?: string
              toleranceS: number
            }
            idHeader?: string
          } | {
            kind: "ed25519"
            header: string
            encoding: "hex" | "base64" | "base64url"
            prefix?: string
            signed?: string
            timestamp?: {
              header: string
              prefix?: string
              toleranceS: number
            }
            idHeader?: string
          }
          poll?: {
            url: string
            headers?: Record<string, string>
            items?: string
            paging: {
              style: "none"
            } | {
              style: "page"
              parameter: string
              first?: number
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "offset"
              parameter: string
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "cursor"
              parameter: string
              path: string
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "link"
              size?: {
                parameter: string
                value: number
              }
            } | {
              style: "url"
              path: string
              size?: {
                parameter: string
                value: number
              }
            }
            since?: {
              parameter: string
              format: "iso" | "seconds" | "milliseconds" | "date"
            }
            authorisation: {
              kind: "none"
            } | {
              kind: "key"
              in: "header" | "query"
              name: string
              prefix?: string
            } | {
              kind: "basic"
            } | {
              kind: "bearer"
            } | {
              kind: "oauth"
              grant: "client_credentials" | "refresh_token"
              tokenUrl: string
              scope?: string
              clientIn?: "header" | "body"
            } | {
              kind: "oauth"
              grant: "authorization_code"
              authorizeUrl: string
              tokenUrl: string
              scope?: string
              clientIn?: "header" | "body" | "none"
            } | {
              kind: "oauth"
              grant: "authorization_code"
              issuer: string
              scope?: string
              clientIn?: "header" | "body" | "none"
            }
          }
          csv?: {
            delimiter?: "," | ";" | "\t" | "|"
            encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"
            header?: boolean
            columns?: string[]
          }
          everyMinutes?: number
          mail?: {
            senders?: string[]
            subject?: string
            fields: ({
              name: string
              label: string
              required?: boolean
            } | {
              name: string
              pattern: string
              in?: "text" | "subject"
              required?: boolean
            })[]
          }
        }
        mapping: {
          object: "contact" | "invoice" | "location"
          fields: {
            to: string
            from: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            }
            as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
            required?: boolean
            empty?: "leave" | "clear"
            conflicts?: "source" | "ours" | "newest" | "fill"
          }[]
          filters: {
            when: {
              path: string
              is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
              value?: string | number | boolean
            } | {
              expression: string
            }
            reason: string
          }[]
          externalId: {
            path: string
          } | {
            paths: string[]
          } | {
            value: string | number | boolean
          } | {
            lookup: {
              path: string
              table: Record<string, string | number | boolean>
              otherwise?: string | number | boolean
            }
          } | {
            expression: string
          } | null
          keys: ("externalId" | "email" | "phone" | "number" | "name")[]
          conflicts: "source" | "ours" | "newest" | "fill"
          changedAt?: {
            path: string
          } | {
            paths: string[]
          } | {
            value: string | number | boolean
          } | {
            lookup: {
              path: string
              table: Record<string, string | number | boolean>
              otherwise?: string | number | boolean
            }
          } | {
            expression: string
          }
          lines?: {
            from: string
            key: {
              path: string
            } | {
              paths: string[]
            } | {
              value: string | number | boolean
            } | {
              lookup: {
                path: string
                table: Record<string, string | number | boolean>
                otherwise?: string | number | boolean
              }
            } | {
              expression: string
            } | null
            unless?: {
              path: string
              is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
              value?: string | number | boolean
            } | {
              expression: string
            }
            fields: {
              to: string
              from: {
                path: string
              } | {
                paths: string[]
              } | {
                value: string | number | boolean
              } | {
                lookup: {
                  path: string
                  table: Record<string, string | number | boolean>
                  otherwise?: string | number | boolean
                }
              } | {
                expression: string
              }
              as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
              required?: boolean
              empty?: "leave" | "clear"
              conflicts?: "source" | "ours" | "newest" | "fill"
            }[]
          }
        }
      }
    }
    output: {
      rows: ConnectionRow[]
    }
  }
  'connections.upload': {
    input: {
      locationId?: string
      connectionId: string
      file?: Record<string, unknown>
      dryRun?: boolean
    }
    output: {
      run: ConnectionRun
    }
  }
  'connections.startRun': {
    input: {
      locationId?: string
      connectionId: string
      runId: string
    }
    output: {
      run: ConnectionRun
    }
  }
  'connections.runs': {
    input: {
      locationId?: string
      connectionId: string
      after?: string
      limit?: number
    }
    output: {
      runs: ConnectionRun[]
      after: string | null
    }
  }
  'connections.getRun': {
    input: {
      locationId?: string
      connectionId: string
      runId: string
    }
    output: {
      run: ConnectionRun
    }
  }
  'connections.rows': {
    input: {
      locationId?: string
      connectionId: string
      runId?: string
      state?: "waiting" | "created" | "updated" | "unchanged" | "skipped" | "failed" | "replayed" | "discarded" | "reverted" | "kept"
      after?: string
      limit?: number
    }
    output: {
      rows: ConnectionRow[]
      after: string | null
    }
  }
  'connections.undo': {
    input: {
      locationId?: string
      connectionId: string
      runId: string
    }
    output: {
      run: ConnectionRun
    }
  }
  'connections.previewReplay': {
    input: {
      locationId?: string
      connectionId: string
      rowIds?: string[]
      runId?: string
      item?: unknown
    }
    output: {
      rows: ConnectionRow[]
    }
  }
  'connections.replay': {
    input: {
      locationId?: string
      connectionId: string
      rowIds?: string[]
      runId?: string
      item?: unknown
    }
    output: {
      run: ConnectionRun
    }
  }
  'connections.discard': {
    input: {
      locationId?: string
      connectionId: string
      rowIds: string[]
    }
    output: {
      discarded: number
    }
  }
  'companies.get': {
    input: {
      companyId: string
    }
    output: {
      company: Company
    }
  }
  'tokens.create': {
    input: {
      companyId: string
      locationId?: string
      name: string
      scopes: string[]
    }
    output: {
      token: PrivateToken
      secret: string
    }
  }
  'tokens.list': {
    input: {
      companyId: string
      locationId?: string
    }
    output: {
      tokens: PrivateToken[]
    }
  }
  'tokens.rotate': {
    input: {
      companyId: string
      tokenId: string
      overlapSeconds?: number
    }
    output: {
      token: PrivateToken
      secret: string
    }
  }
  'tokens.revoke': {
    input: {
      companyId: string
      tokenId: string
    }
    output: {
      token: PrivateToken
    }
  }
  'apps.create': {
    input: {
      companyId: string
      name: string
      scopes: string[]
      redirectUris: string[]
      public?: boolean
    }
    output: {
      app: App
      secret?: string
    }
  }
  'apps.list': {
    input: {
      companyId: string
    }
    output: {
      apps: App[]
    }
  }
  'apps.installs': {
    input: {
      companyId: string
    }
    output: {
      installs: AppInstall[]
    }
  }
  'apps.renewSecret': {
    input: {
      companyId: string
      appId: string
    }
    output: {
      app: App
      secret: string
    }
  }
  'apps.delete': {
    input: {
      companyId: string
      appId: string
    }
    output: {
      app: App
    }
  }
  'apps.uninstall': {
    input: {
      companyId: string
      appId: string
      locationId?: string
    }
    output: {
      success: boolean
    }
  }
  'people.list': {
    input: {
      companyId: string
    }
    output: {
      people: Person[]
    }
  }
  'people.invite': {
    input: {
      companyId: string
      email: string
      name?: string
      role: "owner" | "admin" | "operator" | "viewer" | "client"
      locationIds?: string[]
    }
    output: {
      person: Person
      link: string
      expiresAt: string
      mailed: boolean
    }
  }
  'people.update': {
    input: {
      companyId: string
      personId: string
      name?: string
      role?: "owner" | "admin" | "operator" | "viewer" | "client"
      locationIds?: string[]
    }
    output: {
      person: Person
    }
  }
  'people.disable': {
    input: {
      companyId: string
      personId: string
    }
    output: {
      person: Person
    }
  }
  'people.enable': {
    input: {
      companyId: string
      personId: string
    }
    output: {
      person: Person
    }
  }
  'people.remove': {
    input: {
      companyId: string
      personId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'people.link': {
    input: {
      companyId: string
      personId: string
    }
    output: {
      link: string
      expiresAt: string
      mailed: boolean
    }
  }
  'people.accept': {
    input: {
      token: string
      password: string
      name?: string
    }
    output: {
      person: WhoAccepted
    }
  }
  'account.get': {
    input: Record<string, unknown>
    output: {
      account: Account
    }
  }
  'account.password': {
    input: {
      present: string
      password: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'account.sessions': {
    input: Record<string, unknown>
    output: {
      sessions: Session[]
    }
  }
  'account.endSession': {
    input: {
      sessionId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'account.endSessions': {
    input: Record<string, unknown>
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'account.enrolSecondFactor': {
    input: {
      password: string
    }
    output: {
      secret: string
      uri: string
    }
  }
  'account.confirmSecondFactor': {
    input: {
      code: string
    }
    output: {
      recoveryCodes: string[]
    }
  }
  'account.switchOffSecondFactor': {
    input: {
      password: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'account.renewRecoveryCodes': {
    input: {
      password: string
    }
    output: {
      recoveryCodes: string[]
    }
  }
  'savedFilters.list': {
    input: {
      table: string
      locationId?: string
    }
    output: {
      filters: SavedFilter[]
    }
  }
  'savedFilters.save': {
    input: {
      table: string
      locationId?: string
      name: string
      filter: Record<string, string>
    }
    output: {
      filter: SavedFilter
    }
  }
  'savedFilters.delete': {
    input: {
      filterId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'catalog.list': {
    input: {
      category?: "Contacts" | "Calendars & Appointments" | "Opportunities" | "Users" | "Conversations & Messages" | "Businesses" | "Workflows & Campaigns" | "Other Operations"
      kind?: "trigger" | "action"
    }
    output: {
      entries: CatalogueEntry[]
      total: number
    }
  }
  'access.events': {
    input: {
      companyId: string
      who?: string
      event?: string
      title?: string
      eventId?: string
      outcome?: "done" | "refused"
      limit?: number
      after?: string
    }
    output: {
      events: SecurityEvent[]
      after: string | null
    }
  }
}

type ListedSnapshot = {
  id: string
  name: string
  type: "own" | "imported"
  version: number
  versionName?: string
  sourceLocationId: string | null
  sourceLocationName: string | null
  createdAt: string
  publisherName?: string
  updatedAt: string
  assets: Record<string, number>
}

type Snapshot = {
  id: string
  name: string
  type: "own" | "imported"
  version: number
  versionName?: string
  versionNote?: string
  root: string
  sourceLocationId: string | null
  sourceLocationName: string | null
  createdAt: string
  updatedAt: string
  publisherName?: string
  assets: Record<string, number>
}

type SelectedAsset = {
  kind: string
  id: string
  name: string
  lineage: string
  dependency: boolean
  neededBy?: {
    kind: string
    id: string
    name: string
  }
}

type SnapshotEntry = {
  kind: string
  lineage: string
  name: string
  hash: string
  dependency: boolean
}

type SnapshotAsset = {
  kind: string
  lineage: string
  name: string
  hash: string
  dependency: boolean
  document: {
    [name: string]: unknown
  }
}

type Diff = {
  added: NamedAsset[]
  removed: NamedAsset[]
  changed: {
    kind: string
    lineage: string
    name: string
    fields: {
      path: string
      before?: unknown
      after?: unknown
    }[]
  }[]
}

type NamedAsset = {
  kind: string
  lineage: string
  name: string
}

type Drift = {
  locationId: string
  locationName: string
  version: number
  assets: DriftedAsset[]
}

type DriftedAsset = {
  kind: string
  lineage: string
  name: string
  id: string
  change: "edited" | "deleted"
  version: number
}

type SnapshotVersion = {
  version: number
  name?: string
  note?: string
  root: string
  createdAt: string
  assets: Record<string, number>
}

type Push = {
  id: string
  snapshotId: string
  snapshotName: string | null
  version: number
  versionName?: string
  status: "pending" | "processing" | "completed" | "partial" | "failed" | "cancelled" | "rolled_back"
  reverts?: string
  restOf?: string
  actor: string
  actorName: string | null
  totals: {
    created?: number
    updated?: number
    merged?: number
    unchanged?: number
    kept?: number
    conflict?: number
    ambiguous?: number
    deleted?: number
    released?: number
    skipped?: number
    failed?: number
  }
  targets: {
    pending?: number
    processing?: number
    completed?: number
    partial?: number
    failed?: number
    cancelled?: number
    rolled_back?: number
  }
  createdAt: string
  startedAt?: string
  finishedAt?: string
}

type PushTarget = {
  locationId: string
  locationName: string
  status: "pending" | "processing" | "completed" | "partial" | "failed" | "cancelled" | "rolled_back"
  completed: string[]
  pending: string[]
  failed: string[]
  totals: {
    created?: number
    updated?: number
    merged?: number
    unchanged?: number
    kept?: number
    conflict?: number
    ambiguous?: number
    deleted?: number
    released?: number
    skipped?: number
    failed?: number
  }
  error?: string
  startedAt?: string
  finishedAt?: string
}

type PushTargetInFull = {
  locationId: string
  locationName: string
  status: "pending" | "processing" | "completed" | "partial" | "failed" | "cancelled" | "rolled_back"
  completed: string[]
  pending: string[]
  failed: string[]
  totals: {
    created?: number
    updated?: number
    merged?: number
    unchanged?: number
    kept?: number
    conflict?: number
    ambiguous?: number
    deleted?: number
    released?: number
    skipped?: number
    failed?: number
  }
  error?: string
  startedAt?: string
  finishedAt?: string
  assets: AssetOutcome[]
}

type AssetOutcome = {
  kind: string
  lineage: string
  id: string | null
  name: string
  outcome: "created" | "updated" | "merged" | "unchanged" | "kept" | "conflict" | "ambiguous" | "deleted" | "released" | "skipped" | "failed"
  reason?: string
  detail?: unknown
}

type Plan = {
  hash: string
  version: number
  totals: {
    create?: number
    update?: number
    merge?: number
    unchanged?: number
    keep?: number
    conflict?: number
    ambiguous?: number
    delete?: number
    release?: number
    skip?: number
  }
  targets: PlanTarget[]
  groups: PlanGroup[]
  ungrouped: number
  after: string | null
  truncated: boolean
  brokenReferences: {
    kind: string
    lineage: string
    name: string
    reference: string
    missingName?: string
  }[]
}

type PlanTarget = {
  locationId: string
  locationName: string
  totals: {
    create?: number
    update?: number
    merge?: number
    unchanged?: number
    keep?: number
    conflict?: number
    ambiguous?: number
    delete?: number
    release?: number
    skip?: number
  }
  assets: PlannedAsset[]
  warnings: PlanWarning[]
}

type PlannedAsset = {
  kind: string
  lineage: string
  name: string
  action: "create" | "update" | "merge" | "unchanged" | "keep" | "conflict" | "ambiguous" | "delete" | "release" | "skip"
  fields?: {
    path: string
    [name: string]: unknown
  }[]
  reason?: string
  conflict?: string
}

type PlanWarning = {
  kind: string
  lineage: string
  name: string
  why: string
  records?: {
    kind: string
    count: number
  }
  missing?: {
    kind: string
    lineage: string
    name?: string
  }
}

type PlanGroup = {
  key: string
  kind: string
  lineage: string
  name: string
  action: "create" | "update" | "merge" | "unchanged" | "keep" | "conflict" | "ambiguous" | "delete" | "release" | "skip"
  fields: {
    path: string
    [name: string]: unknown
  }[]
  reason?: string
  conflict?: string
  locations: number
  sample: string[]
  sampleNames: string[]
}

type Conflict = {
  locationId: string
  locationName: string
  kind: string
  lineage: string
  name: string
  outcome: "conflict" | "ambiguous"
  version: number
  pushId: string
  reason: string | null
  fields: {
    path: string
    base?: unknown
    target?: unknown
    source?: unknown
  }[]
  candidates?: {
    id: string
    name: string
  }[]
  openedAt: string
}

type Share = {
  id: string
  snapshotId: string
  shareType: string
  shareLink: string
  relationshipNumbers: string[]
  locationIds: string[]
  state: "open" | "used" | "revoked"
  usedBy: {
    companyName: string
    at: string
  }[]
  createdAt: string
}

type FleetLocation = {
  locationId: string
  locationName: string
  state: "running" | "failed" | "drifted" | "behind" | "current" | "none"
  snapshots: {
    snapshotId: string
    name: string
    version: number
    latest: number
    status: "completed" | "partial"
    pushId: string
    pushedAt: string
    others: {
      version: number
      assets: number
    }[]
  }[]
  drifted: number
  broken: number | null
  lastPush: {
    pushId: string
    snapshotName: string | null
    version: number
    status: string
    isRollback: boolean
    at: string
  } | null
  lastChangeAt: string | null
}

type RecentChanges = {
  at: string
  actor: string
  actorName: string | null
  cause: string | null
  changes: number
  kinds: Record<string, number>
  locations: {
    locationId: string
    locationName: string
  }[]
  sample: {
    id: string
    locationId: string
    locationName: string
    kind: string
    entityId: string
    name: string | null
    op: string
  }[]
}

type Location = {
  id: string
  companyId: string
  name: string
  timezone: string
  phone?: string
  email?: string
  firstName?: string
  lastName?: string
  address?: string
  city?: string
  state?: string
  country?: string
  postalCode?: string
  website?: string
  logoUrl: string
  domain: string
  currency: string
  defaultEmailService: string
  snapshotId: string
  brandId: string
  dateAdded: string
  automaticMobileAppInvite: boolean
  isAgencySubAccount: boolean
  permissions: Record<string, boolean>
  settings: {
    allowDuplicateContact?: boolean
    allowDuplicateOpportunity?: boolean
    allowFacebookNameMerge?: boolean
    disableContactTimezone?: boolean
    contactUniqueIdentifiers?: unknown
    crmSettings?: unknown
    saasSettings?: unknown
  }
  social: {
    facebookUrl?: string
    googlePlus?: string
    linkedIn?: string
    foursquare?: string
    twitter?: string
    yelp?: string
    instagram?: string
    youtube?: string
    pinterest?: string
    blogRss?: string
    googlePlacesId?: string
  }
  business?: {
    [name: string]: unknown
  }
}

type PushedLocation = {
  id: string
  companyId: string
  name: string
  timezone: string
  phone?: string
  email?: string
  firstName?: string
  lastName?: string
  address?: string
  city?: string
  state?: string
  country?: string
  postalCode?: string
  website?: string
  logoUrl: string
  domain: string
  currency: string
  defaultEmailService: string
  snapshotId: string
  brandId: string
  dateAdded: string
  automaticMobileAppInvite: boolean
  isAgencySubAccount: boolean
  permissions: Record<string, boolean>
  settings: {
    allowDuplicateContact?: boolean
    allowDuplicateOpportunity?: boolean
    allowFacebookNameMerge?: boolean
    disableContactTimezone?: boolean
    contactUniqueIdentifiers?: unknown
    crmSettings?: unknown
    saasSettings?: unknown
  }
  social: {
    facebookUrl?: string
    googlePlus?: string
    linkedIn?: string
    foursquare?: string
    twitter?: string
    yelp?: string
    instagram?: string
    youtube?: string
    pinterest?: string
    blogRss?: string
    googlePlacesId?: string
  }
  business?: {
    [name: string]: unknown
  }
  pushId?: string
  version?: number
}

type BrokenReference = {
  kind: string
  id: string
  name: string
  missingKind: string
  missingLineage: string
  missingName?: string
  value: string
}

type ListedAsset = {
  kind: string
  id: string
  lineage: string
  name: string
  createdAt: string
  updatedAt: string
  pushId: string | null
  snapshotId: string | null
  snapshotName: string | null
  isDrifted: boolean
}

type AssetState = {
  kind: string
  id: string
  name: string
  isCurrent: boolean
  revision: string | null
  document: Record<string, unknown>
}

type ReferringAsset = {
  kind: string
  id: string
  name: string
}

type RecordsOnAsset = {
  kind: string
  count: number
  upcoming?: number
  atLeast?: boolean
}

type AssetChange = {
  id: string
  at: string
  op: string
  actor: string
  actorName: string | null
  cause: string | null
  fields: {
    path: string
    before?: unknown
    after?: unknown
  }[]
  local: unknown
}

type RecordChange = {
  id: string
  at: string
  op: string
  actor: string
  actorName: string | null
  cause: string | null
  fields: {
    path: string
    before?: unknown
    after?: unknown
  }[]
}

type CustomField = {
  id: string
  locationId: string
  name: string
  fieldKey: string
  dataType: string
  model: "contact" | "opportunity"
  placeholder: string
  description?: string
  showInForms?: boolean
  position?: number
  documentType: string
  parentId: string
  picklistOptions?: string[]
  picklistImageOptions?: string[]
  isAllowedCustomOption?: boolean
  isMultiFileAllowed?: boolean
  maxFileLimit?: number
  acceptedFormat?: string[]
  textBoxListOptions?: {
    label?: string
    prefillValue?: string
  }[]
  standard: boolean
  scopes: string[]
  dateAdded: string
}

type Contact = {
  id: string
  locationId: string
  firstName?: string
  lastName?: string
  email?: string
  phone?: string
  additionalEmails?: string[]
  additionalPhones?: string[]
  companyName?: string
  gender?: string
  address1?: string
  city?: string
  state?: string
  country?: string
  postalCode?: string
  website?: string
  timezone?: string
  type: string
  source?: string
  dateOfBirth?: string
  tags: string[]
  customFields: {
    id: string
    value: unknown
  }[]
  dnd: boolean
  dndSettings?: {
    Call?: {
      status: "active" | "inactive" | "permanent"
      message?: string
      code?: string
    }
    Email?: {
      status: "active" | "inactive" | "permanent"
      message?: string
      code?: string
    }
    SMS?: {
      status: "active" | "inactive" | "permanent"
      message?: string
      code?: string
    }
    WhatsApp?: {
      status: "active" | "inactive" | "permanent"
      message?: string
      code?: string
    }
    GMB?: {
      status: "active" | "inactive" | "permanent"
      message?: string
      code?: string
    }
    FB?: {
      status: "active" | "inactive" | "permanent"
      message?: string
      code?: string
    }
  }
  inboundDndSettings?: {
    all?: {
      status: "active" | "inactive"
      message?: string
    }
  }
  assignedTo?: string
  followers: string[]
  businessId?: string
  attributionSource?: Record<string, unknown>
  lastAttributionSource?: Record<string, unknown>
  visitorId?: string
  externalId?: string
  name?: string
  emailLowerCase?: string
  firstNameLowerCase?: string
  lastNameLowerCase?: string
  fullNameLowerCase?: string
  dateAdded: string
  dateUpdated: string
  createdBy: {
    source: string
    channel: string
    sourceId: string
    timestamp: string
  }
  lastUpdatedBy: {
    source: string
    channel: string
    sourceId: string
    timestamp: string
  }
  lastSessionActivityAt: string
  deleted: boolean
  bounceEmail: boolean
  unsubscribeEmail: boolean
  validEmail: null
  validEmailDate: null
}

type FoundContact = {
  id: string
  locationId: string
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  additionalEmails?: string[]
  additionalPhones?: string[]
  companyName: string | null
  gender?: string
  address1?: string
  city: string | null
  state: string | null
  country: string | null
  postalCode: string | null
  website: string | null
  timezone: string | null
  type: string
  source: string | null
  dateOfBirth: string | null
  tags: string[]
  customFields: {
    id: string
    value: unknown
  }[]
  dnd: boolean
  dndSettings: {
    [name: string]: unknown
  }
  inboundDndSettings: {
    [name: string]: unknown
  }
  assignedTo: string | null
  followers: string[]
  businessId: string | null
  attributionSource: {
    [name: string]: unknown
  }
  lastAttributionSource: {
    [name: string]: unknown
  }
  visitorId?: string
  externalId?: string
  name?: string
  emailLowerCase?: string
  firstNameLowerCase?: string
  lastNameLowerCase?: string
  fullNameLowerCase?: string
  dateAdded: string
  dateUpdated: string
  createdBy: {
    source: string
    channel: string
    sourceId: string
    timestamp: string
  }
  lastUpdatedBy: {
    source: string
    channel: string
    sourceId: string
    timestamp: string
  }
  lastSessionActivityAt: string
  deleted: boolean
  bounceEmail: boolean
  unsubscribeEmail: boolean
  validEmail: null
  validEmailDate: null
  contactName: string
  firstNameRaw: string | null
  lastNameRaw: string | null
  phoneLabel: string | null
  businessName: string | null
  address: string | null
  opportunities: {
    id: string
    pipelineId: string
    pipelineStageId: string | null
    status: string
    monetaryValue: number
  }[]
  searchAfter: unknown[]
}

type Business = {
  id: string
  locationId: string
  name: string
  phone?: string
  email?: string
  website?: string
  address?: string
  city?: string
  state?: string
  postalCode?: string
  country?: string
  description?: string
  customProperties?: Record<string, unknown>
  createdBy: {
    source: string
    id: string
  }
  updatedBy: {
    source: string
    id: string
  }
  createdAt: string
  updatedAt: string
}

type FoundOpportunity = {
  id: string
  locationId: string
  name: string
  pipelineId: string
  pipelineStageId?: string
  status: "open" | "won" | "lost" | "abandoned"
  contactId?: string
  monetaryValue: number
  assignedTo: string | null
  source: string | null
  lostReasonId: string | null
  forecastExpectedCloseDate?: string
  forecastProbability: number | null
  customFields: {
    id: string
    fieldValue: unknown
  }[]
  followers: string[]
  lastStatusChangeAt: string
  lastStageChangeAt: string
  lastActionDate: string
  createdAt: string
  updatedAt: string
  isAttribute: boolean
  internalSource: {
    type: string
    id: string
    apiVersion: string
    channel: string
    source: string
  }
  contact: {
    id: string
    name?: string
    companyName: string | null
    email: string | null
    phone: string | null
    tags: string[]
    followers: string[]
    score: unknown[]
  }
  notes: unknown[]
  tasks: unknown[]
  calendarEvents: unknown[]
  pipelineStageUId: string | null
  effectiveProbability: number
  relations: {
    associationId: string
    relationId: string
    primary: boolean
    objectKey: string
    recordId: string
    fullName: string
    contactName: string
    companyName: string | null
    email: string | null
    phone: string | null
    tags: string[]
    attributed: null
  }[]
  attributions: unknown[]
  sort: unknown[]
  searchAfter: unknown[]
}

type Opportunity = {
  id: string
  locationId: string
  name: string
  pipelineId: string
  pipelineStageId?: string
  status: "open" | "won" | "lost" | "abandoned"
  contactId?: string
  monetaryValue: number
  assignedTo?: string
  source?: string
  lostReasonId?: string
  forecastExpectedCloseDate?: string
  forecastProbability?: number
  customFields: {
    id: string
    fieldValue: unknown
  }[]
  followers: string[]
  lastStatusChangeAt: string
  lastStageChangeAt: string
  lastActionDate: string
  createdAt: string
  updatedAt: string
  isAttribute: boolean
  internalSource: {
    type: string
    id: string
    apiVersion: string
    channel: string
    source: string
  }
  contact: {
    id: string
    name?: string
    companyName?: string
    email?: string
    phone?: string
    tags: string[]
    followers: string[]
  }
  notes: unknown[]
  tasks: unknown[]
  calendarEvents: unknown[]
}

type Pipeline = {
  id: string
  locationId: string
  name: string
  stages: {
    id?: string
    name: string
    position: number
    showInFunnel?: boolean
    showInPieChart?: boolean
    probability?: number
    stageWinProbability: number
  }[]
  showInFunnel?: boolean
  showInPieChart?: boolean
  colorRenderMode?: "dot" | "bg-tint" | "none"
  useOpportunityProbability: boolean
  position: string
  dateAdded: string
  dateUpdated: string
}

type User = {
  id: string
  name: string
  firstName: string
  lastName: string
  email: string
  phone?: string
  extension: string
  permissions: {
    [name: string]: unknown
  }
  scopes: string[]
  scopesAssignedToOnly: string[]
  roles: {
    type: string
    role: string
    locationIds: string[]
    restrictSubAccount: boolean
  }
  deleted: boolean
  profilePhoto?: string
  twilioPhone?: {
    [name: string]: unknown
  }
  totpEnabled: boolean
  platformLanguage: string
  lcPhone: {
    [name: string]: unknown
  }
  dateAdded: string
}

type FoundConversation = {
  id: string
  contactId: string
  locationId: string
  type: "TYPE_PHONE" | "TYPE_EMAIL" | "TYPE_FB_MESSENGER" | "TYPE_REVIEW" | "TYPE_GROUP_SMS"
  fullName: string
  contactName: string
  email: string
  phone: string
  assignedTo?: string
  followers: string[]
  tags: string[]
  inbox: boolean
  starred: boolean
  unreadCount: number
  lastMessageBody: string
  lastMessageType: "TYPE_CALL" | "TYPE_SMS" | "TYPE_EMAIL" | "TYPE_SMS_REVIEW_REQUEST" | "TYPE_WEBCHAT" | "TYPE_SMS_NO_SHOW_REQUEST" | "TYPE_CAMPAIGN_SMS" | "TYPE_CAMPAIGN_CALL" | "TYPE_CAMPAIGN_EMAIL" | "TYPE_CAMPAIGN_VOICEMAIL" | "TYPE_FACEBOOK" | "TYPE_CAMPAIGN_FACEBOOK" | "TYPE_CAMPAIGN_MANUAL_CALL" | "TYPE_CAMPAIGN_MANUAL_SMS" | "TYPE_GMB" | "TYPE_CAMPAIGN_GMB" | "TYPE_REVIEW" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_CUSTOM_SMS" | "TYPE_CUSTOM_EMAIL" | "TYPE_CUSTOM_PROVIDER_SMS" | "TYPE_CUSTOM_PROVIDER_EMAIL" | "TYPE_IVR_CALL" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_LIVE_CHAT_INFO_MESSAGE" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_FACEBOOK_COMMENT" | "TYPE_INSTAGRAM_COMMENT" | "TYPE_CUSTOM_CALL" | "TYPE_INTERNAL_COMMENT" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_RCS" | "TYPE_TIKTOK" | "TYPE_TIKTOK_COMMENT" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION" | "TYPE_SMS_REACTION"
  lastMessageDate: number
  lastMessageDirection?: "inbound" | "outbound"
  lastOutboundMessageAction?: "automated" | "manual"
  lastManualMessageDate?: number
  dateAdded: number
  dateUpdated: number
  messageTypes: number[]
  isLastMessageInternalComment: boolean
  companyName: string | null
  mentions: string[]
  scoring: unknown[]
  profilePhoto: null
  attributed: null
  sort: (number | null)[]
}

type Message = {
  id: string
  type: number
  messageType: "TYPE_CALL" | "TYPE_SMS" | "TYPE_EMAIL" | "TYPE_SMS_REVIEW_REQUEST" | "TYPE_WEBCHAT" | "TYPE_SMS_NO_SHOW_REQUEST" | "TYPE_CAMPAIGN_SMS" | "TYPE_CAMPAIGN_CALL" | "TYPE_CAMPAIGN_EMAIL" | "TYPE_CAMPAIGN_VOICEMAIL" | "TYPE_FACEBOOK" | "TYPE_CAMPAIGN_FACEBOOK" | "TYPE_CAMPAIGN_MANUAL_CALL" | "TYPE_CAMPAIGN_MANUAL_SMS" | "TYPE_GMB" | "TYPE_CAMPAIGN_GMB" | "TYPE_REVIEW" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_CUSTOM_SMS" | "TYPE_CUSTOM_EMAIL" | "TYPE_CUSTOM_PROVIDER_SMS" | "TYPE_CUSTOM_PROVIDER_EMAIL" | "TYPE_IVR_CALL" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_LIVE_CHAT_INFO_MESSAGE" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_FACEBOOK_COMMENT" | "TYPE_INSTAGRAM_COMMENT" | "TYPE_CUSTOM_CALL" | "TYPE_INTERNAL_COMMENT" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_RCS" | "TYPE_TIKTOK" | "TYPE_TIKTOK_COMMENT" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION" | "TYPE_SMS_REACTION"
  locationId: string
  contactId: string
  conversationId: string
  dateAdded: string
  dateUpdated: string
  body?: string
  direction: "inbound" | "outbound"
  status: "connected" | "delivered" | "failed" | "opened" | "pending" | "read" | "scheduled" | "sent" | "undelivered" | "clicked" | "opt_out" | "queued"
  contentType: string
  attachments: string[]
  meta: {
    callDuration?: string
    callStatus?: "pending" | "completed" | "answered" | "busy" | "no-answer" | "failed" | "canceled" | "voicemail"
    email?: {
      messageIds: string[]
    }
  }
  source: "workflow" | "bulk_actions" | "campaign" | "api" | "app"
  userId?: string
  conversationProviderId?: string
  chatWidgetId?: string
  altId?: string
  error?: {
    code: string
    type: string
    message: string
  }
}

type Calendar = {
  id: string
  locationId: string
  name: string
  description?: string
  isActive?: boolean
  calendarType?: "round_robin" | "event" | "class_booking" | "collective" | "service_booking" | "personal"
  eventType?: "RoundRobin_OptimizeForAvailability" | "RoundRobin_OptimizeForEqualDistribution"
  groupId?: string
  formId?: string
  resourceIds?: string[]
  teamMembers?: {
    userId: string
    priority?: 0 | 0.5 | 1
    meetingLocationType?: "custom" | "zoom" | "gmeet" | "phone" | "address" | "teams" | "booker"
    meetingLocation?: string
    isPrimary?: boolean
    locationConfigurations?: {
      kind: "custom" | "zoom_conference" | "google_conference" | "inbound_call" | "outbound_call" | "physical" | "booker" | "ms_teams_conference"
      location?: string
      meetingId?: string
    }[]
  }[]
  notifications?: {
    type?: "email"
    shouldSendToContact?: boolean
    shouldSendToGuest?: boolean
    shouldSendToUser?: boolean
    shouldSendToSelectedUsers?: boolean
    selectedUsers?: string
  }[]
  eventNotifications?: {
    id?: string
    receiverType: "contact" | "guest" | "assignedUser" | "emails" | "phoneNumbers" | "business"
    channel: "email" | "inApp" | "sms" | "whatsapp"
    notificationType: "booked" | "confirmation" | "cancellation" | "reminder" | "followup" | "reschedule"
    isActive?: boolean
    deleted?: boolean
    templateId?: string
    subject?: string
    body?: string
    afterTime?: {
      timeOffset?: number
      unit?: string
    }[]
    beforeTime?: {
      timeOffset?: number
      unit?: string
    }[]
    additionalEmailIds?: string[]
    additionalPhoneNumbers?: string[]
    additionalWhatsappNumbers?: string[]
    selectedUsers?: string[]
    fromAddress?: string
    fromName?: string
    fromNumber?: string
  }[]
  slug?: string
  widgetSlug?: string
  widgetType?: "default" | "classic"
  eventTitle?: string
  eventColor?: string
  meetingLocation?: string
  locationConfigurations?: {
    kind: "custom" | "zoom_conference" | "google_conference" | "inbound_call" | "outbound_call" | "physical" | "booker" | "ms_teams_conference"
    location?: string
    meetingId?: string
  }[]
  slotDuration?: number
  slotDurationUnit?: "mins" | "hours"
  slotInterval?: number
  slotIntervalUnit?: "mins" | "hours"
  slotBuffer?: number
  slotBufferUnit?: "mins" | "hours"
  preBuffer?: number
  preBufferUnit?: "mins" | "hours"
  appoinmentPerSlot?: number
  appoinmentPerDay?: number
  allowBookingAfter?: number
  allowBookingAfterUnit?: "mins" | "hours" | "days" | "weeks" | "months"
  allowBookingFor?: number
  allowBookingForUnit?: "days" | "weeks" | "months"
  openHours?: {
    daysOfTheWeek: number[]
    hours: {
      openHour: number
      openMinute: number
      closeHour: number
      closeMinute: number
    }[]
  }[]
  enableRecurring?: boolean
  recurring?: {
    freq?: "DAILY" | "WEEKLY" | "MONTHLY"
    count?: number
    bookingOption?: "skip" | "continue" | "book_next"
    bookingOverlapDefaultStatus?: "confirmed" | "new"
  }
  stickyContact?: boolean
  isLivePaymentMode?: boolean
  autoConfirm?: boolean
  shouldSendAlertEmailsToAssignedMember?: boolean
  alertEmail?: string
  googleInvitationEmails?: boolean
  allowReschedule?: boolean
  allowCancellation?: boolean
  shouldAssignContactToTeamMember?: boolean
  shouldSkipAssigningContactForExisting?: boolean
  notes?: string
  pixelId?: string
  formSubmitType?: "RedirectURL" | "ThankYouMessage"
  formSubmitRedirectURL?: string
  formSubmitThanksMessage?: string
  availabilityType?: 0 | 1 | null
  availabilities?: {
    date: string
    hours: {
      openHour: number
      openMinute: number
      closeHour: number
      closeMinute: number
    }[]
    deleted?: boolean
    id?: string
  }[]
  schedule?: {
    timezone: string
    rules: {
      type: "wday" | "date"
      intervals: {
        from: string
        to: string
      }[]
      date?: string
      day?: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday"
    }[]
  }
  guestType?: "count_only" | "collect_detail"
  consentLabel?: string
  calendarCoverImage?: string
  lookBusyConfig?: {
    enabled: boolean
    LookBusyPercentage: number
  }
  appointmentPerSlot: number
}

type CalendarEvent = {
  id: string
  title: string
  calendarId: string
  locationId: string
  contactId: string
  groupId: string
  appointmentStatus: string
  appoinmentStatus: string
  assignedUserId: string
  users: string[]
  address?: string
  description?: string
  isRecurring: boolean
  rrule?: string
  masterEventId?: string
  startTime: string
  endTime: string
  dateAdded: string
  dateUpdated: string
  assignedResources: string[]
  deleted: boolean
  createdBy?: {
    userId: string
    source: string
  }
}

type Invoice = {
  id: string
  locationId: string
  externalId?: string
  total: number
  status: "draft" | "sent" | "viewed" | "partially_paid" | "paid" | "overdue" | "void" | "refunded" | "cancelled"
  contactId?: string
  customerId?: string
  number?: string
  name?: string
  currency?: string
  amountPaid?: number
  issueDate?: string
  dueDate?: string
  paidAt?: string
  url?: string
  notes?: string
  items?: {
    name: string
    quantity?: number
    price?: number
  }[]
  createdAt: string
  updatedAt: string
}

type PlacedJournalSubscription = {
  id: number
  appId: string
  appName: string
  locationId: string | null
  locationName: string | null
  subscriptionType: string
  objectTypeId: string | null
  actions: string[]
  properties: string[]
  filters: number
  excludeOwnChanges: boolean
  installed: boolean
  createdAt: string
}

type JournalReader = {
  appId: string
  appName: string
  locationId: string | null
  locationName: string | null
  consumer: string | null
  offset: string | null
  readAt: string | null
  unread: {
    events: number
    files: number
    more: boolean
    oldestAt: string | null
  }
  expired: boolean
}

type RecordSnapshots = {
  id: string
  appId: string
  appName: string
  kind: string
  initiatedAt: string
  completedAt: string | null
  records: {
    recordId: string
    name: string | null
    status: "PENDING" | "IN_PROGRESS" | "COMPLETED" | "FAILED" | "EXPIRED"
    message: string | null
    offset: string | null
    properties: Record<string, string> | null
  }[]
}

type Webhook = {
  id: string
  locationId: string | null
  appId: string | null
  name: string
  url: string
  events: {
    type: "ContactCreate" | "ContactUpdate" | "ContactDelete" | "ContactTagUpdate" | "ContactDndUpdate" | "NoteCreate" | "NoteUpdate" | "NoteDelete" | "TaskCreate" | "TaskComplete" | "TaskDelete" | "CampaignStatusUpdate" | "UserCreate" | "OpportunityCreate" | "OpportunityUpdate" | "OpportunityDelete" | "OpportunityStatusUpdate" | "OpportunityStageUpdate" | "OpportunityMonetaryValueUpdate" | "OpportunityAssignedToUpdate" | "AppointmentCreate" | "AppointmentUpdate" | "AppointmentDelete" | "InvoiceCreate" | "InvoiceUpdate" | "InvoiceDelete" | "InvoiceSent" | "InvoicePaid" | "InvoicePartiallyPaid" | "InvoiceVoid" | "InboundMessage" | "OutboundMessage" | "ProviderOutboundMessage" | "ConversationUnreadUpdate" | "RecordCreate" | "RecordUpdate" | "RecordDelete" | "AssociationCreate" | "AssociationUpdate" | "AssociationDelete" | "RelationCreate" | "RelationDelete" | "ObjectSchemaCreate" | "ObjectSchemaUpdate" | "INSTALL" | "UNINSTALL" | "LocationCreate" | "LocationUpdate"
    fields?: string[]
  }[]
  ordered: boolean
  enabled: boolean
  offBecause: "person" | "gone" | "failing" | null
  heldUntil: string | null
  health: {
    waiting: number
    nextAttemptAt: string | null
    failed: number
    lastAttemptAt: string | null
    lastStatus: number | null
  }
  createdAt: string
  updatedAt: string
}

type PlacedWebhook = {
  id: string
  locationId: string | null
  appId: string | null
  name: string
  url: string
  events: {
    type: "ContactCreate" | "ContactUpdate" | "ContactDelete" | "ContactTagUpdate" | "ContactDndUpdate" | "NoteCreate" | "NoteUpdate" | "NoteDelete" | "TaskCreate" | "TaskComplete" | "TaskDelete" | "CampaignStatusUpdate" | "UserCreate" | "OpportunityCreate" | "OpportunityUpdate" | "OpportunityDelete" | "OpportunityStatusUpdate" | "OpportunityStageUpdate" | "OpportunityMonetaryValueUpdate" | "OpportunityAssignedToUpdate" | "AppointmentCreate" | "AppointmentUpdate" | "AppointmentDelete" | "InvoiceCreate" | "InvoiceUpdate" | "InvoiceDelete" | "InvoiceSent" | "InvoicePaid" | "InvoicePartiallyPaid" | "InvoiceVoid" | "InboundMessage" | "OutboundMessage" | "ProviderOutboundMessage" | "ConversationUnreadUpdate" | "RecordCreate" | "RecordUpdate" | "RecordDelete" | "AssociationCreate" | "AssociationUpdate" | "AssociationDelete" | "RelationCreate" | "RelationDelete" | "ObjectSchemaCreate" | "ObjectSchemaUpdate" | "INSTALL" | "UNINSTALL" | "LocationCreate" | "LocationUpdate"
    fields?: string[]
  }[]
  ordered: boolean
  enabled: boolean
  offBecause: "person" | "gone" | "failing" | null
  heldUntil: string | null
  health: {
    waiting: number
    nextAttemptAt: string | null
    failed: number
    lastAttemptAt: string | null
    lastStatus: number | null
  }
  createdAt: string
  updatedAt: string
  locationName: string | null
  appName: string | null
}

type WebhookPublicKey = {
  base64: string
  pem: string
  standardWebhooks: string
  createdAt: string
  endsAt: string | null
}

type WebhookDelivery = {
  id: string
  webhookId: string
  type: string
  subject: string
  subjectName: string | null
  state: "waiting" | "delivered" | "failed"
  underWay: boolean
  attemptCount: number
  lastStatus: number | null
  nextAttemptAt: string | null
  createdAt: string
  endedAt: string | null
}

type WholeWebhookDelivery = {
  id: string
  webhookId: string
  type: string
  subject: string
  subjectName: string | null
  state: "waiting" | "delivered" | "failed"
  underWay: boolean
  attemptCount: number
  lastStatus: number | null
  nextAttemptAt: string | null
  createdAt: string
  endedAt: string | null
  request: {
    method: string
    url: string
    headers: Record<string, string>
    body: string
  }
  attempts: {
    at: string
    url: string
    durationMs: number
    status: number | null
    answer: string
    error: string | null
  }[]
}

type Connection = {
  id: string
  locationId: string | null
  name: string
  way: "hook" | "file" | "mail" | "poll"
  state: "draft" | "test" | "live" | "paused" | "needs_authorisation"
  stateReason: string | null
  version: number
  liveVersion: number | null
  settings: {
    retentionDays?: number
    pauseShare?: number
    pauseLeast?: number
    alertUrl?: string | null
  }
  failingSince: string | null
  lastError: string | null
  lastAt: string | null
  nextPollAt: string | null
  createdAt: string
  updatedAt: string
}

type WholeConnection = {
  id: string
  locationId: string | null
  name: string
  way: "hook" | "file" | "mail" | "poll"
  state: "draft" | "test" | "live" | "paused" | "needs_authorisation"
  stateReason: string | null
  version: number
  liveVersion: number | null
  settings: {
    retentionDays?: number
    pauseShare?: number
    pauseLeast?: number
    alertUrl?: string | null
  }
  failingSince: string | null
  lastError: string | null
  lastAt: string | null
  nextPollAt: string | null
  createdAt: string
  updatedAt: string
  revision: string
  definition: {
    source: {
      items?: string
      verify?: {
        kind: "address"
      } | {
        kind: "standard"
        toleranceS?: number
      } | {
        kind: "hmac"
        algorithm: "sha256" | "sha512" | "sha1"
        header: string
        encoding: "hex" | "base64" | "base64url"
        prefix?: string
        signed?: string
        timestamp?: {
          header: string
          prefix?: string
          toleranceS: number
        }
        idHeader?: string
      } | {
        kind: "ed25519"
        header: string
        encoding: "hex" | "base64" | "base64url"
        prefix?: string
        signed?: string
        timestamp?: {
          header: string
          prefix?: string
          toleranceS: number
        }
        idHeader?: string
      }
      poll?: {
        url: string
        headers?: Record<string, string>
        items?: string
        paging: {
          style: "none"
        } | {
          style: "page"
          parameter: string
          first?: number
          size?: {
            parameter: string
            value: number
          }
        } | {
          style: "offset"
          parameter: string
          size?: {
            parameter: string
            value: number
          }
        } | {
          style: "cursor"
          parameter: string
          path: string
          size?: {
            parameter: string
            value: number
          }
        } | {
          style: "link"
          size?: {
            parameter: string
            value: number
          }
        } | {
          style: "url"
          path: string
          size?: {
            parameter: string
            value: number
          }
        }
        since?: {
          parameter: string
          format: "iso" | "seconds" | "milliseconds" | "date"
        }
        authorisation: {
          kind: "none"
        } | {
          kind: "key"
          in: "header" | "query"
          name: string
          prefix?: string
        } | {
          kind: "basic"
        } | {
          kind: "bearer"
        } | {
          kind: "oauth"
          grant: "client_credentials" | "refresh_token"
          tokenUrl: string
          scope?: string
          clientIn?: "header" | "body"
        } | {
          kind: "oauth"
          grant: "authorization_code"
          authorizeUrl: string
          tokenUrl: string
          scope?: string
          clientIn?: "header" | "body" | "none"
        } | {
          kind: "oauth"
          grant: "authorization_code"
          issuer: string
          scope?: string
          clientIn?: "header" | "body" | "none"
        }
      }
      csv?: {
        delimiter?: "," | ";" | "\t" | "|"
        encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"
        header?: boolean
        columns?: string[]
      }
      everyMinutes?: number
      mail?: {
        senders?: string[]
        subject?: string
        fields: ({
          name: string
          label: string
          required?: boolean
        } | {
          name: string
          pattern: string
          in?: "text" | "subject"
          required?: boolean
        })[]
      }
    }
    mapping: {
      object: "contact" | "invoice" | "location"
      fields: {
        to: string
        from: {
          path: string
        } | {
          paths: string[]
        } | {
          value: string | number | boolean
        } | {
          lookup: {
            path: string
            table: Record<string, string | number | boolean>
            otherwise?: string | number | boolean
          }
        } | {
          expression: string
        }
        as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
        required?: boolean
        empty?: "leave" | "clear"
        conflicts?: "source" | "ours" | "newest" | "fill"
      }[]
      filters: {
        when: {
          path: string
          is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
          value?: string | number | boolean
        } | {
          expression: string
        }
        reason: string
      }[]
      externalId: {
        path: string
      } | {
        paths: string[]
      } | {
        value: string | number | boolean
      } | {
        lookup: {
          path: string
          table: Record<string, string | number | boolean>
          otherwise?: string | number | boolean
        }
      } | {
        expression: string
      } | null
      keys: ("externalId" | "email" | "phone" | "number" | "name")[]
      conflicts: "source" | "ours" | "newest" | "fill"
      changedAt?: {
        path: string
      } | {
        paths: string[]
      } | {
        value: string | number | boolean
      } | {
        lookup: {
          path: string
          table: Record<string, string | number | boolean>
          otherwise?: string | number | boolean
        }
      } | {
        expression: string
      }
      lines?: {
        from: string
        key: {
          path: string
        } | {
          paths: string[]
        } | {
          value: string | number | boolean
        } | {
          lookup: {
            path: string
            table: Record<string, string | number | boolean>
            otherwise?: string | number | boolean
          }
        } | {
          expression: string
        } | null
        unless?: {
          path: string
          is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
          value?: string | number | boolean
        } | {
          expression: string
        }
        fields: {
          to: string
          from: {
            path: string
          } | {
            paths: string[]
          } | {
            value: string | number | boolean
          } | {
            lookup: {
              path: string
              table: Record<string, string | number | boolean>
              otherwise?: string | number | boolean
            }
          } | {
            expression: string
          }
          as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
          required?: boolean
          empty?: "leave" | "clear"
          conflicts?: "source" | "ours" | "newest" | "fill"
        }[]
      }
    }
  }
  secrets: {
    name: string
    createdAt: string
  }[]
  authorisation: {
    redirectUri: string
    isAuthorised: boolean
    as: string | null
    at: string | null
  } | null
}

type PlacedConnection = {
  id: string
  locationId: string | null
  name: string
  way: "hook" | "file" | "mail" | "poll"
  state: "draft" | "test" | "live" | "paused" | "needs_authorisation"
  stateReason: string | null
  version: number
  liveVersion: number | null
  settings: {
    retentionDays?: number
    pauseShare?: number
    pauseLeast?: number
    alertUrl?: string | null
  }
  failingSince: string | null
  lastError: string | null
  lastAt: string | null
  nextPollAt: string | null
  createdAt: string
  updatedAt: string
  locationName: string | null
  standing: "needs_authorisation" | "failing" | "paused" | "live" | "test" | "draft"
  failedRows: number
  lastRun: ConnectionRun | null
}

type ConnectionRun = {
  id: string
  connectionId: string
  kind: "hook" | "file" | "mail" | "poll" | "replay" | "undo"
  dryRun: boolean
  version: number
  state: "reading" | "running" | "open" | "done" | "failed" | "undone"
  error: string | null
  total: number | null
  created: number
  updated: number
  unchanged: number
  skipped: number
  failed: number
  fileName: string | null
  undoes: string | null
  undoneBy: string | null
  writtenBy: string | null
  startedAt: string
  endedAt: string | null
}

type ConnectionVersion = {
  version: number
  isLive: boolean
  actor: string
  createdAt: string
}

type ConnectionPreset = {
  id: string
  name: string
  description: string
  way: "hook" | "file" | "mail" | "poll"
  definition: {
    source: {
      items?: string
      verify?: {
        kind: "address"
      } | {
        kind: "standard"
        toleranceS?: number
      } | {
        kind: "hmac"
        algorithm: "sha256" | "sha512" | "sha1"
        header: string
        encoding: "hex" | "base64" | "base64url"
        prefix?: string
        signed?: string
        timestamp?: {
          header: string
          prefix?: string
          toleranceS: number
        }
        idHeader?: string
      } | {
        kind: "ed25519"
        header: string
        encoding: "hex" | "base64" | "base64url"
        prefix?: string
        signed?: string
        timestamp?: {
          header: string
          prefix?: string
          toleranceS: number
        }
        idHeader?: string
      }
      poll?: {
        url: string
        headers?: Record<string, string>
        items?: string
        paging: {
          style: "none"
        } | {
          style: "page"
          parameter: string
          first?: number
          size?: {
            parameter: string
            value: number
          }
        } | {
          style: "offset"
          parameter: string
          size?: {
            parameter: string
            value: number
          }
        } | {
          style: "cursor"
          parameter: string
          path: string
          size?: {
            parameter: string
            value: number
          }
        } | {
          style: "link"
          size?: {
            parameter: string
            value: number
          }
        } | {
          style: "url"
          path: string
          size?: {
            parameter: string
            value: number
          }
        }
        since?: {
          parameter: string
          format: "iso" | "seconds" | "milliseconds" | "date"
        }
        authorisation: {
          kind: "none"
        } | {
          kind: "key"
          in: "header" | "query"
          name: string
          prefix?: string
        } | {
          kind: "basic"
        } | {
          kind: "bearer"
        } | {
          kind: "oauth"
          grant: "client_credentials" | "refresh_token"
          tokenUrl: string
          scope?: string
          clientIn?: "header" | "body"
        } | {
          kind: "oauth"
          grant: "authorization_code"
          authorizeUrl: string
          tokenUrl: string
          scope?: string
          clientIn?: "header" | "body" | "none"
        } | {
          kind: "oauth"
          grant: "authorization_code"
          issuer: string
          scope?: string
          clientIn?: "header" | "body" | "none"
        }
      }
      csv?: {
        delimiter?: "," | ";" | "\t" | "|"
        encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"
        header?: boolean
        columns?: string[]
      }
      everyMinutes?: number
      mail?: {
        senders?: string[]
        subject?: string
        fields: ({
          name: string
          label: string
          required?: boolean
        } | {
          name: string
          pattern: string
          in?: "text" | "subject"
          required?: boolean
        })[]
      }
    }
    mapping: {
      object: "contact" | "invoice" | "location"
      fields: {
        to: string
        from: {
          path: string
        } | {
          paths: string[]
        } | {
          value: string | number | boolean
        } | {
          lookup: {
            path: string
            table: Record<string, string | number | boolean>
            otherwise?: string | number | boolean
          }
        } | {
          expression: string
        }
        as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
        required?: boolean
        empty?: "leave" | "clear"
        conflicts?: "source" | "ours" | "newest" | "fill"
      }[]
      filters: {
        when: {
          path: string
          is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
          value?: string | number | boolean
        } | {
          expression: string
        }
        reason: string
      }[]
      externalId: {
        path: string
      } | {
        paths: string[]
      } | {
        value: string | number | boolean
      } | {
        lookup: {
          path: string
          table: Record<string, string | number | boolean>
          otherwise?: string | number | boolean
        }
      } | {
        expression: string
      } | null
      keys: ("externalId" | "email" | "phone" | "number" | "name")[]
      conflicts: "source" | "ours" | "newest" | "fill"
      changedAt?: {
        path: string
      } | {
        paths: string[]
      } | {
        value: string | number | boolean
      } | {
        lookup: {
          path: string
          table: Record<string, string | number | boolean>
          otherwise?: string | number | boolean
        }
      } | {
        expression: string
      }
      lines?: {
        from: string
        key: {
          path: string
        } | {
          paths: string[]
        } | {
          value: string | number | boolean
        } | {
          lookup: {
            path: string
            table: Record<string, string | number | boolean>
            otherwise?: string | number | boolean
          }
        } | {
          expression: string
        } | null
        unless?: {
          path: string
          is: "empty" | "filled" | "equal" | "unequal" | "contains" | "above" | "below"
          value?: string | number | boolean
        } | {
          expression: string
        }
        fields: {
          to: string
          from: {
            path: string
          } | {
            paths: string[]
          } | {
            value: string | number | boolean
          } | {
            lookup: {
              path: string
              table: Record<string, string | number | boolean>
              otherwise?: string | number | boolean
            }
          } | {
            expression: string
          }
          as?: "text" | "number" | "money" | "money.minor" | "email" | "phone" | "date" | "date.dayFirst" | "moment" | "boolean" | "list" | "emails" | "phones" | "country" | "currency" | "name.first" | "name.last"
          required?: boolean
          empty?: "leave" | "clear"
          conflicts?: "source" | "ours" | "newest" | "fill"
        }[]
      }
    }
  }
  sample: unknown
}

type ConnectionArrival = {
  id: string
  state: string
  error: string | null
  headers: Record<string, string>
  items: unknown[]
  bytes: number
  receivedAt: string
}

type ConnectionRow = {
  id: string
  runId: string
  place: number
  state: "waiting" | "created" | "updated" | "unchanged" | "skipped" | "failed" | "replayed" | "discarded" | "reverted" | "kept"
  item: unknown
  mapped: unknown
  externalId: string | null
  recordId: string | null
  changes: unknown
  leftAlone: {
    to: string
    because: string
  }[]
  reason: string | null
  problems: {
    at: string
    message: string
  }[]
  arrivalId: string | null
  replayOf: string | null
  attempts: number
  nextAttemptAt: string | null
  at: string
}

type Company = {
  id: string
  name: string
  relationshipNumber: string
  customerType: string
  status: string
  locationCount: number
  dateAdded: string
}

type PrivateToken = {
  id: string
  name: string
  companyId: string
  locationId: string | null
  locationName: string | null
  scopes: string[]
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
}

type App = {
  id: string
  clientId: string
  hubspotAppId: number
  companyId: string
  name: string
  scopes: string[]
  redirectUris: string[]
  public: boolean
  createdAt: string
}

type AppInstall = {
  appId: string
  appName: string
  locationId: string | null
  locationName: string | null
  exceptLocationIds: string[]
  scopes: string[]
  installedAt: string
}

type Person = {
  id: string
  name: string
  email: string
  role: "owner" | "admin" | "operator" | "viewer" | "client"
  locationIds: string[] | null
  state: "invited" | "active" | "disabled"
  secondFactor: boolean
  createdAt: string
  lastSeenAt: string | null
}

type WhoAccepted = {
  id: string
  email: string
  name: string
}

type Account = {
  id: string
  name: string
  email: string
  role: "owner" | "admin" | "operator" | "viewer" | "client"
  secondFactor: boolean
}

type Session = {
  id: string
  isThis: boolean
  createdAt: string
  lastSeenAt: string
  address: string
  agent: string
}

type SavedFilter = {
  id: string
  table: string
  locationId: string | null
  name: string
  filter: Record<string, string>
  createdAt: string
}

type CatalogueEntry = {
  key: string
  category: string
  kind: "trigger" | "action"
  title: string
  description: string
  operation: {
    name: string
    access: "read" | "write" | "destructive"
    token: "agency" | "location" | "either" | "person" | "app" | "operator" | "none"
    scopes: string[]
    method: string
    path: string
    status: number
    parameters: {
      path: string[]
      query: string[]
      body: string[]
    }
    input: unknown
    output: unknown
  }
  also: {
    when: string
    operation: string
    method: string
    path: string
  }[]
  dedupe: {
    items: string
    id: string[]
    version: string[]
    request: string[]
    newest: {
      [name: string]: unknown
    }
    keys: {
      id: string
      version: string
    }[]
  } | null
  sample: unknown
  sampleInput: unknown
}

type SecurityEvent = {
  id: string
  at: string
  event: string
  title: string | null
  outcome: "done" | "refused"
  who: string | null
  whoName: string | null
  address: string
  traceId: string
  status: number | null
  detail: string | null
  about: {
    what: "person" | "token" | "app" | "webhook" | "session" | "location" | "agency" | "email" | "role" | "name"
    id: string | null
    name: string | null
  }[]
  repeats: number
}

/**
 * Method, path, and the names of what travels in the query; the rest of the input is in the path or the body. Of a GET
 * all that is not in the path is in the query: only whether it takes the company is told.
 */
export type Line = readonly [string, string, (readonly string[])?]

/** Of those that the frame and its first screen call; `more-lines.ts` has the others. */
export const LINES = {
  'snapshots.list': ['GET', '/snapshots/', ['companyId']],
  'pushes.list': ['GET', '/snapshots/pushes', ['companyId']],
  'pushes.get': ['GET', '/snapshots/pushes/:pushId', ['companyId']],
  'pushes.target': ['GET', '/snapshots/pushes/:pushId/targets/:locationId', ['companyId']],
  'snapshots.plan': ['POST', '/snapshots/:snapshotId/plan', ['companyId', 'unchanged', 'limit', 'after', 'locationId', 'query', 'kind', 'action']],
  'snapshots.conflicts': ['GET', '/snapshots/:snapshotId/conflicts', ['companyId']],
  'snapshots.settleConflicts': ['POST', '/snapshots/:snapshotId/conflicts', ['companyId', 'unchanged', 'limit', 'after', 'locationId', 'query', 'kind', 'action']],
  'fleet.list': ['GET', '/fleet', ['companyId']],
  'fleet.changes': ['GET', '/fleet/changes', ['companyId']],
  'locations.get': ['GET', '/locations/:locationId'],
  'locations.search': ['GET', '/locations/search', ['companyId']],
  'locations.assets': ['GET', '/locations/:locationId/assets'],
  'locations.asset': ['GET', '/locations/:locationId/assets/:kind/:assetId'],
  'contacts.get': ['GET', '/contacts/:contactId'],
  'contacts.search': ['POST', '/contacts/search'],
  'users.search': ['GET', '/users/search', ['companyId']],
  'users.get': ['GET', '/users/:userId'],
  'people.accept': ['POST', '/people/accept'],
} satisfies { readonly [name in keyof Operations]?: Line }

/** Kinds of assets in the order in which they are pushed, and what one of each is called. */
export const KINDS: Readonly<Record<string, string>> = {
  custom_fields: 'Custom Field',
  custom_values: 'Custom Value',
  tags: 'Tag',
  pipelines: 'Pipeline',
  ticket_pipelines: 'Ticket Pipeline',
  lost_reasons: 'Lost Reason',
  objects: 'Custom Object',
  object_fields: 'Object Field',
  associations: 'Association',
  trigger_links: 'Trigger Link',
  templates: 'Template',
  email_templates: 'E-mail Template',
  calendar_groups: 'Calendar Group',
  calendar_resources: 'Calendar Resource',
  calendars: 'Calendar',
  service_locations: 'Service Location',
  calendar_services: 'Service',
  forms: 'Form',
  surveys: 'Survey',
  funnels: 'Funnel',
  workflows: 'Workflow',
  campaigns: 'Campaign',
}
