import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Rule } from './records/schedules.ts'
import { Choice, Count, Line, List, Markup, Name, Optional, PartId, Ref, Refs, Shape, Text, Url } from './shapes.ts'

const Unit = () => Choice('mins', 'hours')
const Hour = () =>
  Shape({
    openHour: Type.Number({ minimum: 0, maximum: 23 }),
    openMinute: Type.Number({ minimum: 0, maximum: 60 }),
    closeHour: Type.Number({ minimum: 0, maximum: 23 }),
    closeMinute: Type.Number({ minimum: 0, maximum: 60 }),
  })
const LocationConfiguration = () =>
  Shape({
    kind: Choice(
      'custom',
      'zoom_conference',
      'google_conference',
      'inbound_call',
      'outbound_call',
      'physical',
      'booker',
      'ms_teams_conference',
    ),
    location: Optional(Line(2000)),
    meetingId: Optional(Line()),
  })
const TeamMember = () =>
  Shape({
    userId: Type.String({ minLength: 1, maxLength: 64 }),
    priority: Optional(Type.Enum([0, 0.5, 1])),
    meetingLocationType: Optional(Choice('custom', 'zoom', 'gmeet', 'phone', 'address', 'teams', 'booker')),
    meetingLocation: Optional(Line(2000)),
    isPrimary: Optional(Type.Boolean()),
    locationConfigurations: Optional(List(LocationConfiguration(), 20)),
  })
const Notification = () =>
  Shape({
    type: Optional(Choice('email')),
    shouldSendToContact: Optional(Type.Boolean()),
    shouldSendToGuest: Optional(Type.Boolean()),
    shouldSendToUser: Optional(Type.Boolean()),
    shouldSendToSelectedUsers: Optional(Type.Boolean()),
    selectedUsers: Optional(Line(5000)),
  })
const Offset = () => Shape({ timeOffset: Optional(Count()), unit: Optional(Line(40)) })
const Receivers = () => Optional(List(Line(320), 100))
const EventNotification = () =>
  Shape({
    id: Optional(PartId()),
    receiverType: Choice('contact', 'guest', 'assignedUser', 'emails', 'phoneNumbers', 'business'),
    channel: Choice('email', 'inApp', 'sms', 'whatsapp'),
    notificationType: Choice('booked', 'confirmation', 'cancellation', 'reminder', 'followup', 'reschedule'),
    isActive: Optional(Type.Boolean()),
    deleted: Optional(Type.Boolean()),
    templateId: Optional(Ref()),
    subject: Optional(Line(1000)),
    body: Optional(Text()),
    afterTime: Optional(List(Offset(), 20)),
    beforeTime: Optional(List(Offset(), 20)),
    additionalEmailIds: Receivers(),
    additionalPhoneNumbers: Receivers(),
    additionalWhatsappNumbers: Receivers(),
    selectedUsers: Receivers(),
    fromAddress: Optional(Line(320)),
    fromName: Optional(Line(200)),
    fromNumber: Optional(Line(40)),
  })
const Recurring = () =>
  Shape({
    freq: Optional(Choice('DAILY', 'WEEKLY', 'MONTHLY')),
    count: Optional(Count(24)),
    bookingOption: Optional(Choice('skip', 'continue', 'book_next')),
    bookingOverlapDefaultStatus: Optional(Choice('confirmed', 'new')),
  })
const Availability = () =>
  Shape({ date: Line(40), hours: List(Hour(), 50), deleted: Optional(Type.Boolean()), id: Optional(Line(64)) })

/**
 * wire/highlevel/calendars.json: CalendarCreateDTO, CalendarUpdateDTO and CalendarDTO, typos included
 * (`appoinmentPerSlot`). `resourceIds` is ours: rooms and equipment that every booking takes. `eventNotifications`
 * holds CreateCalendarNotificationDTO, which the wire shows under paths of its own.
 */
export const calendars = asset({
  kind: 'calendars',
  label: 'Calendar',
  noun: 'calendar',
  scopes: { read: 'calendars.readonly', write: 'calendars.write' },
  schema: Type.Object({
    name: Name(),
    description: Optional(Text()),
    isActive: Optional(Type.Boolean()),
    calendarType: Optional(
      Choice('round_robin', 'event', 'class_booking', 'collective', 'service_booking', 'personal'),
    ),
    eventType: Optional(Choice('RoundRobin_OptimizeForAvailability', 'RoundRobin_OptimizeForEqualDistribution')),
    groupId: Optional(Ref()),
    formId: Optional(Ref()),
    resourceIds: Optional(Refs()),
    teamMembers: Optional(List(TeamMember())),
    notifications: Optional(List(Notification())),
    eventNotifications: Optional(List(EventNotification())),
    slug: Optional(Line(200)),
    widgetSlug: Optional(Line(200)),
    widgetType: Optional(Choice('default', 'classic')),
    eventTitle: Optional(Line()),
    eventColor: Optional(Line(40)),
    meetingLocation: Optional(Line(2000)),
    locationConfigurations: Optional(List(LocationConfiguration(), 20)),
    slotDuration: Optional(Count()),
    slotDurationUnit: Optional(Unit()),
    slotInterval: Optional(Count()),
    slotIntervalUnit: Optional(Unit()),
    slotBuffer: Optional(Count()),
    slotBufferUnit: Optional(Unit()),
    preBuffer: Optional(Count()),
    preBufferUnit: Optional(Unit()),
    appoinmentPerSlot: Optional(Count()),
    appoinmentPerDay: Optional(Count()),
    allowBookingAfter: Optional(Count()),
    allowBookingAfterUnit: Optional(Choice('mins', 'hours', 'days', 'weeks', 'months')),
    allowBookingFor: Optional(Count()),
    allowBookingForUnit: Optional(Choice('days', 'weeks', 'months')),
    openHours: Optional(
      List(Shape({ daysOfTheWeek: List(Type.Number({ minimum: 0, maximum: 6 }), 7), hours: List(Hour(), 50) }), 50),
    ),
    enableRecurring: Optional(Type.Boolean()),
    recurring: Optional(Recurring()),
    stickyContact: Optional(Type.Boolean()),
    isLivePaymentMode: Optional(Type.Boolean()),
    autoConfirm: Optional(Type.Boolean()),
    shouldSendAlertEmailsToAssignedMember: Optional(Type.Boolean()),
    alertEmail: Optional(Line()),
    googleInvitationEmails: Optional(Type.Boolean()),
    allowReschedule: Optional(Type.Boolean()),
    allowCancellation: Optional(Type.Boolean()),
    shouldAssignContactToTeamMember: Optional(Type.Boolean()),
    shouldSkipAssigningContactForExisting: Optional(Type.Boolean()),
    notes: Optional(Text()),
    pixelId: Optional(Line()),
    formSubmitType: Optional(Choice('RedirectURL', 'ThankYouMessage')),
    formSubmitRedirectURL: Optional(Url()),
    formSubmitThanksMessage: Optional(Markup()),
    availabilityType: Optional(Type.Union([Type.Enum([0, 1]), Type.Null()])),
    availabilities: Optional(List(Availability(), 1000)),
    // CreateEventCalendarScheduleDTO of v3: hours in a zone of their own.
    schedule: Optional(Shape({ timezone: Line(100), rules: List(Rule(), 400) })),
    guestType: Optional(Choice('count_only', 'collect_detail')),
    consentLabel: Optional(Text()),
    calendarCoverImage: Optional(Url()),
    lookBusyConfig: Optional(Shape({ enabled: Type.Boolean(), LookBusyPercentage: Count(100) })),
  }),
  refs: { groupId: 'calendar_groups', formId: 'forms', 'resourceIds[]': 'calendar_resources' },
  parts: { eventNotifications: 'id20' },
  // A number without its unit is another length of time.
  together: [
    ...['slotDuration', 'slotInterval', 'slotBuffer', 'preBuffer', 'allowBookingAfter', 'allowBookingFor'].map(
      (name) => [name, `${name}Unit`],
    ),
    ['formSubmitType', 'formSubmitRedirectURL', 'formSubmitThanksMessage'],
    ['availabilityType', 'availabilities'],
  ],
  // Users are the location's own, and so are the addresses of its staff.
  local: {
    teamMembers: {},
    alertEmail: {},
    'notifications[].selectedUsers': {},
    'eventNotifications[].additionalEmailIds': {},
    'eventNotifications[].additionalPhoneNumbers': {},
    'eventNotifications[].additionalWhatsappNumbers': {},
    'eventNotifications[].selectedUsers': {},
    'eventNotifications[].fromAddress': {},
    'eventNotifications[].fromNumber': {},
  },
  examples: [
    {
      name: 'First meeting',
      calendarType: 'event',
      slotDuration: 30,
      slotDurationUnit: 'mins',
      openHours: [
        { daysOfTheWeek: [1, 2, 3, 4, 5], hours: [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }] },
      ],
      locationConfigurations: [{ kind: 'custom', location: 'At your place' }],
    },
  ],
})
