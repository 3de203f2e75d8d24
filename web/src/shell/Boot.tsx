/** What stands there while the first page is on its way: nothing that moves. */
export function Boot() {
  return <div className="boot" />;
}
