import { Kbd, Modal, Table } from '@mantine/core'
import { texts as shared } from '../texts.ts'
import { texts } from './keys-texts.ts'

/** The list of shortcuts, as `?` shows it. */
export default function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={texts.title} closeButtonProps={{ 'aria-label': shared.close }}>
      <Table>
        <Table.Tbody>
          {texts.list.map(([keys, what]) => (
            <Table.Tr key={keys}>
              <Table.Th scope="row" w={130}>
                <Kbd>{keys}</Kbd>
              </Table.Th>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
