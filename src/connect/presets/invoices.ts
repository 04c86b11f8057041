import { constant, field, mappingOf, type Preset, worked } from './preset.ts'

const STRIPE_STATUS = { draft: 'draft', open: 'sent', paid: 'paid', void: 'void', uncollectible: 'void' }

/** Overdue is derived from the due date and never stored. */
const HATS_STATUS = {
  draft: 'draft',
  sent: 'sent',
  overdue: 'sent',
  partially_paid: 'partially_paid',
  'partially paid': 'partially_paid',
  paid: 'paid',
  void: 'void',
  refunded: 'refunded',
}

/** wire/connect.md, "17hats". Names of the columns and the words of the mail are what we take them to be. */
export const invoicePresets: readonly Preset[] = [
  {
    id: '17hats-invoice',
    name: '17hats invoices, by a relay',
    description: '17hats has no way out for invoices: a body in its words, posted by whoever relays them.',
    signature: 'address',
    mapping: mappingOf('invoice', {
      externalId: { path: 'invoice.id' },
      keys: ['externalId', 'number'],
      fields: [
        field('number', 'invoice.number'),
        field('name', 'invoice.title'),
        field('customerId', 'invoice.contact_id'),
        field('currency', 'invoice.currency'),
        { to: 'status', from: { lookup: { path: 'invoice.status', table: HATS_STATUS } } },
        field('issueDate', 'invoice.issue_date'),
        field('dueDate', 'invoice.due_date'),
        field('total', 'invoice.total'),
        worked('amountPaid', '$money(invoice.total) - $money(invoice.balance)'),
      ],
      lines: {
        from: 'invoice.items',
        key: null,
        fields: [field('name', 'name'), field('quantity', 'qty'), field('price', 'price')],
      },
    }),
    sample: {
      items: [
        {
          invoice: {
            id: '17h_i_9',
            number: 'INV-0042',
            title: 'Retainer',
            contact_id: '17h_c_1001',
            currency: 'USD',
            status: 'partially_paid',
            issue_date: '2026-03-01',
            due_date: '2026-04-01',
            items: [{ name: 'Retainer', qty: 1, price: 1200, taxable: true }],
            total: '1,200.00',
            balance: 500,
          },
        },
      ],
    },
  },
  {
    id: '17hats-client-sales-csv',
    name: '17hats client sales, from its CSV',
    description: 'The Client Sales report: an invoice a row.',
    csv: { columns: ['Invoice Number', 'Total'] },
    mapping: mappingOf('invoice', {
      externalId: { path: 'Invoice Number' },
      keys: ['externalId', 'number'],
      filters: [{ when: { path: 'Invoice Number', is: 'empty' }, reason: 'the row is of no invoice' }],
      fields: [
        field('number', 'Invoice Number'),
        field('name', 'Project', 'Client'),
        field('issueDate', 'Invoice Date', 'Date'),
        field('dueDate', 'Due Date'),
        field('total', 'Total'),
        field('amountPaid', 'Paid'),
        worked(
          'status',
          '($paid := $money(Paid); $total := $money(Total); $paid >= $total and $total > 0 ? "paid" : ' +
            '$paid > 0 ? "partially_paid" : "sent")',
        ),
      ],
    }),
    sample: {
      csv:
        'Client,Project,Invoice Number,Invoice Date,Due Date,Total,Paid,Balance\n' +
        'Ada Lovelace,Wedding,INV-0042,03/01/2026,04/01/2026,"$1,200.00",$700.00,$500.00\n' +
        'Bob Smith,Portraits,INV-0043,03/02/2026,03/16/2026,$350.00,$350.00,$0.00\n' +
        'Total,,,,,"$1,550.00","$1,050.00",$500.00\n',
    },
  },
  {
    id: '17hats-transactions-csv',
    name: '17hats transactions, from its CSV',
    description: 'Export Transactions: payments of invoices; what is spent is left out.',
    csv: { columns: ['Invoice Number', 'Amount'] },
    mapping: mappingOf('invoice', {
      externalId: { path: 'Invoice Number' },
      keys: ['externalId', 'number'],
      filters: [
        { when: { path: 'Invoice Number', is: 'empty' }, reason: 'the transaction is of no invoice' },
        { when: { path: 'Type', is: 'equal', value: 'Expense' }, reason: 'it is an expense' },
      ],
      fields: [
        field('number', 'Invoice Number'),
        field('name', 'Description', 'Client'),
        // What an invoice is about is better known from the invoice itself.
        { ...field('total', 'Amount'), conflicts: 'fill' },
        field('amountPaid', 'Amount'),
        field('paidAt', 'Date'),
        worked('status', '$lowercase(Type) = "refund" ? "refunded" : "paid"'),
      ],
    }),
    sample: {
      csv:
        'Date;Type;Client;Description;Invoice Number;Amount\n' +
        '03/10/2026;Payment;Ada Lovelace;Wedding;INV-0042;$700.00\n' +
        '03/11/2026;Expense;;Film;;-$40.00\n' +
        '03/12/2026;Refund;Bob Smith;Portraits;INV-0043;$350.00\n',
    },
  },
  {
    id: 'quickbooks-invoice',
    name: 'QuickBooks invoices',
    description:
      'An invoice of QuickBooks Online as its API has it, through Zapier, Make or a poll. 17hats pushes there what is sent.',
    signature: 'quickbooks',
    mapping: mappingOf('invoice', {
      externalId: { path: 'Id' },
      keys: ['externalId', 'number'],
      conflicts: 'newest',
      changedAt: { path: 'MetaData.LastUpdatedTime' },
      fields: [
        field('number', 'DocNumber'),
        field('name', 'CustomerRef.name'),
        field('customerId', 'CustomerRef.value'),
        field('currency', 'CurrencyRef.value'),
        field('issueDate', 'TxnDate'),
        field('dueDate', 'DueDate'),
        field('total', 'TotalAmt'),
        worked('amountPaid', 'TotalAmt - Balance'),
        worked(
          'status',
          'PrivateNote = "Voided" ? "void" : Balance = 0 ? "paid" : Balance < TotalAmt ? "partially_paid" : "sent"',
        ),
        field('notes', 'CustomerMemo.value'),
      ],
      lines: {
        from: 'Line',
        key: { path: 'Id' },
        unless: { path: 'DetailType', is: 'equal', value: 'SubTotalLineDetail' },
        fields: [
          field('name', 'Description', 'SalesItemLineDetail.ItemRef.name', 'DetailType'),
          field('quantity', 'SalesItemLineDetail.Qty'),
          field('price', 'SalesItemLineDetail.UnitPrice', 'Amount'),
        ],
      },
    }),
    sample: {
      items: [
        {
          Id: '130',
          DocNumber: 'INV-0042',
          TxnDate: '2026-03-01',
          DueDate: '2026-04-01',
          TotalAmt: 1200,
          Balance: 500,
          CurrencyRef: { value: 'USD', name: 'United States Dollar' },
          CustomerRef: { value: '58', name: 'Ada Lovelace' },
          CustomerMemo: { value: 'Thank you' },
          Line: [
            {
              Id: '1',
              Description: 'Retainer',
              Amount: 1200,
              DetailType: 'SalesItemLineDetail',
              SalesItemLineDetail: { ItemRef: { value: '2', name: 'Services' }, Qty: 2, UnitPrice: 600 },
            },
            { Amount: 1200, DetailType: 'SubTotalLineDetail', SubTotalLineDetail: {} },
          ],
          MetaData: { CreateTime: '2026-03-01T09:00:00-08:00', LastUpdatedTime: '2026-03-10T12:00:00-07:00' },
        },
      ],
    },
  },
  {
    id: 'stripe-invoice',
    name: 'Stripe invoices',
    description:
      'Events invoice.* of Stripe, and of programs that send the same: amounts in cents, moments in seconds.',
    signature: 'stripe',
    mapping: mappingOf('invoice', {
      externalId: { path: 'data.object.id' },
      keys: ['externalId'],
      conflicts: 'newest',
      changedAt: { path: 'created' },
      filters: [{ when: { expression: '$not($contains(type, /^invoice\\./))' }, reason: 'the event is of no invoice' }],
      fields: [
        field('number', 'data.object.number'),
        field('name', 'data.object.customer_name', 'data.object.customer_email'),
        field('customerId', 'data.object.customer'),
        field('currency', 'data.object.currency'),
        { to: 'status', from: { lookup: { path: 'data.object.status', table: STRIPE_STATUS } } },
        { ...field('total', 'data.object.total'), as: 'money.minor' },
        { ...field('amountPaid', 'data.object.amount_paid'), as: 'money.minor' },
        { ...field('issueDate', 'data.object.created'), as: 'date' },
        field('dueDate', 'data.object.due_date'),
        field('paidAt', 'data.object.status_transitions.paid_at'),
        field('url', 'data.object.hosted_invoice_url'),
      ],
      lines: {
        from: 'data.object.lines.data',
        key: { path: 'id' },
        fields: [
          { ...field('name', 'description', 'id') },
          field('quantity', 'quantity'),
          worked('price', '$minor(amount, currency) / (quantity ? quantity : 1)'),
        ],
      },
    }),
    sample: {
      items: [
        {
          id: 'evt_1',
          type: 'invoice.paid',
          created: 1_773_144_000,
          data: {
            object: {
              id: 'in_1',
              number: 'INV-0042',
              customer: 'cus_1',
              customer_name: 'Ada Lovelace',
              customer_email: 'ada@ex.test',
              currency: 'usd',
              status: 'paid',
              total: 120_000,
              amount_paid: 120_000,
              created: 1_772_366_400,
              due_date: 1_775_044_800,
              status_transitions: { paid_at: 1_773_144_000 },
              hosted_invoice_url: 'https://invoice.ex.test/i/1',
              lines: { data: [{ id: 'il_1', description: 'Retainer', quantity: 2, amount: 120_000, currency: 'usd' }] },
            },
          },
        },
      ],
    },
  },
  {
    id: '17hats-paid-mail',
    name: '17hats “paid” mails',
    description: 'What 17hats writes when an invoice is paid, forwarded to the address of the connection.',
    email: {
      subject: 'payment',
      fields: [
        { name: 'number', pattern: 'invoice\\s*(?:number|no\\.?|#)?\\s*:?\\s*#?([A-Z]*-?\\d[\\w-]*)', required: true },
        { name: 'amount', label: 'Amount', required: true },
        { name: 'client', label: 'Client' },
        { name: 'paid_on', label: 'Date' },
      ],
    },
    mapping: mappingOf('invoice', {
      externalId: { path: 'fields.number' },
      keys: ['externalId', 'number'],
      changedAt: { path: 'date' },
      fields: [
        field('number', 'fields.number'),
        { ...field('name', 'fields.client'), conflicts: 'fill' },
        // A mail tells what was paid, which may be a part.
        { ...field('total', 'fields.amount'), conflicts: 'fill' },
        field('amountPaid', 'fields.amount'),
        field('paidAt', 'fields.paid_on', 'date'),
        constant('status', 'paid'),
      ],
    }),
    sample: {
      mail: [
        'From: 17hats <no-reply@17hats.com>',
        'To: sync@in.ex.test',
        'Subject: You received a payment from Ada Lovelace',
        'Date: Tue, 10 Mar 2026 12:00:00 +0000',
        'Message-ID: <paid-1@17hats.com>',
        'Content-Type: text/html; charset=utf-8',
        '',
        '<p>Good news! Invoice #INV-0042 was paid.</p>',
        '<table><tr><td>Client</td><td>Ada Lovelace</td></tr><tr><td>Amount</td><td>$1,200.00</td></tr>',
        '<tr><td>Date</td><td>March 10, 2026</td></tr></table>',
        '',
      ].join('\r\n'),
    },
  },
]
