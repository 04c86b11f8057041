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
      limit?: number
      after?: string
    }
    output: {
      drift: Drift[]
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
  'snapshots.standing': {
    input: {
      companyId: string
      snapshotId: string
      limit?: number
      after?: string
    }
    output: {
      locations: Standing[]
      after: string | null
    }
  }
  'snapshots.status': {
    input: {
      companyId: string
      snapshotId: string
      from: string
      to: string
      lastDoc?: string
      limit?: number
    }
    output: {
      data: PushStatus[]
    }
  }
  'snapshots.latestStatus': {
    input: {
      companyId: string
      snapshotId: string
      locationId: string
    }
    output: {
      data: LatestPushStatus
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
      only?: {
        kind: string
        lineage: string
      }[]
      stages?: Record<string, string | null>
      unchanged?: boolean
      limit?: number
      after?: string
      locationId?: string
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
      sort?: "name" | "state" | "drifted" | "behind" | "lastPush" | "lastChange"
      order?: "asc" | "desc"
      broken?: boolean
      skip?: number
      limit?: number
    }
    output: {
      locations: FleetLocation[]
      total: number
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
  'locations.update': {
    input: {
      locationId: string
      companyId: string
      name?: string
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
      snapshot?: {
        id: string
        override?: boolean
      }
    }
    output: PushedLocation
  }
  'locations.delete': {
    input: {
      locationId: string
      deleteTwilioAccount?: boolean
    }
    output: {
      success: boolean
      message: string
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
  'locations.timezones': {
    input: {
      locationId: string
    }
    output: {
      timeZones: string[]
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
  'customFields.create': {
    input: {
      locationId: string
      name: string
      dataType: string
      fieldKey?: string
      placeholder?: string
      position?: number
      model?: "contact" | "opportunity"
      acceptedFormat?: string[]
      isMultipleFile?: boolean
      maxNumberOfFiles?: number
      textBoxListOptions?: {
        label?: string
        prefillValue?: string
      }[]
      description?: string
      showInForms?: boolean
      options?: string[]
      picklistOptions?: string[]
      picklistImageOptions?: string[]
      isAllowedCustomOption?: boolean
      isMultiFileAllowed?: boolean
      maxFileLimit?: number
      documentType?: "field" | "folder"
      parentId?: string
    }
    output: {
      customField: CustomField
    }
  }
  'customFields.get': {
    input: {
      locationId: string
      id: string
    }
    output: {
      customField: CustomField
    }
  }
  'customFields.update': {
    input: {
      locationId: string
      id: string
      name?: string
      dataType?: string
      placeholder?: string
      position?: number
      model?: "contact" | "opportunity"
      acceptedFormat?: string[]
      isMultipleFile?: boolean
      maxNumberOfFiles?: number
      textBoxListOptions?: {
        label?: string
        prefillValue?: string
      }[]
      description?: string
      showInForms?: boolean
      options?: string[]
      picklistOptions?: string[]
      picklistImageOptions?: string[]
      isAllowedCustomOption?: boolean
      isMultiFileAllowed?: boolean
      maxFileLimit?: number
      documentType?: "field" | "folder"
      parentId?: string
    }
    output: {
      customField: CustomField
    }
  }
  'customFields.delete': {
    input: {
      locationId: string
      id: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'customValues.list': {
    input: {
      locationId: string
      limit?: unknown
    }
    output: {
      customValues: CustomValue[]
    }
  }
  'customValues.create': {
    input: {
      locationId: string
      name: string
      value: string
      default?: string
    }
    output: {
      customValue: CustomValue
    }
  }
  'customValues.get': {
    input: {
      locationId: string
      id: string
    }
    output: {
      customValue: CustomValue
    }
  }
  'customValues.update': {
    input: {
      locationId: string
      id: string
      name?: string
      value?: string
      default?: string
    }
    output: {
      customValue: CustomValue
    }
  }
  'customValues.delete': {
    input: {
      locationId: string
      id: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'tags.list': {
    input: {
      locationId: string
    }
    output: {
      tags: Tag[]
    }
  }
  'tags.create': {
    input: {
      locationId: string
      name: string
    }
    output: {
      tag: Tag
    }
  }
  'tags.get': {
    input: {
      locationId: string
      tagId: string
    }
    output: {
      tag: Tag
    }
  }
  'tags.update': {
    input: {
      locationId: string
      tagId: string
      name: string
    }
    output: {
      tag: Tag
    }
  }
  'tags.delete': {
    input: {
      locationId: string
      tagId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'associations.list': {
    input: {
      locationId: string
      skip?: number
      limit?: number
    }
    output: {
      associations: Association[]
      total: number
    }
  }
  'associations.create': {
    input: {
      locationId: string
      key: string
      firstObjectLabel: string
      firstObjectKey: string
      secondObjectLabel: string
      secondObjectKey: string
    }
    output: Association
  }
  'associations.getByKey': {
    input: {
      key_name: string
      locationId: string
    }
    output: Association
  }
  'associations.getByObjectKey': {
    input: {
      objectKey: string
      locationId?: string
    }
    output: {
      id: string
      locationId: string
      key: string
      firstObjectLabel: string
      firstObjectKey: string
      secondObjectLabel: string
      secondObjectKey: string
      associationType: "USER_DEFINED" | "SYSTEM_DEFINED"
      associations: Association[]
    }
  }
  'associations.get': {
    input: {
      associationId: string
    }
    output: Association
  }
  'associations.update': {
    input: {
      associationId: string
      firstObjectLabel?: string
      secondObjectLabel?: string
    }
    output: Association
  }
  'associations.delete': {
    input: {
      associationId: string
    }
    output: {
      deleted: boolean
      id: string
      message: string
    }
  }
  'links.list': {
    input: {
      locationId: string
    }
    output: {
      links: TriggerLink[]
    }
  }
  'links.search': {
    input: {
      locationId: string
      query?: string
      skip?: number
      limit?: number
    }
    output: {
      links: TriggerLink[]
    }
  }
  'links.get': {
    input: {
      linkId: string
      locationId?: string
    }
    output: {
      link: TriggerLink
    }
  }
  'links.create': {
    input: {
      locationId: string
      name: string
      redirectTo: string
    }
    output: {
      link: TriggerLink
    }
  }
  'links.update': {
    input: {
      linkId: string
      name?: string
      redirectTo?: string
    }
    output: {
      link: TriggerLink
    }
  }
  'links.delete': {
    input: {
      linkId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'templates.list': {
    input: {
      locationId: string
      originId?: string
      deleted?: boolean
      skip?: number
      limit?: number
      type?: "sms" | "email" | "whatsapp"
    }
    output: {
      templates: Template[]
      totalCount: number
    }
  }
  'templates.delete': {
    input: {
      locationId: string
      id: string
    }
    output: Record<string, unknown>
  }
  'emails.list': {
    input: {
      locationId: string
      limit?: number
      offset?: number
      search?: string
      sortByDate?: string
      archived?: string
      builderVersion?: "1" | "2"
      name?: string
      parentId?: string
      originId?: string
      templatesOnly?: string
      sortBy?: "updatedAt"
      include?: "all" | "templates" | "folders"
    }
    output: {
      builders: ListedEmailTemplate[]
      total: number
      traceId: string
    }
  }
  'emails.create': {
    input: {
      locationId: string
      name?: string
      title?: string
      type?: "html" | "folder" | "import" | "builder" | "blank"
      builderVersion?: "1" | "2"
      parentId?: string
      templateDataUrl?: string
      importProvider?: "mailchimp" | "active_campaign" | "kajabi"
      importURL?: string
      templateSource?: string
      isPlainText?: boolean
      subject?: string
      previewText?: string
      editorType?: "html" | "builder" | "text"
      fromName?: string
      fromEmail?: string
      archived?: boolean
      html?: string
      dnd?: {
        elements: unknown[]
        attrs: Record<string, unknown>
        templateSettings?: Record<string, unknown>
      }
      updatedBy?: string
    }
    output: {
      redirect: string
      id: string
      name: string
      editorType: "html" | "builder" | "text"
      isPlainText: boolean
      archived: boolean
      deleted: boolean
      parentFolderId?: string
      fromName: string
      fromEmail: string
      subject: string
      subjectLine: string
      previewText: string
      previewUrl: string
      createdAt: string
      updatedAt: string
      traceId: string
    }
  }
  'emails.update': {
    input: {
      locationId: string
      templateId: string
      updatedBy?: string
      dnd?: {
        elements: unknown[]
        attrs: Record<string, unknown>
        templateSettings?: Record<string, unknown>
      }
      html?: string
      editorType?: "html" | "builder" | "text"
      previewText?: string
      isPlainText?: boolean
      subject?: string
      name?: string
    }
    output: {
      ok: string
      traceId: string
    }
  }
  'emails.delete': {
    input: {
      locationId: string
      templateId: string
    }
    output: {
      ok: string
      traceId: string
    }
  }
  'emailSchedules.list': {
    input: {
      locationId: string
      limit?: number
      offset?: number
      status?: "active" | "pause" | "complete" | "cancelled" | "retry" | "draft" | "resend-scheduled"
      emailStatus?: "all" | "not-started" | "paused" | "cancelled" | "processing" | "resumed" | "next-drip" | "complete" | "success" | "error" | "waiting" | "queued" | "queueing" | "reading" | "scheduled"
      name?: string
      parentId?: string
      archived?: boolean
      campaignsOnly?: boolean
      limitedFields?: boolean
      showStats?: boolean
    }
    output: {
      schedules: EmailSchedule[]
      total: number
      traceId: string
    }
  }
  'forms.list': {
    input: {
      locationId: string
      skip?: number
      limit?: number
      type?: string
    }
    output: {
      forms: ListedForm[]
      total: number
    }
  }
  'surveys.list': {
    input: {
      locationId: string
      skip?: number
      limit?: number
      type?: string
    }
    output: {
      surveys: ListedSurvey[]
      total: number
    }
  }
  'funnels.list': {
    input: {
      locationId: string
      type?: string
      category?: string
      offset?: number
      limit?: number
      parentId?: string
      name?: string
    }
    output: {
      funnels: ListedFunnel[]
      count: number
      traceId: string
    }
  }
  'funnels.listPages': {
    input: {
      locationId: string
      funnelId: string
      name?: string
      offset?: number
      limit?: number
    }
    output: {
      _id: string
      locationId: string
      funnelId: string
      name: string
      stepId: string
      deleted: boolean
      updatedAt: string
    }[]
  }
  'funnels.countPages': {
    input: {
      locationId: string
      funnelId: string
      name?: string
    }
    output: {
      count: number
    }
  }
  'redirects.create': {
    input: {
      locationId: string
      domain: string
      path: string
      target: string
      action: "funnel" | "website" | "url" | "all" | "URL"
    }
    output: {
      data: Redirect
    }
  }
  'redirects.update': {
    input: {
      id: string
      locationId: string
      target: string
      action: "funnel" | "website" | "url" | "all" | "URL"
    }
    output: {
      data: Redirect
    }
  }
  'redirects.delete': {
    input: {
      id: string
      locationId: string
    }
    output: {
      data: {
        status: string
      }
    }
  }
  'redirects.list': {
    input: {
      locationId: string
      limit: number
      offset: number
      search?: string
    }
    output: {
      data: {
        count: number
        data: Redirect[]
      }
    }
  }
  'workflows.list': {
    input: {
      locationId: string
    }
    output: {
      workflows: ListedWorkflow[]
    }
  }
  'campaigns.list': {
    input: {
      locationId: string
      status?: string
    }
    output: {
      campaigns: ListedCampaign[]
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
  'contacts.create': {
    input: {
      locationId: string
      firstName?: string | null
      lastName?: string | null
      name?: string | null
      email?: string | null
      phone?: string | null
      gender?: string | null
      address1?: string | null
      city?: string | null
      state?: string | null
      country?: string | null
      postalCode?: string | null
      website?: string | null
      timezone?: string | null
      companyName?: string | null
      source?: string | null
      dateOfBirth?: string | null
      assignedTo?: string | null
      type?: string
      tags?: string[]
      customFields?: {
        id?: string
        key?: string
        field_value?: unknown
        fieldValue?: unknown
        value?: unknown
      }[]
      dnd?: boolean
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
      additionalEmails?: string[]
      additionalPhones?: string[]
    }
    output: {
      contact: Contact
      traceId: string
    }
  }
  'contacts.update': {
    input: {
      contactId: string
      firstName?: string | null
      lastName?: string | null
      name?: string | null
      email?: string | null
      phone?: string | null
      gender?: string | null
      address1?: string | null
      city?: string | null
      state?: string | null
      country?: string | null
      postalCode?: string | null
      website?: string | null
      timezone?: string | null
      companyName?: string | null
      source?: string | null
      dateOfBirth?: string | null
      assignedTo?: string | null
      type?: string
      tags?: string[]
      customFields?: {
        id?: string
        key?: string
        field_value?: unknown
        fieldValue?: unknown
        value?: unknown
      }[]
      dnd?: boolean
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
      additionalEmails?: string[]
      additionalPhones?: string[]
    }
    output: {
      succeded: boolean
      succeeded: boolean
      contact: Contact
    }
  }
  'contacts.delete': {
    input: {
      contactId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'contacts.upsert': {
    input: {
      locationId: string
      firstName?: string | null
      lastName?: string | null
      name?: string | null
      email?: string | null
      phone?: string | null
      gender?: string | null
      address1?: string | null
      city?: string | null
      state?: string | null
      country?: string | null
      postalCode?: string | null
      website?: string | null
      timezone?: string | null
      companyName?: string | null
      source?: string | null
      dateOfBirth?: string | null
      assignedTo?: string | null
      type?: string
      tags?: string[]
      customFields?: {
        id?: string
        key?: string
        field_value?: unknown
        fieldValue?: unknown
        value?: unknown
      }[]
      dnd?: boolean
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
      additionalEmails?: string[]
      additionalPhones?: string[]
      createNewIfDuplicateAllowed?: boolean
    }
    output: {
      succeded: boolean
      succeeded: boolean
      new: boolean
      contact: Contact
      traceId: string
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
  'contacts.findDuplicate': {
    input: {
      locationId?: string
      number?: string
      email?: string
    }
    output: {
      contact: Contact | null
      matchingField?: "email" | "phone"
      traceId: string
    }
  }
  'contacts.list': {
    input: {
      locationId?: string
      limit?: number
      startAfter?: number
      startAfterId?: string
      query?: string
      order?: "asc" | "desc"
      sortBy?: "date_added" | "date_updated"
    }
    output: {
      contacts: ListedContact[]
      count: number
      meta: {
        [name: string]: unknown
      }
      traceId: string
    }
  }
  'contacts.listByBusiness': {
    input: {
      locationId?: string
      businessId: string
      limit?: number
      skip?: number
      query?: string
    }
    output: {
      contacts: ListedContact[]
      count: number
    }
  }
  'contacts.addTags': {
    input: {
      contactId: string
      tags: string[]
    }
    output: {
      tags: string[]
      tagsAdded: string[]
    }
  }
  'contacts.removeTags': {
    input: {
      contactId: string
      tags: string[]
    }
    output: {
      tags: string[]
      tagsRemoved: string[]
    }
  }
  'contacts.bulkTags': {
    input: {
      type: "add" | "remove"
      locationId: string
      contacts: string[]
      tags: string[]
      removeAllTags?: boolean
    }
    output: {
      succeded: boolean
      succeeded: boolean
      errorCount: number
      responses: string[]
    }
  }
  'contacts.listTasks': {
    input: {
      contactId: string
      limit?: number
    }
    output: {
      tasks: Task[]
    }
  }
  'contacts.getTask': {
    input: {
      contactId: string
      taskId: string
    }
    output: {
      task: Task
    }
  }
  'contacts.createTask': {
    input: {
      contactId: string
      title: string
      body?: string
      dueDate: string
      completed: boolean
      assignedTo?: string
    }
    output: {
      task: Task
    }
  }
  'contacts.updateTask': {
    input: {
      contactId: string
      taskId: string
      title?: string | null
      body?: string | null
      dueDate?: string | null
      completed?: boolean
      assignedTo?: string | null
    }
    output: {
      task: Task
    }
  }
  'contacts.completeTask': {
    input: {
      contactId: string
      taskId: string
      completed: boolean
    }
    output: {
      task: Task
    }
  }
  'contacts.deleteTask': {
    input: {
      contactId: string
      taskId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'tasks.search': {
    input: {
      locationId: string
      contactId?: string[]
      completed?: boolean
      assignedTo?: string[]
      query?: string
      businessId?: string
      limit?: number
      skip?: number
    }
    output: {
      tasks: FoundTask[]
      total: number
      traceId: string
    }
  }
  'recurringTasks.create': {
    input: {
      locationId: string
      title: string
      description?: string
      contactIds?: string[]
      owners?: string[]
      ignoreTaskCreation?: boolean
      rruleOptions: {
        intervalType: "yearly" | "monthly" | "weekly" | "daily" | "hourly"
        interval: number
        startDate: string
        endDate?: string
        dayOfMonth?: number
        dayOfWeek?: "MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU"
        monthOfYear?: number
        count?: number
        createTaskIfOverDue?: boolean
        dueAfterSeconds: number
      }
    }
    output: {
      recurringTask: RecurringTask
    }
  }
  'recurringTasks.get': {
    input: {
      locationId: string
      id: string
    }
    output: {
      recurringTask: RecurringTask
    }
  }
  'recurringTasks.update': {
    input: {
      locationId: string
      id: string
      title?: string
      description?: string
      contactIds?: string[]
      owners?: string[]
      ignoreTaskCreation?: boolean
      rruleOptions?: {
        intervalType: "yearly" | "monthly" | "weekly" | "daily" | "hourly"
        interval: number
        startDate: string
        endDate?: string
        dayOfMonth?: number
        dayOfWeek?: "MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU"
        monthOfYear?: number
        count?: number
        createTaskIfOverDue?: boolean
        dueAfterSeconds: number
      }
    }
    output: {
      recurringTask: RecurringTask
    }
  }
  'recurringTasks.delete': {
    input: {
      locationId: string
      id: string
    }
    output: {
      id: string
      success: boolean
    }
  }
  'contacts.listNotes': {
    input: {
      contactId: string
    }
    output: {
      notes: Note[]
    }
  }
  'contacts.getNote': {
    input: {
      contactId: string
      id: string
    }
    output: {
      note: Note
    }
  }
  'contacts.createNote': {
    input: {
      contactId: string
      body: string
      userId?: string | null
      title?: string
      color?: string
      pinned?: boolean
    }
    output: {
      note: Note
    }
  }
  'contacts.updateNote': {
    input: {
      contactId: string
      id: string
      body?: string
      userId?: string | null
      title?: string
      color?: string
      pinned?: boolean
    }
    output: {
      note: Note
    }
  }
  'contacts.deleteNote': {
    input: {
      contactId: string
      id: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'contacts.addToWorkflow': {
    input: {
      contactId: string
      workflowId: string
      eventStartTime?: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'contacts.removeFromWorkflow': {
    input: {
      contactId: string
      workflowId: string
      eventStartTime?: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'contacts.addToCampaign': {
    input: {
      contactId: string
      campaignId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'contacts.removeFromCampaign': {
    input: {
      contactId: string
      campaignId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'contacts.removeFromAllCampaigns': {
    input: {
      contactId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'contacts.addFollowers': {
    input: {
      contactId: string
      followers: string[]
    }
    output: {
      followers: string[]
      followersAdded: string[]
    }
  }
  'contacts.removeFollowers': {
    input: {
      contactId: string
      followers: string[]
    }
    output: {
      followers: string[]
      followersRemoved: string[]
    }
  }
  'contacts.bulkBusiness': {
    input: {
      locationId: string
      ids: string[]
      businessId: string | null
    }
    output: {
      success: boolean
      ids: string[]
    }
  }
  'contacts.listAppointments': {
    input: {
      contactId: string
    }
    output: {
      events: ContactAppointment[]
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
  'businesses.create': {
    input: {
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
    }
    output: {
      success: boolean
      buiseness: Business
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
  'businesses.update': {
    input: {
      businessId: string
      name?: string
      phone?: string
      email?: string
      website?: string
      address?: string
      city?: string
      state?: string
      postalCode?: string
      country?: string
      description?: string
    }
    output: {
      success: boolean
      buiseness: Business
    }
  }
  'businesses.delete': {
    input: {
      businessId: string
    }
    output: {
      success: boolean
    }
  }
  'relations.create': {
    input: {
      locationId: string
      associationId: string
      firstRecordId: string
      secondRecordId: string
    }
    output: Relation
  }
  'relations.list': {
    input: {
      recordId: string
      locationId: string
      skip: number
      limit: number
      associationIds?: string[]
    }
    output: {
      relations: Relation[]
      total: number
      traceId: string
    }
  }
  'relations.delete': {
    input: {
      relationId: string
      locationId: string
    }
    output: Relation & {
      deleted: boolean
    }
  }
  'objects.list': {
    input: {
      locationId: string
    }
    output: {
      objects: CustomObject[]
    }
  }
  'objects.create': {
    input: {
      locationId: string
      labels: {
        singular: string
        plural: string
      }
      key: string
      description?: string
      primaryDisplayPropertyDetails: {
        key: string
        name: string
        dataType: "TEXT" | "LARGE_TEXT" | "NUMERICAL" | "PHONE" | "MONETORY" | "CHECKBOX" | "SINGLE_OPTIONS" | "MULTIPLE_OPTIONS" | "DATE" | "TEXTBOX_LIST" | "FILE_UPLOAD" | "RADIO" | "EMAIL"
      }
    }
    output: {
      object: CustomObject
    }
  }
  'objects.get': {
    input: {
      key: string
      locationId: string
      fetchProperties?: string
    }
    output: {
      object: CustomObject
      cache: boolean
      fields?: ObjectField[]
    }
  }
  'objects.update': {
    input: {
      key: string
      locationId: string
      labels?: {
        singular?: string
        plural?: string
      }
      description?: string
      searchableProperties: string[]
    }
    output: {
      object: CustomObject
    }
  }
  'objects.createRecord': {
    input: {
      schemaKey: string
      locationId: string
      properties: Record<string, unknown>
      owner?: string[]
      followers?: string[]
    }
    output: {
      record: ObjectRecord
    }
  }
  'objects.getRecord': {
    input: {
      schemaKey: string
      id: string
    }
    output: {
      record: ObjectRecord
    }
  }
  'objects.updateRecord': {
    input: {
      schemaKey: string
      id: string
      locationId: string
      properties?: Record<string, unknown>
      owner?: string[]
      followers?: string[]
    }
    output: {
      record: ObjectRecord
    }
  }
  'objects.deleteRecord': {
    input: {
      schemaKey: string
      id: string
    }
    output: {
      id: string
      success: boolean
    }
  }
  'objects.searchRecords': {
    input: {
      schemaKey: string
      locationId: string
      page?: number
      pageLimit?: number
      query?: string
      searchAfter?: (string | number)[]
    }
    output: {
      records: FoundObjectRecord[]
      total: number
    }
  }
  'objectFields.listByObject': {
    input: {
      objectKey: string
      locationId: string
    }
    output: {
      fields: ObjectField[]
      folders: ObjectField[]
    }
  }
  'objectFields.create': {
    input: {
      locationId: string
      objectKey: string
      name?: string
      fieldKey?: string
      dataType: "TEXT" | "LARGE_TEXT" | "NUMERICAL" | "PHONE" | "MONETORY" | "CHECKBOX" | "SINGLE_OPTIONS" | "MULTIPLE_OPTIONS" | "DATE" | "TEXTBOX_LIST" | "FILE_UPLOAD" | "RADIO" | "EMAIL"
      parentId?: string
      description?: string
      placeholder?: string
      showInForms?: boolean
      options?: {
        key?: string
        label: string
        url?: string
      }[]
      acceptedFormats?: ".pdf" | ".docx" | ".doc" | ".jpg" | ".jpeg" | ".png" | ".gif" | ".csv" | ".xlsx" | ".xls" | "all"
      maxFileLimit?: number
      allowCustomOption?: boolean
    }
    output: {
      field: ObjectField
    }
  }
  'objectFields.get': {
    input: {
      id: string
    }
    output: {
      field: ObjectField
    }
  }
  'objectFields.update': {
    input: {
      id: string
      locationId: string
      name?: string
      description?: string
      placeholder?: string
      showInForms?: boolean
      options?: {
        key?: string
        label: string
        url?: string
      }[]
      acceptedFormats?: ".pdf" | ".docx" | ".doc" | ".jpg" | ".jpeg" | ".png" | ".gif" | ".csv" | ".xlsx" | ".xls" | "all"
      maxFileLimit?: number
      allowCustomOption?: boolean
    }
    output: {
      field: ObjectField
    }
  }
  'objectFields.delete': {
    input: {
      id: string
    }
    output: {
      succeded: boolean
      id: string
      key: string
    }
  }
  'objectFields.createFolder': {
    input: {
      locationId: string
      objectKey: string
      name: string
    }
    output: FieldFolder
  }
  'objectFields.updateFolder': {
    input: {
      id: string
      locationId: string
      name: string
    }
    output: FieldFolder
  }
  'objectFields.deleteFolder': {
    input: {
      id: string
      locationId: string
    }
    output: {
      succeded: boolean
      id: string
      key: string
    }
  }
  'opportunities.search': {
    input: {
      location_id?: string
      locationId?: string
      q?: string
      id?: string
      pipeline_id?: string
      pipeline_stage_id?: string
      contact_id?: string
      status?: "open" | "won" | "lost" | "abandoned" | "all"
      assigned_to?: string
      campaignId?: string
      country?: string
      date?: string
      endDate?: string
      order?: "added_asc" | "added_desc" | "updated_asc" | "updated_desc" | "name_asc" | "name_desc"
      page?: number
      limit?: number
      startAfter?: string
      startAfterId?: string
      getTasks?: boolean
      getNotes?: boolean
      getCalendarEvents?: boolean
    }
    output: {
      opportunities: Opportunity[]
      meta: {
        total: number
        currentPage: number
        nextPage?: number
        prevPage?: number
        nextPageUrl?: string
        startAfter?: number
        startAfterId?: string
      }
      aggregations: {
        [name: string]: unknown
      }
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
  'opportunities.create': {
    input: {
      locationId: string
      pipelineId: string
      name: string
      status: "open" | "won" | "lost" | "abandoned"
      contactId: string
      pipelineStageId?: string
      monetaryValue?: number | null
      assignedTo?: string | null
      source?: string | null
      lostReasonId?: string | null
      forecastExpectedCloseDate?: string | null
      forecastProbability?: number | null
      customFields?: {
        id?: string
        key?: string
        field_value?: unknown
        fieldValue?: unknown
        value?: unknown
      }[]
    }
    output: {
      opportunity: Opportunity
    }
  }
  'opportunities.update': {
    input: {
      id: string
      pipelineId?: string
      name?: string
      status?: "open" | "won" | "lost" | "abandoned"
      pipelineStageId?: string
      monetaryValue?: number | null
      assignedTo?: string | null
      source?: string | null
      lostReasonId?: string | null
      forecastExpectedCloseDate?: string | null
      forecastProbability?: number | null
      customFields?: {
        id?: string
        key?: string
        field_value?: unknown
        fieldValue?: unknown
        value?: unknown
      }[]
    }
    output: {
      opportunity: Opportunity
    }
  }
  'opportunities.delete': {
    input: {
      id: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
      success: boolean
    }
  }
  'opportunities.setStatus': {
    input: {
      id: string
      status: "open" | "won" | "lost" | "abandoned"
      lostReasonId?: string | null
    }
    output: {
      succeded: boolean
      succeeded: boolean
      success: boolean
    }
  }
  'opportunities.upsert': {
    input: {
      locationId: string
      pipelineId: string
      id?: string
      contactId?: string
      name?: string
      status?: "open" | "won" | "lost" | "abandoned"
      pipelineStageId?: string
      monetaryValue?: number | null
      assignedTo?: string | null
      source?: string | null
      lostReasonId?: string | null
      forecastExpectedCloseDate?: string | null
      forecastProbability?: number | null
      customFields?: {
        id?: string
        key?: string
        field_value?: unknown
        fieldValue?: unknown
        value?: unknown
      }[]
      followers?: string[]
      followersActionType?: "add" | "remove"
      isRemoveAllFollowers?: boolean
    }
    output: {
      opportunity: Opportunity
      new: boolean
      traceId: string
    }
  }
  'opportunities.addFollowers': {
    input: {
      id: string
      followers: string[]
    }
    output: {
      followers: string[]
      followersAdded: string[]
    }
  }
  'opportunities.removeFollowers': {
    input: {
      id: string
      followers?: string[]
      isRemoveAllFollowers?: boolean
    }
    output: {
      followers: string[]
      followersRemoved: string[]
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
  'lostReasons.list': {
    input: {
      locationId: string
      name?: string
      query?: string
      deleted?: boolean
      getCount?: boolean
      skip?: number
      limit?: number
    }
    output: {
      lostReasons: ListedLostReason[]
      total: number
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
  'users.filterByEmail': {
    input: {
      companyId: string
      emails: string | string[]
      deleted?: boolean
      skip?: string | number
      limit?: string | number
      projection?: string
    }
    output: {
      users: User[]
      count: number
    }
  }
  'users.listByLocation': {
    input: {
      locationId: string
    }
    output: {
      users: User[]
    }
  }
  'users.create': {
    input: {
      companyId: string
      firstName: string
      lastName: string
      email: string
      password: string
      type: "account" | "agency"
      role: "admin" | "user"
      locationIds: string[]
      phone?: string
      permissions?: Record<string, boolean>
      scopes?: string[]
      scopesAssignedToOnly?: string[]
      profilePhoto?: string
      twilioPhone?: Record<string, string>
      platformLanguage?: "en_US" | "es" | "fr_CA" | "fr_FR" | "nl" | "de" | "pt_PT" | "pt_BR" | "it" | "sv" | "da" | "fi" | "no"
    }
    output: User
  }
  'users.get': {
    input: {
      userId: string
    }
    output: User
  }
  'users.update': {
    input: {
      userId: string
      companyId?: string
      firstName?: string
      lastName?: string
      email?: string
      password?: string
      type?: "account" | "agency"
      role?: "admin" | "user"
      locationIds?: string[]
      phone?: string
      permissions?: Record<string, boolean>
      scopes?: string[]
      scopesAssignedToOnly?: string[]
      profilePhoto?: string
      twilioPhone?: Record<string, string>
      platformLanguage?: "en_US" | "es" | "fr_CA" | "fr_FR" | "nl" | "de" | "pt_PT" | "pt_BR" | "it" | "sv" | "da" | "fi" | "no"
    }
    output: User
  }
  'users.delete': {
    input: {
      userId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
      message: string
    }
  }
  'blogs.list': {
    input: {
      locationId: string
      skip: number
      limit: number
      searchTerm?: string
    }
    output: {
      data: Blog[]
    }
  }
  'blogs.listAuthors': {
    input: {
      locationId: string
      limit: number
      offset: number
    }
    output: {
      authors: BlogAuthor[]
    }
  }
  'blogs.listCategories': {
    input: {
      locationId: string
      limit: number
      offset: number
    }
    output: {
      categories: BlogCategory[]
    }
  }
  'blogs.listPosts': {
    input: {
      locationId: string
      blogId: string
      limit: number
      offset: number
      searchTerm?: string
      status?: "DRAFT" | "PUBLISHED" | "SCHEDULED" | "ARCHIVED"
    }
    output: {
      blogs: BlogPost[]
    }
  }
  'blogs.checkSlug': {
    input: {
      locationId: string
      urlSlug: string
      postId?: string
    }
    output: {
      exists: boolean
    }
  }
  'blogs.createPost': {
    input: {
      locationId: string
      blogId: string
      title: string
      imageUrl: string
      description: string
      rawHTML: string
      status: "DRAFT" | "PUBLISHED" | "SCHEDULED" | "ARCHIVED"
      imageAltText: string
      categories: string[]
      tags?: string[]
      author: string
      urlSlug: string
      canonicalLink?: string
      wordCount?: number
      publishedAt: string
    }
    output: {
      data: BlogPost
    }
  }
  'blogs.updatePost': {
    input: {
      postId: string
      locationId: string
      blogId?: string
      title?: string
      imageUrl?: string
      description?: string
      rawHTML?: string
      status?: "DRAFT" | "PUBLISHED" | "SCHEDULED" | "ARCHIVED"
      imageAltText?: string
      categories?: string[]
      tags?: string[]
      author?: string
      urlSlug?: string
      canonicalLink?: string
      wordCount?: number
      publishedAt?: string
    }
    output: {
      updatedBlogPost: BlogPost
    }
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
      feedback?: Record<string, unknown>
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
  'conversations.create': {
    input: {
      locationId: string
      contactId: string
    }
    output: {
      success: boolean
      conversation: Conversation
    }
  }
  'conversations.update': {
    input: {
      conversationId: string
      locationId: string
      unreadCount?: number
      starred?: boolean
      feedback?: Record<string, unknown>
    }
    output: {
      success: boolean
      conversation: Conversation
    }
  }
  'conversations.delete': {
    input: {
      conversationId: string
    }
    output: {
      success: boolean
    }
  }
  'conversations.typing': {
    input: {
      locationId: string
      isTyping: string | boolean
      visitorId: string
      conversationId: string
    }
    output: {
      success: boolean
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
  'messages.get': {
    input: {
      id: string
    }
    output: {
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
      message: Message
    }
  }
  'messages.email': {
    input: {
      id: string
    }
    output: Email
  }
  'messages.export': {
    input: {
      locationId: string
      limit?: number
      cursor?: string
      sortBy?: "createdAt" | "updatedAt"
      sortOrder?: "asc" | "desc"
      conversationId?: string
      contactId?: string
      channel?: "Call" | "SMS" | "Email" | "WhatsApp" | "Instagram" | "Facebook"
      startDate?: string
      endDate?: string
    }
    output: {
      messages: Message[]
      nextCursor?: string
      total: number
    }
  }
  'messages.send': {
    input: {
      type: "SMS" | "RCS" | "Email" | "WhatsApp" | "IG" | "FB" | "Custom" | "Live_Chat" | "TIKTOK"
      locationId?: string
      subType?: unknown
      contactId: string
      appointmentId?: string
      attachments?: string[]
      emailFrom?: string
      emailCc?: string[]
      emailBcc?: string[]
      html?: string
      message?: string
      subject?: string
      replyMessageId?: string
      templateId?: string
      threadId?: string
      scheduledTimestamp?: number
      conversationProviderId?: string
      emailTo?: string
      customSubtypeId?: string
      emailReplyMode?: "reply" | "reply_all"
      fromNumber?: string
      toNumber?: string
      forward?: {
        isForwarded: boolean
        forwardWholeThread?: boolean
        messageId?: string
        emailMessageId?: string
        sourceContactId?: string
        sourceConversationId?: string
        toEmail?: string
        recipientContactId?: string
        recipientConversationId?: string
      }
      status?: "delivered" | "failed" | "pending" | "read"
      usesNativeSchedulingAi?: boolean
      optimizationPeriod?: "24h" | "48h" | "72h"
    }
    output: {
      conversationId: string
      emailMessageId?: string
      messageId: string
      status: "delivered" | "failed" | "pending" | "read"
      msg?: string
    }
  }
  'messages.replyToReview': {
    input: {
      conversationId: string
      locationId: string
      message: string
    }
    output: {
      conversationId: string
      emailMessageId?: string
      messageId: string
      status: "delivered" | "failed" | "pending" | "read"
      msg?: string
    }
  }
  'preferences.listSubtypes': {
    input: {
      locationId: string
    }
    output: {
      subtypes: MessageSubtype[]
    }
  }
  'preferences.createSubtype': {
    input: {
      locationId: string
      name: string
      description?: string
      channel: "email" | "sms"
      language: string
    }
    output: {
      subtype: MessageSubtype
    }
  }
  'preferences.updateSubtype': {
    input: {
      id: string
      locationId: string
      name?: string
      description?: string
      archived?: boolean
      resubscription_legal_form_id?: string
    }
    output: {
      subtype: MessageSubtype
    }
  }
  'preferences.getStatus': {
    input: {
      locationId: string
      contactId: string
      email?: string
    }
    output: {
      contactId: string
      emails: EmailSubscriptions[]
    }
  }
  'preferences.change': {
    input: {
      locationId: string
      contactId: string
      email: string
      subscription_action: {
        type: "default" | "custom" | "resub_all"
        subtype_name?: "One on One"
        subtype_id?: string
        subtype_status: "subscribed" | "unsubscribed"
      }
      legal_reason?: string
      legal_description?: string
    }
    output: {
      success: boolean
      contactId: string
      emails: EmailSubscriptions[]
    }
  }
  'messages.inbound': {
    input: {
      type: "SMS" | "RCS" | "Email" | "WhatsApp" | "GMB" | "IG" | "FB" | "Custom" | "WebChat" | "Live_Chat" | "Call" | "IVR_Call" | "Campaign_Call" | "Campaign_VoiceMail" | "TIKTOK" | "ALL_IN_ONE_CHAT" | "FORM_SUBMISSION"
      attachments?: string[]
      conversationId?: string
      conversationProviderId?: string
      altId?: string
      date?: string
      call?: {
        to?: string
        from?: string
        status?: "pending" | "completed" | "answered" | "busy" | "no-answer" | "failed" | "canceled" | "voicemail"
        duration?: number
      }
      message?: string
      contactId?: string
      html?: string
      subject?: string
      emailFrom?: string
      emailTo?: string
      emailCc?: string[]
      emailBcc?: string[]
      emailMessageId?: string
      direction?: "inbound" | "outbound"
      recording?: Record<string, unknown>
      transcription?: {
        transcript: string
        mediaChannel?: number
        sentenceIndex?: number
        startTime?: number
        endTime?: number
        confidence?: number
      }[] | {
        transcript: string
        mediaChannel?: number
        sentenceIndex?: number
        startTime?: number
        endTime?: number
        confidence?: number
      }
    }
    output: {
      success: boolean
      conversationId: string
      messageId: string
      message: string
      contactId: string
      dateAdded: string
      emailMessageId?: string
    }
  }
  'messages.outboundCall': {
    input: {
      type: "Call"
      attachments?: string[]
      conversationId?: string
      conversationProviderId?: string
      altId?: string
      date?: string
      call?: {
        to?: string
        from?: string
        status?: "pending" | "completed" | "answered" | "busy" | "no-answer" | "failed" | "canceled" | "voicemail"
        duration?: number
      }
    }
    output: {
      success: boolean
      conversationId: string
      messageId: string
      message: string
      contactId: string
      dateAdded: string
      emailMessageId?: string
    }
  }
  'messages.updateStatus': {
    input: {
      messageId: string
      status: "delivered" | "failed" | "pending" | "read"
      error?: {
        code: string
        type: string
        message: string
      }
      emailMessageId?: string
      recipients?: string[]
    }
    output: {
      conversationId: string
      emailMessageId?: string
      messageId: string
      status: "delivered" | "failed" | "pending" | "read"
      msg?: string
    }
  }
  'messages.setAttachments': {
    input: {
      messageId: string
      attachments: string[]
    }
    output: {
      success: boolean
      message: Message
    }
  }
  'messages.cancelScheduled': {
    input: {
      messageId: string
    }
    output: {
      status: number
      message: string
    }
  }
  'messages.cancelScheduledEmail': {
    input: {
      emailMessageId: string
    }
    output: {
      status: number
      message: string
    }
  }
  'recordings.get': {
    input: {
      locationId: string
      messageId: string
    }
    output: 'stream'
  }
  'transcriptions.get': {
    input: {
      locationId: string
      messageId: string
    }
    output: {
      mediaChannel: number
      sentenceIndex: number
      startTime: number
      endTime: number
      transcript: string
      confidence: number
      sentences: {
        mediaChannel: number
        sentenceIndex: number
        startTime: number
        endTime: number
        transcript: string
        confidence: number
      }[]
    }
  }
  'transcriptions.download': {
    input: {
      locationId: string
      messageId: string
    }
    output: 'stream'
  }
  'messages.upload': {
    input: {
      locationId: string
      conversationId?: string
      contactId?: string
      fileAttachment?: Record<string, unknown>[]
      attachmentUrls?: string[]
      isGroupSms?: string
      chatServiceSid?: string
    }
    output: {
      uploadedFiles: Record<string, string>
    }
  }
  'uploads.initiate': {
    input: {
      locationId: string
      conversationId: string
      filename: string
      contentType: string
      fileSize?: number
      channel: string
    }
    output: {
      uploadUrl: string
      uploadId: string
      filePath: string
      expiresAt: number
      maxFileSize: number
    }
  }
  'uploads.complete': {
    input: {
      uploadId: string
      filePath: string
      locationId: string
      conversationId: string
      filename: string
    }
    output: {
      uploadedFiles: Record<string, string>
      metadata: {
        size: number
        contentType: string
      }
    }
  }
  'customFields.upload': {
    input: {
      locationId: string
      id?: string
      maxFiles?: string
      files?: Record<string, unknown>[]
    }
    output: {
      uploadedFiles: Record<string, string>
      meta: {
        fieldname: string
        originalname: string
        encoding: string
        mimetype: string
        size: number
        url: string
      }[]
    }
  }
  'contacts.uploadFiles': {
    input: {
      contactId: string
      locationId: string
      files?: Record<string, unknown>[]
    }
    output: {
      contact: Contact
    }
  }
  'calendarGroups.list': {
    input: {
      locationId: string
    }
    output: {
      groups: CalendarGroup[]
    }
  }
  'calendarGroups.create': {
    input: {
      locationId: string
      name: string
      description: string
      slug: string
      isActive?: boolean
      coverImage?: string
    }
    output: {
      group: CalendarGroup
    }
  }
  'calendarGroups.validateSlug': {
    input: {
      locationId: string
      slug: string
    }
    output: {
      available: boolean
    }
  }
  'calendarGroups.update': {
    input: {
      groupId: string
      name?: string
      description?: string
      slug?: string
      isActive?: boolean
      coverImage?: string
    }
    output: {
      group: CalendarGroup
    }
  }
  'calendarGroups.setStatus': {
    input: {
      groupId: string
      isActive: boolean
    }
    output: {
      success: boolean
    }
  }
  'calendarGroups.delete': {
    input: {
      groupId: string
    }
    output: {
      success: boolean
    }
  }
  'calendarResources.list': {
    input: {
      resourceType: "equipments" | "rooms"
      locationId: string
      skip?: number
      limit?: number
    }
    output: CalendarResource[]
  }
  'calendarResources.create': {
    input: {
      resourceType: "equipments" | "rooms"
      locationId: string
      name: string
      isActive?: boolean
      description?: string
      quantity?: number
      outOfService?: number
      capacity?: number
      calendarIds?: string[]
    }
    output: CalendarResource
  }
  'calendarResources.get': {
    input: {
      resourceType: "equipments" | "rooms"
      id: string
    }
    output: CalendarResource
  }
  'calendarResources.update': {
    input: {
      resourceType: "equipments" | "rooms"
      id: string
      locationId?: string
      name?: string
      isActive?: boolean
      description?: string
      quantity?: number
      outOfService?: number
      capacity?: number
      calendarIds?: string[]
    }
    output: CalendarResource
  }
  'calendarResources.delete': {
    input: {
      resourceType: "equipments" | "rooms"
      id: string
    }
    output: {
      success: boolean
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
  'calendars.create': {
    input: {
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
      allowBookingAfterUnit?: "hours" | "days" | "weeks" | "months"
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
      guestType?: "count_only" | "collect_detail"
      consentLabel?: string
      calendarCoverImage?: string
      lookBusyConfig?: {
        enabled: boolean
        LookBusyPercentage: number
      }
      appointmentPerSlot?: number
    }
    output: {
      calendar: Calendar
    }
  }
  'calendars.get': {
    input: {
      calendarId: string
    }
    output: {
      calendar: Calendar
    }
  }
  'calendars.update': {
    input: {
      calendarId: string
      name?: string
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
      allowBookingAfterUnit?: "hours" | "days" | "weeks" | "months"
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
      guestType?: "count_only" | "collect_detail"
      consentLabel?: string
      calendarCoverImage?: string
      lookBusyConfig?: {
        enabled: boolean
        LookBusyPercentage: number
      }
      appointmentPerSlot?: number
    }
    output: {
      calendar: Calendar
    }
  }
  'calendars.delete': {
    input: {
      calendarId: string
    }
    output: {
      success: boolean
      message: string
      calendar: Calendar
    }
  }
  'calendars.freeSlots': {
    input: {
      calendarId: string
      startDate: number
      endDate: number
      timezone?: string
      userId?: string
      userIds?: string[]
    }
    output: Record<string, {
      slots: string[]
    }>
  }
  'appointments.create': {
    input: {
      locationId: string
      calendarId: string
      contactId: string
      startTime: string
      title?: string
      meetingLocationType?: "custom" | "zoom" | "gmeet" | "phone" | "address" | "ms_teams" | "google" | "default"
      meetingLocationId?: string
      overrideLocationConfig?: boolean
      appointmentStatus?: "new" | "confirmed" | "cancelled" | "showed" | "noshow" | "invalid"
      assignedUserId?: string
      description?: string
      address?: string
      ignoreDateRange?: boolean
      toNotify?: boolean
      ignoreFreeSlotValidation?: boolean
      endTime?: string
      rrule?: string
    }
    output: Appointment
  }
  'appointments.update': {
    input: {
      eventId: string
      calendarId?: string
      startTime?: string
      title?: string
      meetingLocationType?: "custom" | "zoom" | "gmeet" | "phone" | "address" | "ms_teams" | "google" | "default"
      meetingLocationId?: string
      overrideLocationConfig?: boolean
      appointmentStatus?: "new" | "confirmed" | "cancelled" | "showed" | "noshow" | "invalid"
      assignedUserId?: string
      description?: string
      address?: string
      ignoreDateRange?: boolean
      toNotify?: boolean
      ignoreFreeSlotValidation?: boolean
      endTime?: string
      rrule?: string
    }
    output: Appointment
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
  'blockedSlots.list': {
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
  'calendarEvents.delete': {
    input: {
      eventId: string
    }
    output: {
      succeded: boolean
      succeeded: boolean
    }
  }
  'blockedSlots.create': {
    input: {
      locationId: string
      calendarId?: string
      assignedUserId?: string
      title?: string
      startTime: string
      endTime: string
    }
    output: BlockedSlot
  }
  'blockedSlots.update': {
    input: {
      eventId: string
      locationId?: string
      calendarId?: string
      assignedUserId?: string
      title?: string
      startTime?: string
      endTime?: string
    }
    output: BlockedSlot
  }
  'appointmentNotes.list': {
    input: {
      appointmentId: string
      limit: number
      offset: number
    }
    output: {
      notes: AppointmentNote[]
      hasMore: boolean
    }
  }
  'appointmentNotes.create': {
    input: {
      appointmentId: string
      userId?: string
      body: string
    }
    output: {
      note: AppointmentNote
    }
  }
  'appointmentNotes.update': {
    input: {
      appointmentId: string
      noteId: string
      userId?: string
      body: string
    }
    output: {
      note: AppointmentNote
    }
  }
  'appointmentNotes.delete': {
    input: {
      appointmentId: string
      noteId: string
    }
    output: {
      success: boolean
    }
  }
  'calendarNotifications.list': {
    input: {
      calendarId: string
      isActive?: boolean
      deleted?: boolean
      limit?: number
      skip?: number
    }
    output: CalendarNotification[]
  }
  'calendarNotifications.create': {
    input: {
      calendarId: string
      notifications: {
        receiverType: "contact" | "guest" | "assignedUser" | "emails" | "phoneNumbers" | "business"
        channel: "email" | "inApp" | "sms" | "whatsapp"
        notificationType: "booked" | "confirmation" | "cancellation" | "reminder" | "followup" | "reschedule"
        isActive?: boolean
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
    }
    output: CalendarNotification[]
  }
  'calendarNotifications.get': {
    input: {
      calendarId: string
      notificationId: string
    }
    output: CalendarNotification
  }
  'calendarNotifications.update': {
    input: {
      calendarId: string
      notificationId: string
      receiverType?: "contact" | "guest" | "assignedUser" | "emails" | "phoneNumbers" | "business"
      channel?: "email" | "inApp" | "sms" | "whatsapp"
      notificationType?: "booked" | "confirmation" | "cancellation" | "reminder" | "followup" | "reschedule"
      isActive?: boolean
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
      deleted?: boolean
    }
    output: {
      message: string
    }
  }
  'calendarNotifications.delete': {
    input: {
      calendarId: string
      notificationId: string
    }
    output: {
      message: string
    }
  }
  'schedules.list': {
    input: {
      locationId: string
      userId: string
      calendarId?: string
      skip?: number
      limit?: number
    }
    output: {
      schedules: Schedule[]
    }
  }
  'schedules.get': {
    input: {
      id: string
    }
    output: {
      schedule: Schedule
    }
  }
  'schedules.create': {
    input: {
      locationId: string
      userId: string
      name: string
      timezone: string
      rules?: {
        type: "wday" | "date"
        intervals: {
          from: string
          to: string
        }[]
        date?: string
        day?: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday"
      }[]
      calendarIds?: string[]
    }
    output: {
      schedule: Schedule
    }
  }
  'schedules.update': {
    input: {
      id: string
      name?: string
      timezone?: string
      rules?: {
        type: "wday" | "date"
        intervals: {
          from: string
          to: string
        }[]
        date?: string
        day?: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday"
      }[]
    }
    output: {
      schedule: Schedule
    }
  }
  'schedules.delete': {
    input: {
      id: string
    }
    output: {
      success: boolean
    }
  }
  'schedules.addCalendar': {
    input: {
      id: string
      calendarId: string
    }
    output: {
      success: boolean
    }
  }
  'schedules.removeCalendar': {
    input: {
      id: string
      calendarId: string
    }
    output: {
      success: boolean
    }
  }
  'forms.listSubmissions': {
    input: {
      locationId: string
      page?: number
      limit?: number
      q?: string
      startAt?: string
      endAt?: string
      formId?: string
    }
    output: {
      submissions: FormSubmission[]
      meta: {
        total: number
        currentPage: number
        nextPage: number | null
        prevPage: number | null
      }
    }
  }
  'surveys.listSubmissions': {
    input: {
      locationId: string
      page?: number
      limit?: number
      q?: string
      startAt?: string
      endAt?: string
      surveyId?: string
    }
    output: {
      submissions: SurveySubmission[]
      meta: {
        total: number
        currentPage: number
        nextPage: number | null
        prevPage: number | null
      }
    }
  }
  'invoices.upsert': {
    input: {
      locationId?: string
      invoice_id: string
      total: number
      status: "draft" | "sent" | "viewed" | "partially_paid" | "paid" | "overdue" | "void" | "refunded" | "cancelled"
      customer_id?: string
      contact_id?: string
      number?: string
      name?: string
      currency?: string
      amount_paid?: number
      issue_date?: string
      due_date?: string
      paid_at?: string
      url?: string
      notes?: string
      items?: {
        name: string
        quantity?: number
        price?: number
      }[]
    }
    output: {
      id: string
      created: boolean
      invoice: Invoice
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
  'oauth.token': {
    input: {
      client_id: string
      client_secret?: string
      grant_type: "authorization_code" | "refresh_token" | "client_credentials"
      code?: string
      refresh_token?: string
      user_type?: "Company" | "Location"
      redirect_uri?: string
      code_verifier?: string
      scope?: string
      companyId?: string
      locationId?: string
    }
    output: AppTokens
  }
  'oauth.locationToken': {
    input: {
      companyId: string
      locationId: string
    }
    output: AppTokens
  }
  'oauth.installedLocations': {
    input: {
      companyId: string
      appId: string
      skip?: number
      limit?: number
      query?: string
      isInstalled?: boolean
      versionId?: string
      onTrial?: boolean
      planId?: string
      locationId?: string
      restrictToUserLocations?: boolean
    }
    output: {
      locations: InstalledLocation[]
      count: number
      installToFutureLocations: boolean
      pagination: {
        totalRecords: number
        currentPageSize: number
        hasNextPage: boolean
        hasPrevPage: boolean
        nextPageToken?: string
      }
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
  'access.events': {
    input: {
      companyId: string
      who?: string
      event?: string
      outcome?: "done" | "refused"
      limit?: number
      after?: string
    }
    output: {
      events: SecurityEvent[]
      after: string | null
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
}

type SnapshotVersion = {
  version: number
  name?: string
  note?: string
  root: string
  createdAt: string
  assets: Record<string, number>
}

type Standing = {
  locationId: string
  locationName: string
  version: number
  behind: number
  status: "completed" | "partial"
  pushId: string
  pushedAt: string
}

type PushStatus = {
  id: string
  locationId: string
  locationName: string
  status: "pending" | "processing" | "completed" | "partial" | "failed" | "cancelled" | "rolled_back"
  pushId: string
  version: number
  dateAdded: string
}

type LatestPushStatus = {
  id: string
  locationId: string
  locationName: string
  status: "pending" | "processing" | "completed" | "partial" | "failed" | "cancelled" | "rolled_back"
  pushId: string
  version: number
  completed: string[]
  pending: string[]
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

type CustomValue = {
  id: string
  locationId: string
  name: string
  fieldKey: string
  default?: string
  value?: string
  documentType: "field"
}

type Tag = {
  id: string
  locationId: string
  name: string
}

type Association = {
  id: string
  locationId: string
  key: string
  firstObjectLabel: string
  firstObjectKey: string
  secondObjectLabel: string
  secondObjectKey: string
  associationType: "USER_DEFINED" | "SYSTEM_DEFINED"
}

type TriggerLink = {
  id: string
  locationId: string
  name: string
  redirectTo: string
  fieldKey: string
}

type Template = {
  id: string
  locationId: string
  name: string
  type: "sms" | "email" | "whatsapp"
  template: {
    subject?: string
    body?: string
    html?: string
    attachments?: string[]
  }
  urlAttachments?: string[]
  dateAdded: string
}

type ListedEmailTemplate = {
  id: string
  name: string
  type: "template" | "folder"
  templateType: string
  editorType: string
  lastUpdated: string
  dateAdded: string
  version: string
}

type EmailSchedule = {
  id: string
  _id: string
  locationId: string
  name: string
  status: "active" | "pause" | "complete" | "cancelled" | "retry" | "draft" | "resend-scheduled"
  emailStatus: "not-started" | "paused" | "cancelled" | "processing" | "resumed" | "next-drip" | "complete" | "success" | "error" | "waiting" | "queued" | "queueing" | "reading" | "scheduled"
  campaignType: "email" | "folder"
  parentId: string
  templateId: string
  templateType: string
  repeatAfter: string
  sendDays: string[]
  archived: boolean
  hasTracking: boolean
  isPlainText: boolean
  hasUtmTracking: boolean
  enableResendToUnopened: boolean
  childCount: number
  child: string[]
  bulkActionVersion: string
  deleted: boolean
  migrated: boolean
  documentId: string
  downloadUrl: string
  templateDataDownloadUrl: string
  createdAt: string
  updatedAt: string
  __v: number
}

type ListedForm = {
  id: string
  name: string
  locationId: string
}

type ListedSurvey = {
  id: string
  name: string
  locationId: string
}

type ListedFunnel = {
  _id: string
  locationId: string
  name: string
  dateAdded: string
}

type Redirect = {
  id: string
  locationId: string
  domain: string
  path: string
  pathLowercase: string
  type: "Permanent" | "Temporary"
  target: string
  action: "funnel" | "website" | "url" | "all"
}

type ListedWorkflow = {
  id: string
  name: string
  status: string
  createdAt: string
  updatedAt: string
  locationId: string
}

type ListedCampaign = {
  id: string
  name: string
  status: string
  locationId: string
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

type ListedContact = {
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
  contactName: string
  firstNameRaw: string | null
  lastNameRaw: string | null
}

type Task = {
  id: string
  contactId: string
  title: string
  body?: string
  assignedTo?: string
  dueDate: string
  completed: boolean
  recurringTaskId?: string
}

type FoundTask = {
  _id: string
  id: string
  locationId: string
  contactId?: string
  title: string
  body?: string
  assignedTo?: string
  dueDate: string
  completed: boolean
  recurringTaskId?: string
  dateAdded: string
  dateUpdated: string
}

type RecurringTask = {
  id: string
  locationId: string
  title: string
  description: string
  contactIds: string[]
  owners: string[]
  rruleOptions: {
    intervalType: "yearly" | "monthly" | "weekly" | "daily" | "hourly"
    interval: number
    startDate: string
    endDate?: string
    dayOfMonth?: number
    dayOfWeek?: "MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU"
    monthOfYear?: number
    count?: number
    createTaskIfOverDue?: boolean
    dueAfterSeconds: number
  }
  totalOccurrence: number
  nextAt?: string
  contactId?: string
  assignedTo?: string
  deleted: boolean
  createdAt: string
  updatedAt: string
}

type Note = {
  id: string
  contactId?: string
  userId: string | null
  title?: string
  body: string
  color?: string
  pinned: boolean
  bodyText: string
  relations: unknown[]
  dateAdded: string
}

type ContactAppointment = {
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
  status: string
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

type Relation = {
  id: string
  locationId: string
  associationId: string
  firstRecordId: string
  secondRecordId: string
  key: string
  firstObjectLabel: string
  firstObjectKey: string
  secondObjectLabel: string
  secondObjectKey: string
  associationType: string
  createdAt: string
  updatedAt: string
}

type CustomObject = {
  id: string
  locationId: string
  key: string
  standard: boolean
  labels: {
    singular: string
    plural: string
  }
  description?: string
  primaryDisplayProperty: string
  searchableProperties: string[]
  type: "USER_DEFINED" | "SYSTEM_DEFINED"
  dateAdded: string
  dateUpdated: string
}

type ObjectField = {
  id: string
  locationId: string
  objectKey: string
  fieldKey: string
  name: string
  parentId: string
  dataType: string
  documentType: string
  description?: string
  placeholder?: string
  showInForms: boolean
  options?: {
    key: string
    label: string
    url?: string
  }[]
  acceptedFormats?: string
  maxFileLimit?: number
  allowCustomOption?: boolean
  dateAdded: string
  dateUpdated: string
}

type ObjectRecord = {
  id: string
  locationId: string
  objectId: string
  objectKey: string
  owner: string[]
  followers: string[]
  properties: {
    [name: string]: unknown
  }
  createdBy: {
    channel: string
    source: string
    sourceId: string
    createdAt: string
  }
  lastUpdatedBy: {
    channel: string
    source: string
    sourceId: string
    createdAt: string
  }
  createdAt: string
  updatedAt: string
  dateAdded: string
  dateUpdated: string
}

type FoundObjectRecord = {
  id: string
  locationId: string
  objectId: string
  objectKey: string
  owner: string[]
  followers: string[]
  properties: {
    [name: string]: unknown
  }
  createdBy: {
    channel: string
    source: string
    sourceId: string
    createdAt: string
  }
  lastUpdatedBy: {
    channel: string
    source: string
    sourceId: string
    createdAt: string
  }
  createdAt: string
  updatedAt: string
  dateAdded: string
  dateUpdated: string
  searchAfter: unknown[]
}

type FieldFolder = {
  id: string
  objectKey: string
  locationId: string
  name: string
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

type ListedLostReason = {
  id: string
  name: string
  locationId: string
  createdAt: string
  updatedAt: string
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

type Blog = {
  _id: string
  locationId: string
  name: string
  createdAt: string
  updatedAt: string
}

type BlogAuthor = {
  _id: string
  locationId: string
  name: string
  canonicalLink: string
  createdAt: string
  updatedAt: string
}

type BlogCategory = {
  _id: string
  locationId: string
  name: string
  label: string
  urlSlug: string
  canonicalLink: string
  createdAt: string
  updatedAt: string
}

type BlogPost = {
  _id: string
  locationId: string
  blogId: string
  title: string
  description: string
  imageUrl: string
  imageAltText: string
  rawHTML: string
  status: "DRAFT" | "PUBLISHED" | "SCHEDULED" | "ARCHIVED"
  categories: string[]
  tags?: string[]
  author: string
  urlSlug: string
  canonicalLink?: string
  publishedAt: string
  wordCount?: number
  archived: boolean
  createdAt: string
  updatedAt: string
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

type Conversation = {
  id: string
  locationId: string
  contactId: string
  type: "TYPE_PHONE" | "TYPE_EMAIL" | "TYPE_FB_MESSENGER" | "TYPE_REVIEW" | "TYPE_GROUP_SMS"
  assignedTo?: string
  deleted: boolean
  inbox: boolean
  starred: boolean
  unreadCount: number
  feedback?: Record<string, unknown>
  lastMessageBody?: string
  lastMessageDate: string
  lastMessageType?: "TYPE_CALL" | "TYPE_SMS" | "TYPE_EMAIL" | "TYPE_SMS_REVIEW_REQUEST" | "TYPE_WEBCHAT" | "TYPE_SMS_NO_SHOW_REQUEST" | "TYPE_CAMPAIGN_SMS" | "TYPE_CAMPAIGN_CALL" | "TYPE_CAMPAIGN_EMAIL" | "TYPE_CAMPAIGN_VOICEMAIL" | "TYPE_FACEBOOK" | "TYPE_CAMPAIGN_FACEBOOK" | "TYPE_CAMPAIGN_MANUAL_CALL" | "TYPE_CAMPAIGN_MANUAL_SMS" | "TYPE_GMB" | "TYPE_CAMPAIGN_GMB" | "TYPE_REVIEW" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_CUSTOM_SMS" | "TYPE_CUSTOM_EMAIL" | "TYPE_CUSTOM_PROVIDER_SMS" | "TYPE_CUSTOM_PROVIDER_EMAIL" | "TYPE_IVR_CALL" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_LIVE_CHAT_INFO_MESSAGE" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_FACEBOOK_COMMENT" | "TYPE_INSTAGRAM_COMMENT" | "TYPE_CUSTOM_CALL" | "TYPE_INTERNAL_COMMENT" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_RCS" | "TYPE_TIKTOK" | "TYPE_TIKTOK_COMMENT" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION" | "TYPE_SMS_REACTION"
  lastMessageDirection?: "inbound" | "outbound"
  dateAdded: string
  dateUpdated: string
  messageTypes: number[]
  isLastMessageInternalComment: boolean
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

type Email = {
  id: string
  altId?: string
  threadId: string
  locationId: string
  contactId: string
  conversationId: string
  dateAdded: string
  subject?: string
  body: string
  direction: "inbound" | "outbound"
  status: "connected" | "delivered" | "failed" | "opened" | "pending" | "read" | "scheduled" | "sent" | "undelivered" | "clicked" | "opt_out" | "queued"
  contentType: string
  attachments: string[]
  from: string
  to: string[]
  cc: string[]
  bcc: string[]
  replyToMessageId?: string
  source: "workflow" | "bulk_actions" | "campaign" | "api" | "app"
  conversationProviderId?: string
  events?: Record<string, number>
  recipients?: {
    emailId: string
    status: "connected" | "delivered" | "failed" | "opened" | "pending" | "read" | "scheduled" | "sent" | "undelivered" | "clicked" | "opt_out" | "queued"
    failReason?: string
  }[]
}

type MessageSubtype = {
  id: string
  locationId: string
  name: string
  description: string
  channel: "email" | "sms"
  language: string
  archived: boolean
  resubscription_legal_form_id?: string
  createdAt: string
  updatedAt: string
}

type EmailSubscriptions = {
  email: string
  subscriptions: {
    type: string
    subtype_name: string
    subtype_id?: string
    subtype_status: string
    legal_reason?: string
    legal_description?: string
    updatedAt: string
  }[]
}

type CalendarGroup = {
  id: string
  locationId: string
  name: string
  description: string
  slug: string
  isActive?: boolean
  coverImage?: string
}

type CalendarResource = {
  id: string
  locationId: string
  name: string
  resourceType: "equipments" | "rooms"
  isActive: boolean
  description?: string
  quantity?: number
  outOfService?: number
  capacity?: number
  calendarIds: string[]
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
  allowBookingAfterUnit?: "hours" | "days" | "weeks" | "months"
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
  guestType?: "count_only" | "collect_detail"
  consentLabel?: string
  calendarCoverImage?: string
  lookBusyConfig?: {
    enabled: boolean
    LookBusyPercentage: number
  }
  appointmentPerSlot: number
}

type Appointment = {
  id: string
  calendarId: string
  locationId: string
  contactId: string
  startTime: string
  endTime: string
  title: string
  meetingLocationType: string
  appointmentStatus: string
  appoinmentStatus: string
  status: string
  dateAdded: string
  dateUpdated: string
  assignedUserId?: string
  address?: string
  isRecurring: boolean
  rrule?: string
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

type BlockedSlot = {
  id: string
  locationId: string
  title: string
  startTime: string
  endTime: string
  calendarId?: string
  assignedUserId?: string
}

type AppointmentNote = {
  id: string
  body: string
  userId?: string
  dateAdded: string
  contactId: string
  createdBy?: {
    id: string
    name?: string
  }
}

type CalendarNotification = {
  _id: string
  receiverType: "contact" | "guest" | "assignedUser" | "emails" | "phoneNumbers" | "business"
  channel: "email" | "inApp" | "sms" | "whatsapp"
  notificationType: "booked" | "confirmation" | "cancellation" | "reminder" | "followup" | "reschedule"
  isActive: boolean
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
  deleted: boolean
}

type Schedule = {
  id: string
  name: string
  locationId: string
  userId: string
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
  calendarIds: string[]
  dateAdded: string
  dateUpdated: string
  deleted: boolean
}

type FormSubmission = {
  id: string
  contactId?: string
  createdAt: string
  name?: string
  email?: string
  phone?: string
  others: {
    [name: string]: unknown
  }
  formId: string
}

type SurveySubmission = {
  id: string
  contactId?: string
  createdAt: string
  name?: string
  email?: string
  phone?: string
  others: {
    [name: string]: unknown
  }
  surveyId: string
}

type Invoice = {
  id: string
  locationId: string
  externalId: string
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
  scopes: string[]
  installedAt: string
}

type AppTokens = {
  access_token: string
  token_type: "Bearer"
  expires_in: number
  refresh_token: string
  scope: string
  userType: "Company" | "Location"
  companyId: string
  locationId?: string
  approvedLocations?: string[]
  userId: string
  appId: string
  versionId: string
  isBulkInstallation: boolean
  installToFutureLocations?: boolean
  approveAllLocations?: boolean
}

type InstalledLocation = {
  _id: string
  name: string
  address: string
  isInstalled: boolean
  versionId?: string
  installedAt?: string
}

type Person = {
  id: string
  name: string
  email: string
  role: "owner" | "admin" | "operator" | "viewer" | "client"
  locationIds: string[] | null
  state: "invited" | "active"
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

type SecurityEvent = {
  id: string
  at: string
  event: string
  outcome: "done" | "refused"
  who: string | null
  whoName: string | null
  address: string
  traceId: string
  status: number | null
  detail: string | null
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
    keys: {
      id: string
      version: string
    }[]
  } | null
  sample: unknown
  sampleInput: unknown
}

/**
 * Method, path, and the names of what travels in the query; the rest of the input is in the path or the body. Of a GET
 * all that is not in the path is in the query: only whether it takes the company is told.
 */
export const LINES: { readonly [name in keyof Operations]: readonly [string, string, (readonly string[])?] } = {
  'snapshots.list': ['GET', '/snapshots/', ['companyId']],
  'snapshots.create': ['POST', '/snapshots/', ['companyId']],
  'snapshots.preview': ['POST', '/snapshots/preview', ['companyId', 'dependency', 'limit', 'after']],
  'snapshots.get': ['GET', '/snapshots/:snapshotId', ['companyId']],
  'snapshots.refresh': ['POST', '/snapshots/:snapshotId/refresh', ['companyId']],
  'snapshots.assets': ['GET', '/snapshots/:snapshotId/assets', ['companyId']],
  'snapshots.asset': ['GET', '/snapshots/:snapshotId/assets/:kind/:lineage', ['companyId']],
  'snapshots.diff': ['GET', '/snapshots/:snapshotId/diff', ['companyId']],
  'snapshots.drift': ['GET', '/snapshots/:snapshotId/drift', ['companyId']],
  'snapshots.importFile': ['POST', '/snapshots/import-file', ['companyId']],
  'snapshots.versions': ['GET', '/snapshots/:snapshotId/versions', ['companyId']],
  'snapshots.describeVersion': ['PUT', '/snapshots/:snapshotId/versions/:version', ['companyId']],
  'snapshots.standing': ['GET', '/snapshots/:snapshotId/standing', ['companyId']],
  'snapshots.status': ['GET', '/snapshots/snapshot-status/:snapshotId', ['companyId']],
  'snapshots.latestStatus': ['GET', '/snapshots/snapshot-status/:snapshotId/location/:locationId', ['companyId']],
  'pushes.list': ['GET', '/snapshots/pushes', ['companyId']],
  'pushes.get': ['GET', '/snapshots/pushes/:pushId', ['companyId']],
  'pushes.targets': ['GET', '/snapshots/pushes/:pushId/targets', ['companyId']],
  'pushes.target': ['GET', '/snapshots/pushes/:pushId/targets/:locationId', ['companyId']],
  'pushes.events': ['GET', '/snapshots/pushes/:pushId/events', ['companyId']],
  'snapshots.plan': ['POST', '/snapshots/:snapshotId/plan', ['companyId', 'unchanged', 'limit', 'after', 'locationId', 'kind', 'action']],
  'snapshots.push': ['POST', '/snapshots/:snapshotId/push', ['companyId']],
  'pushes.cancel': ['POST', '/snapshots/pushes/:pushId/cancel', ['companyId']],
  'pushes.retry': ['POST', '/snapshots/pushes/:pushId/retry', ['companyId']],
  'pushes.rollback': ['POST', '/snapshots/pushes/:pushId/rollback', ['companyId']],
  'snapshots.conflicts': ['GET', '/snapshots/:snapshotId/conflicts', ['companyId']],
  'snapshots.settleConflicts': ['POST', '/snapshots/:snapshotId/conflicts', ['companyId', 'unchanged', 'limit', 'after', 'locationId', 'kind', 'action']],
  'snapshots.share': ['POST', '/snapshots/share/link', ['companyId']],
  'snapshots.shares': ['GET', '/snapshots/shares', ['companyId']],
  'snapshots.revokeShare': ['DELETE', '/snapshots/shares/:shareId', ['companyId']],
  'snapshots.reopenShare': ['POST', '/snapshots/shares/:shareId/reopen', ['companyId']],
  'snapshots.import': ['POST', '/snapshots/import', ['companyId']],
  'fleet.list': ['GET', '/fleet', ['companyId']],
  'fleet.changes': ['GET', '/fleet/changes', ['companyId']],
  'fleet.compare': ['GET', '/fleet/compare', ['companyId']],
  'locations.get': ['GET', '/locations/:locationId'],
  'locations.create': ['POST', '/locations/'],
  'locations.update': ['PUT', '/locations/:locationId'],
  'locations.delete': ['DELETE', '/locations/:locationId', ['deleteTwilioAccount']],
  'locations.brokenReferences': ['GET', '/locations/:locationId/broken-references'],
  'locations.search': ['GET', '/locations/search', ['companyId']],
  'locations.timezones': ['GET', '/locations/:locationId/timezones'],
  'locations.assets': ['GET', '/locations/:locationId/assets'],
  'locations.asset': ['GET', '/locations/:locationId/assets/:kind/:assetId'],
  'locations.assetDiff': ['GET', '/locations/:locationId/assets/:kind/:assetId/diff'],
  'locations.assetUsage': ['GET', '/locations/:locationId/assets/:kind/:assetId/usage'],
  'locations.assetHistory': ['GET', '/locations/:locationId/assets/:kind/:assetId/history'],
  'records.history': ['GET', '/locations/:locationId/records/:kind/:recordId/history'],
  'customFields.list': ['GET', '/locations/:locationId/customFields'],
  'customFields.create': ['POST', '/locations/:locationId/customFields'],
  'customFields.get': ['GET', '/locations/:locationId/customFields/:id'],
  'customFields.update': ['PUT', '/locations/:locationId/customFields/:id'],
  'customFields.delete': ['DELETE', '/locations/:locationId/customFields/:id'],
  'customValues.list': ['GET', '/locations/:locationId/customValues'],
  'customValues.create': ['POST', '/locations/:locationId/customValues'],
  'customValues.get': ['GET', '/locations/:locationId/customValues/:id'],
  'customValues.update': ['PUT', '/locations/:locationId/customValues/:id'],
  'customValues.delete': ['DELETE', '/locations/:locationId/customValues/:id'],
  'tags.list': ['GET', '/locations/:locationId/tags'],
  'tags.create': ['POST', '/locations/:locationId/tags'],
  'tags.get': ['GET', '/locations/:locationId/tags/:tagId'],
  'tags.update': ['PUT', '/locations/:locationId/tags/:tagId'],
  'tags.delete': ['DELETE', '/locations/:locationId/tags/:tagId'],
  'associations.list': ['GET', '/associations/'],
  'associations.create': ['POST', '/associations/'],
  'associations.getByKey': ['GET', '/associations/key/:key_name'],
  'associations.getByObjectKey': ['GET', '/associations/objectKey/:objectKey'],
  'associations.get': ['GET', '/associations/:associationId'],
  'associations.update': ['PUT', '/associations/:associationId'],
  'associations.delete': ['DELETE', '/associations/:associationId'],
  'links.list': ['GET', '/links/'],
  'links.search': ['GET', '/links/search'],
  'links.get': ['GET', '/links/id/:linkId'],
  'links.create': ['POST', '/links/'],
  'links.update': ['PUT', '/links/:linkId'],
  'links.delete': ['DELETE', '/links/:linkId'],
  'templates.list': ['GET', '/locations/:locationId/templates'],
  'templates.delete': ['DELETE', '/locations/:locationId/templates/:id'],
  'emails.list': ['GET', '/emails/builder'],
  'emails.create': ['POST', '/emails/builder'],
  'emails.update': ['POST', '/emails/builder/data'],
  'emails.delete': ['DELETE', '/emails/builder/:locationId/:templateId'],
  'emailSchedules.list': ['GET', '/emails/schedule'],
  'forms.list': ['GET', '/forms/'],
  'surveys.list': ['GET', '/surveys/'],
  'funnels.list': ['GET', '/funnels/funnel/list'],
  'funnels.listPages': ['GET', '/funnels/page'],
  'funnels.countPages': ['GET', '/funnels/page/count'],
  'redirects.create': ['POST', '/funnels/lookup/redirect'],
  'redirects.update': ['PATCH', '/funnels/lookup/redirect/:id'],
  'redirects.delete': ['DELETE', '/funnels/lookup/redirect/:id', ['locationId']],
  'redirects.list': ['GET', '/funnels/lookup/redirect/list'],
  'workflows.list': ['GET', '/workflows/'],
  'campaigns.list': ['GET', '/campaigns/'],
  'contacts.get': ['GET', '/contacts/:contactId'],
  'contacts.create': ['POST', '/contacts/'],
  'contacts.update': ['PUT', '/contacts/:contactId'],
  'contacts.delete': ['DELETE', '/contacts/:contactId'],
  'contacts.upsert': ['POST', '/contacts/upsert'],
  'contacts.search': ['POST', '/contacts/search'],
  'contacts.findDuplicate': ['GET', '/contacts/search/duplicate'],
  'contacts.list': ['GET', '/contacts/'],
  'contacts.listByBusiness': ['GET', '/contacts/business/:businessId'],
  'contacts.addTags': ['POST', '/contacts/:contactId/tags'],
  'contacts.removeTags': ['DELETE', '/contacts/:contactId/tags'],
  'contacts.bulkTags': ['POST', '/contacts/bulk/tags/update/:type'],
  'contacts.listTasks': ['GET', '/contacts/:contactId/tasks'],
  'contacts.getTask': ['GET', '/contacts/:contactId/tasks/:taskId'],
  'contacts.createTask': ['POST', '/contacts/:contactId/tasks'],
  'contacts.updateTask': ['PUT', '/contacts/:contactId/tasks/:taskId'],
  'contacts.completeTask': ['PUT', '/contacts/:contactId/tasks/:taskId/completed'],
  'contacts.deleteTask': ['DELETE', '/contacts/:contactId/tasks/:taskId'],
  'tasks.search': ['POST', '/locations/:locationId/tasks/search'],
  'recurringTasks.create': ['POST', '/locations/:locationId/recurring-tasks'],
  'recurringTasks.get': ['GET', '/locations/:locationId/recurring-tasks/:id'],
  'recurringTasks.update': ['PUT', '/locations/:locationId/recurring-tasks/:id'],
  'recurringTasks.delete': ['DELETE', '/locations/:locationId/recurring-tasks/:id'],
  'contacts.listNotes': ['GET', '/contacts/:contactId/notes'],
  'contacts.getNote': ['GET', '/contacts/:contactId/notes/:id'],
  'contacts.createNote': ['POST', '/contacts/:contactId/notes'],
  'contacts.updateNote': ['PUT', '/contacts/:contactId/notes/:id'],
  'contacts.deleteNote': ['DELETE', '/contacts/:contactId/notes/:id'],
  'contacts.addToWorkflow': ['POST', '/contacts/:contactId/workflow/:workflowId'],
  'contacts.removeFromWorkflow': ['DELETE', '/contacts/:contactId/workflow/:workflowId'],
  'contacts.addToCampaign': ['POST', '/contacts/:contactId/campaigns/:campaignId'],
  'contacts.removeFromCampaign': ['DELETE', '/contacts/:contactId/campaigns/:campaignId'],
  'contacts.removeFromAllCampaigns': ['DELETE', '/contacts/:contactId/campaigns/removeAll'],
  'contacts.addFollowers': ['POST', '/contacts/:contactId/followers'],
  'contacts.removeFollowers': ['DELETE', '/contacts/:contactId/followers'],
  'contacts.bulkBusiness': ['POST', '/contacts/bulk/business'],
  'contacts.listAppointments': ['GET', '/contacts/:contactId/appointments'],
  'businesses.list': ['GET', '/businesses/'],
  'businesses.create': ['POST', '/businesses/'],
  'businesses.get': ['GET', '/businesses/:businessId'],
  'businesses.update': ['PUT', '/businesses/:businessId'],
  'businesses.delete': ['DELETE', '/businesses/:businessId'],
  'relations.create': ['POST', '/associations/relations'],
  'relations.list': ['GET', '/associations/relations/:recordId'],
  'relations.delete': ['DELETE', '/associations/relations/:relationId', ['locationId']],
  'objects.list': ['GET', '/objects/'],
  'objects.create': ['POST', '/objects/'],
  'objects.get': ['GET', '/objects/:key'],
  'objects.update': ['PUT', '/objects/:key'],
  'objects.createRecord': ['POST', '/objects/:schemaKey/records'],
  'objects.getRecord': ['GET', '/objects/:schemaKey/records/:id'],
  'objects.updateRecord': ['PUT', '/objects/:schemaKey/records/:id', ['locationId']],
  'objects.deleteRecord': ['DELETE', '/objects/:schemaKey/records/:id'],
  'objects.searchRecords': ['POST', '/objects/:schemaKey/records/search'],
  'objectFields.listByObject': ['GET', '/custom-fields/object-key/:objectKey'],
  'objectFields.create': ['POST', '/custom-fields/'],
  'objectFields.get': ['GET', '/custom-fields/:id'],
  'objectFields.update': ['PUT', '/custom-fields/:id'],
  'objectFields.delete': ['DELETE', '/custom-fields/:id'],
  'objectFields.createFolder': ['POST', '/custom-fields/folder'],
  'objectFields.updateFolder': ['PUT', '/custom-fields/folder/:id'],
  'objectFields.deleteFolder': ['DELETE', '/custom-fields/folder/:id', ['locationId']],
  'opportunities.search': ['GET', '/opportunities/search'],
  'opportunities.searchAdvanced': ['POST', '/opportunities/search'],
  'opportunities.get': ['GET', '/opportunities/:id'],
  'opportunities.create': ['POST', '/opportunities/'],
  'opportunities.update': ['PUT', '/opportunities/:id'],
  'opportunities.delete': ['DELETE', '/opportunities/:id'],
  'opportunities.setStatus': ['PUT', '/opportunities/:id/status'],
  'opportunities.upsert': ['POST', '/opportunities/upsert'],
  'opportunities.addFollowers': ['POST', '/opportunities/:id/followers'],
  'opportunities.removeFollowers': ['DELETE', '/opportunities/:id/followers', ['isRemoveAllFollowers']],
  'pipelines.list': ['GET', '/opportunities/pipelines'],
  'lostReasons.list': ['GET', '/opportunities/lost-reason'],
  'users.search': ['GET', '/users/search', ['companyId']],
  'users.filterByEmail': ['POST', '/users/search/filter-by-email'],
  'users.listByLocation': ['GET', '/users/'],
  'users.create': ['POST', '/users/'],
  'users.get': ['GET', '/users/:userId'],
  'users.update': ['PUT', '/users/:userId'],
  'users.delete': ['DELETE', '/users/:userId'],
  'blogs.list': ['GET', '/blogs/site/all'],
  'blogs.listAuthors': ['GET', '/blogs/authors'],
  'blogs.listCategories': ['GET', '/blogs/categories'],
  'blogs.listPosts': ['GET', '/blogs/posts/all'],
  'blogs.checkSlug': ['GET', '/blogs/posts/url-slug-exists'],
  'blogs.createPost': ['POST', '/blogs/posts'],
  'blogs.updatePost': ['PUT', '/blogs/posts/:postId'],
  'conversations.search': ['GET', '/conversations/search'],
  'conversations.get': ['GET', '/conversations/:conversationId'],
  'conversations.create': ['POST', '/conversations/'],
  'conversations.update': ['PUT', '/conversations/:conversationId'],
  'conversations.delete': ['DELETE', '/conversations/:conversationId'],
  'conversations.typing': ['POST', '/conversations/providers/live-chat/typing'],
  'messages.list': ['GET', '/conversations/:conversationId/messages'],
  'messages.get': ['GET', '/conversations/messages/:id'],
  'messages.email': ['GET', '/conversations/messages/email/:id'],
  'messages.export': ['GET', '/conversations/messages/export'],
  'messages.send': ['POST', '/conversations/messages'],
  'messages.replyToReview': ['POST', '/conversations/messages/review-reply'],
  'preferences.listSubtypes': ['GET', '/conversations/preferences/custom-subtypes'],
  'preferences.createSubtype': ['POST', '/conversations/preferences/custom-subtypes', ['locationId']],
  'preferences.updateSubtype': ['PUT', '/conversations/preferences/custom-subtypes/:id', ['locationId']],
  'preferences.getStatus': ['GET', '/conversations/preferences/unsubscriptions/status'],
  'preferences.change': ['POST', '/conversations/preferences/unsubscriptions/user-change'],
  'messages.inbound': ['POST', '/conversations/messages/inbound'],
  'messages.outboundCall': ['POST', '/conversations/messages/outbound'],
  'messages.updateStatus': ['PUT', '/conversations/messages/:messageId/status'],
  'messages.setAttachments': ['PUT', '/conversations/messages/:messageId/attachments'],
  'messages.cancelScheduled': ['DELETE', '/conversations/messages/:messageId/schedule'],
  'messages.cancelScheduledEmail': ['DELETE', '/conversations/messages/email/:emailMessageId/schedule'],
  'recordings.get': ['GET', '/conversations/messages/:messageId/locations/:locationId/recording'],
  'transcriptions.get': ['GET', '/conversations/locations/:locationId/messages/:messageId/transcription'],
  'transcriptions.download': ['GET', '/conversations/locations/:locationId/messages/:messageId/transcription/download'],
  'messages.upload': ['POST', '/conversations/messages/upload'],
  'uploads.initiate': ['POST', '/conversations/messages/upload/initiate'],
  'uploads.complete': ['POST', '/conversations/messages/upload/complete'],
  'customFields.upload': ['POST', '/locations/:locationId/customFields/upload'],
  'contacts.uploadFiles': ['POST', '/forms/upload-custom-files', ['contactId', 'locationId']],
  'calendarGroups.list': ['GET', '/calendars/groups'],
  'calendarGroups.create': ['POST', '/calendars/groups'],
  'calendarGroups.validateSlug': ['POST', '/calendars/groups/validate-slug'],
  'calendarGroups.update': ['PUT', '/calendars/groups/:groupId'],
  'calendarGroups.setStatus': ['PUT', '/calendars/groups/:groupId/status'],
  'calendarGroups.delete': ['DELETE', '/calendars/groups/:groupId'],
  'calendarResources.list': ['GET', '/calendars/resources/:resourceType'],
  'calendarResources.create': ['POST', '/calendars/resources/:resourceType'],
  'calendarResources.get': ['GET', '/calendars/resources/:resourceType/:id'],
  'calendarResources.update': ['PUT', '/calendars/resources/:resourceType/:id'],
  'calendarResources.delete': ['DELETE', '/calendars/resources/:resourceType/:id'],
  'calendars.list': ['GET', '/calendars/'],
  'calendars.create': ['POST', '/calendars/'],
  'calendars.get': ['GET', '/calendars/:calendarId'],
  'calendars.update': ['PUT', '/calendars/:calendarId'],
  'calendars.delete': ['DELETE', '/calendars/:calendarId'],
  'calendars.freeSlots': ['GET', '/calendars/:calendarId/free-slots'],
  'appointments.create': ['POST', '/calendars/events/appointments'],
  'appointments.update': ['PUT', '/calendars/events/appointments/:eventId'],
  'appointments.get': ['GET', '/calendars/events/appointments/:eventId'],
  'calendarEvents.list': ['GET', '/calendars/events'],
  'blockedSlots.list': ['GET', '/calendars/blocked-slots'],
  'calendarEvents.delete': ['DELETE', '/calendars/events/:eventId'],
  'blockedSlots.create': ['POST', '/calendars/events/block-slots'],
  'blockedSlots.update': ['PUT', '/calendars/events/block-slots/:eventId'],
  'appointmentNotes.list': ['GET', '/calendars/appointments/:appointmentId/notes'],
  'appointmentNotes.create': ['POST', '/calendars/appointments/:appointmentId/notes'],
  'appointmentNotes.update': ['PUT', '/calendars/appointments/:appointmentId/notes/:noteId'],
  'appointmentNotes.delete': ['DELETE', '/calendars/appointments/:appointmentId/notes/:noteId'],
  'calendarNotifications.list': ['GET', '/calendars/:calendarId/notifications'],
  'calendarNotifications.create': ['POST', '/calendars/:calendarId/notifications'],
  'calendarNotifications.get': ['GET', '/calendars/:calendarId/notifications/:notificationId'],
  'calendarNotifications.update': ['PUT', '/calendars/:calendarId/notifications/:notificationId'],
  'calendarNotifications.delete': ['DELETE', '/calendars/:calendarId/notifications/:notificationId'],
  'schedules.list': ['GET', '/calendars/schedules/search'],
  'schedules.get': ['GET', '/calendars/schedules/:id'],
  'schedules.create': ['POST', '/calendars/schedules'],
  'schedules.update': ['PUT', '/calendars/schedules/:id'],
  'schedules.delete': ['DELETE', '/calendars/schedules/:id'],
  'schedules.addCalendar': ['PUT', '/calendars/schedules/:id/associations/:calendarId'],
  'schedules.removeCalendar': ['DELETE', '/calendars/schedules/:id/associations/:calendarId'],
  'forms.listSubmissions': ['GET', '/forms/submissions'],
  'surveys.listSubmissions': ['GET', '/surveys/submissions'],
  'invoices.upsert': ['POST', '/invoices', ['locationId']],
  'companies.get': ['GET', '/companies/:companyId'],
  'tokens.create': ['POST', '/tokens/', ['companyId']],
  'tokens.list': ['GET', '/tokens/', ['companyId']],
  'tokens.rotate': ['POST', '/tokens/:tokenId/rotate', ['companyId']],
  'tokens.revoke': ['DELETE', '/tokens/:tokenId', ['companyId']],
  'apps.create': ['POST', '/apps/', ['companyId']],
  'apps.list': ['GET', '/apps/', ['companyId']],
  'apps.installs': ['GET', '/apps/installations', ['companyId']],
  'apps.renewSecret': ['POST', '/apps/:appId/secret', ['companyId']],
  'apps.delete': ['DELETE', '/apps/:appId', ['companyId']],
  'apps.uninstall': ['DELETE', '/apps/:appId/installation', ['companyId', 'locationId']],
  'oauth.token': ['POST', '/oauth/token'],
  'oauth.locationToken': ['POST', '/oauth/locationToken'],
  'oauth.installedLocations': ['GET', '/oauth/installedLocations', ['companyId']],
  'people.list': ['GET', '/people/', ['companyId']],
  'people.invite': ['POST', '/people/', ['companyId']],
  'people.update': ['PUT', '/people/:personId', ['companyId']],
  'people.remove': ['DELETE', '/people/:personId', ['companyId']],
  'people.link': ['POST', '/people/:personId/link', ['companyId']],
  'people.accept': ['POST', '/people/accept'],
  'account.get': ['GET', '/account/'],
  'account.password': ['PUT', '/account/password'],
  'account.sessions': ['GET', '/account/sessions'],
  'account.endSession': ['DELETE', '/account/sessions/:sessionId'],
  'account.endSessions': ['DELETE', '/account/sessions'],
  'account.enrolSecondFactor': ['POST', '/account/second-factor'],
  'account.confirmSecondFactor': ['POST', '/account/second-factor/confirm'],
  'account.switchOffSecondFactor': ['POST', '/account/second-factor/off'],
  'account.renewRecoveryCodes': ['POST', '/account/recovery-codes'],
  'access.events': ['GET', '/people/events', ['companyId']],
  'catalog.list': ['GET', '/catalog'],
}

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
  forms: 'Form',
  surveys: 'Survey',
  funnels: 'Funnel',
  workflows: 'Workflow',
  campaigns: 'Campaign',
}
