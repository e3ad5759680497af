// A table; on a phone each row is a block of its own, with the titles of the columns inside. The roles
// are spelled out because browsers drop them from tables that are laid out as blocks.
import type { ComponentChild } from 'preact';

export interface Column {
  title: string;
  isNumeric?: boolean;
}

export interface Row {
  key: string;
  cells: ComponentChild[]; // the first one names the row
}

export function Table({ label, columns, rows }: { label: string; columns: Column[]; rows: Row[] }) {
  const classOf = (column: Column | undefined) => (column?.isNumeric ? 'numeric' : undefined);
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.title} role="columnheader" scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ key, cells: [name, ...values] }) => (
            <tr key={key} role="row">
              <th role="rowheader" scope="row">
                {name}
              </th>
              {values.map((value, index) => {
                const column = columns[index + 1];
                return (
                  <td key={index} role="cell" data-title={column?.title} class={classOf(column)}>
                    {value}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
