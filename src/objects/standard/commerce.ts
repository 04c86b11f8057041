import { BAG, declare, type Option, optionsOf } from '../property.ts'
import { spelled } from '../spelled.ts'

const product = declare('productinformation', BAG)

export const productProperties = [
  ...product.always(),
  product.text('name', 'Name'),
  product.long('description', 'Product description'),
  product.text('hs_sku', 'SKU'),
  product.number('price', 'Unit price'),
  product.number('hs_cost_of_goods_sold', 'Unit cost'),
  product.text('hs_recurring_billing_period', 'Term'),
  product.choice('recurringbillingfrequency', 'Billing frequency', {
    options: optionsOf('weekly biweekly monthly quarterly per_six_months annually per_two_years per_three_years'),
  }),
  product.choice('hs_product_type', 'Product type', { options: optionsOf('inventory non_inventory service') }),
  product.text('hs_url', 'URL'),
  product.text('hs_images', 'Image URL'),
  product.number('tax', 'Tax'),
  product.owner(),
]

const line = declare('lineiteminformation', BAG)

export const lineItemProperties = [
  ...line.always(),
  line.text('name', 'Name'),
  line.long('description', 'Description'),
  line.text('hs_product_id', 'Product ID'),
  line.text('hs_sku', 'SKU'),
  line.number('quantity', 'Quantity'),
  line.number('price', 'Unit price'),
  line.number('amount', 'Net price'),
  line.number('discount', 'Unit discount'),
  line.number('hs_discount_percentage', 'Discount percentage'),
  line.text('hs_line_item_currency_code', 'Currency'),
  line.text('recurringbillingfrequency', 'Billing frequency'),
  line.number('hs_position_on_quote', 'Position on quote'),
  line.owner(),
]

const quote = declare('quoteinformation', BAG)

export const quoteProperties = [
  ...quote.always(),
  quote.text('hs_title', 'Quote title'),
  quote.moment('hs_expiration_date', 'Expiration date'),
  quote.choice('hs_status', 'Status', {
    options: optionsOf('DRAFT APPROVAL_NOT_NEEDED PENDING_APPROVAL APPROVED REJECTED'),
  }),
  quote.number('hs_quote_amount', 'Quote amount'),
  quote.text('hs_currency', 'Currency'),
  quote.text('hs_quote_number', 'Quote number'),
  quote.text('hs_language', 'Language'),
  quote.long('hs_terms', 'Terms'),
  quote.long('hs_comments', 'Comments'),
  quote.owner(),
]

const order = declare('orderinformation', BAG)

export const orderProperties = [
  ...order.always(),
  order.text('hs_order_name', 'Order name'),
  order.text('hs_external_order_id', 'External order ID'),
  order.text('hs_currency_code', 'Currency'),
  order.number('hs_total_price', 'Total price'),
  order.number('hs_subtotal_price', 'Subtotal'),
  order.text('hs_fulfillment_status', 'Fulfillment status'),
  order.text('hs_source_store', 'Source store'),
  order.choice('hs_pipeline', 'Pipeline', { open: true }),
  order.choice('hs_pipeline_stage', 'Pipeline stage', { open: true }),
  order.text('hs_shipping_address_city', 'Shipping city'),
  order.text('hs_tags', 'Tags'),
  order.owner(),
]

const CURRENCIES: Option[] = Intl.supportedValuesOf('currency').map((value) => ({ value, label: value }))

const invoice = declare('invoiceinformation', BAG)

export const invoiceProperties = [
  ...invoice.always(),
  invoice.text('hs_number', 'Invoice number', { field: 'number' }),
  invoice.text('hs_title', 'Invoice title', { field: 'name' }),
  invoice.text('hs_external_invoice_id', 'External invoice ID', { field: 'externalId', readOnly: true }),
  invoice.number('hs_amount_billed', 'Amount billed', { field: 'total', form: 'number' }),
  invoice.number('hs_amount_paid', 'Amount paid', { field: 'amountPaid', form: 'number' }),
  invoice.choice('hs_invoice_status', 'Invoice status', {
    options: optionsOf('draft open paid voided'),
    place: spelled('hs_invoice_status', ['status'], {
      shown: {
        sent: 'open',
        viewed: 'open',
        partially_paid: 'open',
        overdue: 'open',
        refunded: 'paid',
        void: 'voided',
        cancelled: 'voided',
      },
      means: { draft: 'draft', open: 'sent', paid: 'paid', voided: 'void' },
    }),
  }),
  invoice.choice('hs_currency', 'Currency', { field: 'currency', options: CURRENCIES }),
  invoice.moment('hs_invoice_date', 'Invoice date', { field: 'issueDate' }),
  invoice.moment('hs_due_date', 'Due date', { field: 'dueDate' }),
  invoice.text('hs_purchase_order_number', 'Purchase order number'),
  invoice.text('hs_language', 'Language'),
  invoice.flag('hs_invoice_billable', 'Billable', { options: optionsOf('true false') }),
  invoice.flag('hs_allow_partial_payments', 'Allow partial payments', { options: optionsOf('true false') }),
  invoice.long('hs_comments', 'Comments', { field: 'notes' }),
  invoice.owner(),
]
