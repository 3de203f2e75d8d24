import { fireEvent, render, screen } from '@testing-library/react';
import { MemoryRouter, Route, Routes } from 'react-router';
import { describe, expect, it, vi } from 'vitest';
import { DataTable } from './DataTable';
import { ErrorState } from './ErrorState';

const rows = ['甲', '乙'];

function Table() {
  return (
    <DataTable
      label="表"
      rows={rows}
      rowKey={(row) => row}
      to={(row) => `/one/${row}`}
      columns={[{ title: '名', cell: (row) => row }]}
    />
  );
}

describe('parts', () => {
  it('moves through rows by arrows and opens by Enter', () => {
    render(
      <MemoryRouter>
        <Routes>
          <Route path="/" element={<Table />} />
          <Route path="/one/:name" element={<p>opened</p>} />
        </Routes>
      </MemoryRouter>,
    );
    const [, first, second] = screen.getAllByRole('row');
    first?.focus();
    fireEvent.keyDown(first as HTMLElement, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(second);
    fireEvent.keyDown(second as HTMLElement, { key: 'Enter' });
    expect(screen.getByText('opened')).toBeTruthy();
  });
  it('says what went wrong, the way out, and lets one try again', () => {
    const retry = vi.fn();
    render(<ErrorState error={{ code: 'not_found', message: '没有', hint: '请核对名称' }} retry={retry} />);
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('请核对名称');
    expect(alert.textContent).toContain('not_found');
    fireEvent.click(screen.getByRole('button'));
    expect(retry).toHaveBeenCalledOnce();
  });
});
